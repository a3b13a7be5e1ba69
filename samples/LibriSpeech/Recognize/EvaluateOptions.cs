using System.ComponentModel;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>Options of <c>evaluate</c>.</summary>
internal sealed record EvaluateOptions : RecognizeOptions
{
    [Description("manifest of the utterances to recognise")]
    public string Manifest { get; init; } = "data/asterisk/heldout-prompts.csv";

    [Description("folder that $data_root stands for in the manifest")]
    public string DataFolder { get; init; } = "data/asterisk/LibriSpeech";

    [Description("file for the error rates and alignments; without it, <model>/wer_<manifest>.txt")]
    public string? Report { get; init; }

    [Description("utterances that are recognised at once")]
    public int BatchSize { get; init; } = 8;

    internal string ReportFile => Report ?? Path.Combine(Model, $"wer_{Path.GetFileNameWithoutExtension(Manifest)}.txt");

    internal static EvaluateOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = OptionParser.Parse<EvaluateOptions>(arguments);
        options.Check();
        if (options.BatchSize < 1)
            throw new UsageException($"Option '--batch-size' is '{options.BatchSize}'; it must be at least 1.");
        return options;
    }
}
