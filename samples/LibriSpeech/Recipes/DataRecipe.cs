using System.ComponentModel;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>What is learnt from. Manifests are made by <c>prepare</c>.</summary>
internal sealed record DataRecipe
{
    [Description("manifests of the utterances to train on, with commas between")]
    public IReadOnlyList<string> TrainCsv { get; init; } = ["data/asterisk/train-prompts.csv"];

    [Description("manifest of the utterances to validate with, which training never sees"), MayChange]
    public string ValidCsv { get; init; } = "data/asterisk/heldout-prompts.csv";

    [Description("manifests of the utterances to recognise at the end, with commas between; without it, those of train-csv and valid-csv"), MayChange]
    public IReadOnlyList<string>? TestCsv { get; init; }

    [Description("folder that $data_root stands for in the manifests"), MayChange]
    public string DataFolder { get; init; } = "data/asterisk/LibriSpeech";

    [Description("SentencePiece model that cuts text into tokens; without it, characters")]
    public string? TokenizerFile { get; init; }

    [Description("threads that read audio ahead; 0: the one that trains reads it when it is needed"), MayChange]
    public int NumWorkers { get; init; } = 1;

    [Description("share of the utterances to train on that may be left out because they can't be used; each is named"), MayChange]
    public double MaxSkippedShare { get; init; }

    [Description("average the channels of audio that has several; else it can't be used, since averaging may cancel speech")]
    public bool AverageChannels { get; init; }

    /// <summary>What is recognised at the end.</summary>
    internal IReadOnlyList<string> Tests => TestCsv ?? [.. TrainCsv.Append(ValidCsv).Distinct()];

    internal void Check()
    {
        RangeException.Unless(TrainCsv.Count > 0 && TrainCsv.All(file => file.Length > 0), nameof(TrainCsv), TrainCsv, "file names with a comma between two");
        RangeException.Unless(TestCsv is null || TestCsv.All(file => file.Length > 0), nameof(TestCsv), TestCsv, "file names with a comma between two");
        RangeException.Unless(NumWorkers is >= 0 and <= 64, nameof(NumWorkers), NumWorkers, "0 to 64");
        RangeException.Unless(MaxSkippedShare is >= 0 and <= 1, nameof(MaxSkippedShare), MaxSkippedShare, "0 to 1");
    }
}
