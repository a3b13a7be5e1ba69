using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Decoding;

/// <summary>
/// Greedy transducer search over a batch: in each frame the likeliest output is taken and fed back until it is blank.
/// </summary>
/// <remarks>
/// <para>
/// What is found is that of SpeechBrain 1.1.0, <c>decoders/transducer.py</c>, <c>transducer_greedy_decode</c>, but for two things: lengths are
/// respected, while SpeechBrain decodes the padding as well (give no lengths for that); and at most <c>maxSymbolsPerStep</c> labels a
/// frame are emitted, while SpeechBrain emits one more than it is told (give 6 for its default).
/// </para>
/// <para>
/// The way is label looping (V. Bataev, H. Xu, D. Galvez, V. Lavrukhin, B. Ginsburg: Label-Looping, arXiv 2406.06220): utterances do not wait
/// for one another at each frame, but each looks for its own next label, and the prediction network runs once a label for all that have
/// found one. Between two labels the prediction does not change, so <c>framesPerStep</c> frames are joined with it at once; those behind a
/// label are thrown away. A step takes each utterance past a label or over <c>framesPerStep</c> frames of blank.
/// </para>
/// <para>
/// Call <c>eval()</c> on the networks first. The search waits for the device once a step, as what comes next depends on it.
/// </para>
/// <code>
/// var searcher = TransducerGreedySearcher.For(model);
/// var heard = searcher.Search(model.Encode(features, frames), model.EncodedLengths(hostFrames));   // heard[0].Tokens
/// </code>
/// </remarks>
public sealed class TransducerGreedySearcher
{
    private readonly DecodingNetworks networks;

    /// <param name="embedding">Labels <c>[batch, 1]</c> to vectors <c>[batch, 1, features]</c>.</param>
    /// <param name="decoder">The prediction network.</param>
    /// <param name="projection">From the prediction network's width to the joint's.</param>
    /// <param name="joint">The joint network.</param>
    /// <param name="output">From the joint's width to the outputs, as logits or log-probabilities.</param>
    /// <param name="blankId">Which output is blank; also what the prediction network begins with.</param>
    /// <param name="maxSymbolsPerStep">The most labels a frame may emit, at least 1. Without it a network could emit labels for ever.</param>
    /// <param name="framesPerStep">Frames joined with one prediction at once, at least 1; changes the speed alone.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is too small.</exception>
    public TransducerGreedySearcher(
        nn.Module<Tensor, Tensor> embedding, Lstm decoder, nn.Module<Tensor, Tensor> projection, TransducerJoint joint,
        nn.Module<Tensor, Tensor> output, long blankId = 0, int maxSymbolsPerStep = 5, int framesPerStep = 4)
        : this(new DecodingNetworks(embedding, decoder, projection, joint, output, blankId), maxSymbolsPerStep, framesPerStep)
    {
    }

    private TransducerGreedySearcher(DecodingNetworks networks, int maxSymbolsPerStep, int framesPerStep)
    {
        Require.Range(maxSymbolsPerStep, nameof(maxSymbolsPerStep), 1);
        Require.Range(framesPerStep, nameof(framesPerStep), 1);
        (this.networks, MaxSymbolsPerStep, FramesPerStep) = (networks, maxSymbolsPerStep, framesPerStep);
    }

    /// <summary>Which output is blank.</summary>
    public long BlankId => networks.BlankId;

    /// <summary>The most labels a frame may emit.</summary>
    public int MaxSymbolsPerStep { get; }

    /// <summary>Frames joined with one prediction at once.</summary>
    public int FramesPerStep { get; }

    /// <summary>A search through a <see cref="ConformerTransducer"/>, over what its <c>Encode</c> gives.</summary>
    /// <param name="model">The model; not taken over.</param>
    /// <param name="maxSymbolsPerStep">The most labels a frame may emit, at least 1.</param>
    /// <param name="framesPerStep">Frames joined with one prediction at once, at least 1.</param>
    /// <returns>The searcher.</returns>
    public static TransducerGreedySearcher For(ConformerTransducer model, int maxSymbolsPerStep = 5, int framesPerStep = 4) =>
        new(DecodingNetworks.Of(model), maxSymbolsPerStep, framesPerStep);

    /// <summary>Searches whole utterances.</summary>
    /// <param name="encoded">The encoder's output in the joint's width, <c>[batch, time, joint]</c>.</param>
    /// <param name="lengths">Frames of each utterance, 0 to time; null: all of them, padding included.</param>
    /// <returns>One hypothesis an utterance.</returns>
    /// <exception cref="ArgumentException">Shape or lengths do not fit, or a frame in use gives outputs that are not finite.</exception>
    public IReadOnlyList<GreedyHypothesis> Search(Tensor encoded, long[]? lengths = null)
    {
        using var state = new GreedySearchState();
        return SearchChunk(encoded, state, lengths);
    }

    /// <summary>Searches the next chunk of streams; chunk by chunk it finds what one search over the whole finds.</summary>
    /// <param name="encoded">The chunk, <c>[batch, time, joint]</c>.</param>
    /// <param name="state">Where the streams stand; changed, unless the chunk is refused.</param>
    /// <param name="lengths">Frames of each stream in this chunk, 0 to time; null: all of them.</param>
    /// <returns>What each stream's chunk adds.</returns>
    /// <exception cref="ArgumentException">
    /// Shape, lengths or the state's batch do not fit, or a frame in use gives outputs that are not finite.
    /// </exception>
    public IReadOnlyList<GreedyHypothesis> SearchChunk(Tensor encoded, GreedySearchState state, long[]? lengths = null)
    {
        ArgumentNullException.ThrowIfNull(state);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var batch = new EncodedBatch(encoded, lengths);
        int count = batch.Lengths.Length;
        if (state.Batch is { } streams && streams != count)
            throw new ArgumentException(
                $"encoded has a batch of {count} and the state one of {streams}; a state belongs to the streams it began with.", nameof(state));
        if (count == 0)
            return [];

        var utterances = batch.Lengths.Select((frames, index) => new GreedyUtterance(index, frames)).ToArray();
        // A copy: a chunk that is refused half-way leaves the stream as it was.
        var prediction = state.Prediction?.Map(t => t.clone()) ?? networks.Begin(count, batch.Device);
        while (utterances.Where(u => u.Frame < u.Frames).ToArray() is { Length: > 0 } active)
            Step(batch, active, prediction);
        state.Replace(prediction);
        return [.. utterances.Select(u => u.Hypothesis)];
    }

    private void Step(EncodedBatch batch, GreedyUtterance[] active, Prediction prediction)
    {
        using var scope = NewDisposeScope();
        int window = (int)Math.Min(FramesPerStep, active.Max(u => u.Frames - u.Frame));
        // Behind its end an utterance looks at its last frame again, and does not read what comes of it.
        var frames = batch.Select(
            from u in active from i in Enumerable.Range(0, window) select (u.Index, Math.Min(u.Frame + i, u.Frames - 1)));
        var predicted = active.Length == batch.Lengths.Length
            ? prediction.Output
            : prediction.Output.index_select(0, batch.Index(active.Select(u => (long)u.Index)));
        var logits = networks.Logits(frames.reshape(active.Length, window, -1), predicted);   // [active, window, outputs]
        var (best, labels) = logits.max(2);
        double[] found = EncodedBatch.HostValues(
            stack([labels.to(ScalarType.Float64), (best - logits.logsumexp(2)).to(ScalarType.Float64)]));
        var moved = new List<GreedyUtterance>();
        foreach (var (i, utterance) in active.Index())
        {
            var label = found.AsSpan(i * window, window);
            if (utterance.Read(label, found.AsSpan((active.Length + i) * window, window), BlankId, MaxSymbolsPerStep))
                moved.Add(utterance);
        }
        if (moved.Count == 0)
            return;
        var rows = batch.Index(moved.Select(u => (long)u.Index));
        prediction.Put(rows, networks.Next(batch.Index(moved.Select(u => (long)u.Label)), prediction.Select(rows)));
    }
}
