using System.ComponentModel;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>Options of <c>evaluate</c>.</summary>
internal sealed record EvaluateOptions
{
    [Description("folder with the trained weights")]
    public string Model { get; init; } = "runs/transducer";

    [Description("manifest of the utterances to recognise")]
    public string Manifest { get; init; } = "data/asterisk/heldout-prompts.csv";

    [Description("folder that $data_root stands for in the manifest")]
    public string DataRoot { get; init; } = "data/asterisk/LibriSpeech";

    [Description("file for the error rates and alignments; without it, <model>/wer_<manifest>.txt")]
    public string? Report { get; init; }

    [Description("hypotheses that the search keeps; 1: greedy search")]
    public int BeamSize { get; init; } = 1;

    [Description("cpu or cuda")]
    public string Device { get; init; } = "cpu";

    internal string ReportFile => Report ?? Path.Combine(Model, $"wer_{Path.GetFileNameWithoutExtension(Manifest)}.txt");

    internal static EvaluateOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = OptionParser.Parse<EvaluateOptions>(arguments);
        TranscribeOptions.CheckBeam(options.BeamSize);
        DeviceOption.Check(options.Device);
        return options;
    }
}
