using System.ComponentModel;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>Options of <c>prepare</c>.</summary>
internal sealed record PrepareOptions
{
    [Description("a LibriSpeech folder (holds train-clean-100, dev-clean, ...); without it, Debian's Asterisk prompts")]
    public string? Librispeech { get; init; }

    [Description("decode every audio file and compare it with its checksum: finds files that are cut short or damaged; can be interrupted")]
    public bool Verify { get; init; }

    [Description("folder for what is prepared: <data>/asterisk or <data>/librispeech")]
    public string Data { get; init; } = "data";
}
