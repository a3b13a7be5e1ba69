using System.ComponentModel;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>Options of <c>report</c>.</summary>
internal sealed record ReportOptions
{
    [Description("folder of the training")]
    public string OutputFolder { get; init; } = new Recipe().OutputFolder;
}
