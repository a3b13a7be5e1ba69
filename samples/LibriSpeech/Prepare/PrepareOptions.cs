using System.ComponentModel;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>Options of <c>prepare</c>.</summary>
internal sealed record PrepareOptions
{
    [Description("a LibriSpeech folder (holds train-clean-100, dev-clean, ...); without it, Debian's Asterisk prompts")]
    public string? Librispeech { get; init; }

    [Description("splits to make manifests of, with commas between (train-clean-100,dev-clean); without it, all that are there")]
    public IReadOnlyList<string> Splits { get; init; } = [];

    [Description("train a SentencePiece tokenizer of so many unigram pieces on the transcripts of the train splits (1000 in the recipe); 0: none")]
    public int VocabSize { get; init; }

    [Description("decode every audio file and compare it with its checksum: finds files that are cut short or damaged; can be interrupted")]
    public bool Verify { get; init; }

    [Description("folder for what is prepared: <data>/asterisk or <data>/librispeech")]
    public string Data { get; init; } = "data";

    internal static PrepareOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = OptionParser.Parse<PrepareOptions>(arguments);
        if (options.VocabSize != 0 && options.VocabSize < UnigramTrainer.FewestPieces)
            throw new UsageException($"Option '--vocab-size' is '{options.VocabSize}'; it must be 0, or at least {UnigramTrainer.FewestPieces}.");
        if (options.Librispeech is null && (options.VocabSize != 0 || options.Splits.Count > 0))
            throw new UsageException("Options '--vocab-size' and '--splits' go with --librispeech DIR.");
        return options;
    }
}
