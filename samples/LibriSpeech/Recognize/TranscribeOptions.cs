using System.ComponentModel;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>Options of <c>transcribe</c>.</summary>
internal sealed record TranscribeOptions
{
    [Description("folder with the trained weights")]
    public string Model { get; init; } = "runs/transducer";

    [Description("hypotheses that the search keeps; 1: greedy search")]
    public int BeamSize { get; init; } = 1;

    [Description("cpu or cuda")]
    public string Device { get; init; } = "cpu";

    internal static (TranscribeOptions Options, IReadOnlyList<string> Files) Parse(IReadOnlyList<string> arguments)
    {
        var files = new List<string>();
        var options = OptionParser.Parse<TranscribeOptions>(arguments, files);
        if (files.Count == 0 || files.Contains(""))
            throw new UsageException("transcribe needs the audio files to transcribe, for example: transcribe hello.flac");
        CheckBeam(options.BeamSize);
        DeviceOption.Check(options.Device);
        return (options, files);
    }

    internal static void CheckBeam(int beamSize)
    {
        if (beamSize < 1)
            throw new UsageException($"Option '--beam-size' is '{beamSize}'; it must be at least 1.");
    }
}
