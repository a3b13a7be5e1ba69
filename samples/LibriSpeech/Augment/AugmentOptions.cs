using System.ComponentModel;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>Options of <c>augment</c>.</summary>
internal sealed record AugmentOptions
{
    [Description("audio file: WAV, FLAC, Ogg, ...; its channels are averaged")]
    public string? In { get; init; }

    [Description("what is done to it, by name; the recipes are below")]
    public string Recipe { get; init; } = "librispeech";

    [Description("seed of everything drawn; the same seed, the same result")]
    public int Seed { get; init; } = 1986;

    [Description("folder for the augmented file, the draw and the picture")]
    public string Out { get; init; } = "augmented";

    internal static AugmentOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = OptionParser.Parse<AugmentOptions>(arguments);
        if (options.In is null)
            throw new UsageException("Option '--in' is missing: the audio file to augment.");
        if (options.Seed < 0)
            throw new UsageException($"Option '--seed' is '{options.Seed}'; it must be 0 or more.");
        return options;
    }
}
