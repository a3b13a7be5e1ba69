using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Data;

/// <summary>How a <see cref="BatchLoader"/> reads, what it accepts, and what it does about what it can't use.</summary>
public sealed record BatchLoaderOptions
{
    /// <summary>
    /// Threads that decode; the batches do not depend on it. 0: the caller's thread decodes a batch when it asks for one, and can tell nobody that a
    /// file is slow. Half of the processors, at most 8, unless set. (SpeechBrain's recipes: <c>num_workers: 4</c>.)
    /// </summary>
    public int Workers { get; init; } = Math.Clamp(Environment.ProcessorCount / 2, 1, 8);

    /// <summary>Batches that are decoded ahead of the one in use, at least 0: what bounds the loader's memory, on the host.</summary>
    public int Prefetch { get; init; } = 2;

    /// <summary>Where the tensors of a batch are; null: the CPU. To a GPU a batch is copied, without waiting, when it is handed over.</summary>
    public Device? Device { get; init; }

    /// <summary>
    /// Which share of the loader's utterances may be left out, 0 to 1, because they can't be used: audio that is missing, damaged, of another rate,
    /// too short or too long, a transcript that is empty or can't be tokenized, what <see cref="Refuse"/> refuses. The utterance that exceeds it ends
    /// the loading with an exception that names it. 0, the default: the first one does.
    /// </summary>
    public double MaxSkippedShare { get; init; }

    /// <summary>Is told of each utterance that is left out, once, on the thread that takes the batches and in their order.</summary>
    public Action<SkippedUtterance>? OnSkipped { get; init; }

    /// <summary>Shorter audio is left out, in seconds, at least 0. What holds no sample at all always is.</summary>
    public double MinSeconds { get; init; }

    /// <summary>Longer audio is left out, in seconds; by the file's own header, not by the manifest.</summary>
    public double MaxSeconds { get; init; } = double.PositiveInfinity;

    /// <summary>Whether audio of several channels is averaged over them; else it is left out, since averaging may cancel speech.</summary>
    public bool AverageChannels { get; init; }

    /// <summary>Whether utterances may have no text; else they are left out.</summary>
    public bool AllowEmptyTranscripts { get; init; }

    /// <summary>
    /// The last word on an utterance, given its samples and its tokens: why it is to be left out, or null. It is called by several threads at once. A
    /// recipe can refuse what has more tokens than the encoder leaves frames:
    /// <code>
    /// Refuse = (utterance, samples, tokens) => tokens.Length &gt; frames(samples)
    ///     ? $"the transcript of {utterance.Id} has {tokens.Length} tokens for {frames(samples)} frames: check it, or use larger tokens" : null
    /// </code>
    /// </summary>
    public Func<Utterance, long, long[], string?>? Refuse { get; init; }

    /// <summary>After this time that a file takes, <see cref="OnSlow"/> is told, above 0.</summary>
    public TimeSpan SlowAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Is told, on the thread that takes the batches, which file is being waited for and how long it has taken so far; again each time that time has
    /// doubled.
    /// </summary>
    public Action<Utterance, TimeSpan>? OnSlow { get; init; }

    /// <summary>
    /// After this time that a file takes, loading ends with a <see cref="TimeoutException"/> that names it, above 0;
    /// <see cref="Timeout.InfiniteTimeSpan"/>: never.
    /// </summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromMinutes(5);
}
