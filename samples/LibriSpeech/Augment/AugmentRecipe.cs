using SpeechBrain.Sharp.Augment;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>Augmentations with a name: of waveforms, then of the features made of them.</summary>
/// <param name="Name">What <c>--recipe</c> calls it.</param>
/// <param name="Description">One line for the help.</param>
/// <param name="Waveforms">Makes the augmenter of waveforms of a rate in Hz.</param>
/// <param name="Features">Makes the augmenter of normalised features.</param>
internal sealed record AugmentRecipe(string Name, string Description, Func<int, Augmenter> Waveforms, Func<Augmenter> Features)
{
    /// <summary>All recipes.</summary>
    internal static IReadOnlyList<AugmentRecipe> All { get; } =
    [
        new("librispeech", "the Conformer recipe's: speed 95, 100 or 105 %, then SpecAugment and a warp of time",
            rate => InTurn(new SpeedPerturb(rate, Training.Speeds)), Training.Augmenter),
        new("specaugment", "the features alone: stretches of time and of frequency dropped, a warp of time",
            _ => InTurn(), Training.Augmenter),
        new("speed", "much slower or faster: 80, 90, 110 or 120 %", rate => InTurn(new SpeedPerturb(rate, [80, 90, 110, 120])), () => InTurn()),
        new("gaps", "half a second in all is cut out, and three bands of frequency",
            rate => InTurn(new DropChunk(rate / 20, rate / 8, 3, 6), new DropFreq(dropFreqCountLow: 3, dropFreqCountHigh: 3)), () => InTurn()),
        new("noise", "pink noise, 0 to 10 dB below the speech", _ => InTurn(new AddNoise(new PinkNoise(), 0, 10)), () => InTurn()),
        new("telephone", "clipped, and through a mu-law or A-law codec",
            rate => InTurn(new DoClip(0.2, 0.5), new CodecAugment(rate, [Codec.PcmMulaw, Codec.PcmAlaw])), () => InTurn()),
        new("collage", "features taken from elsewhere in the file, in time and in frequency",
            _ => InTurn(), () => InTurn(
                new SpectrogramDrop(20, 40, 3, 6, SpectrogramReplace.Swap), new SpectrogramDrop(8, 16, 1, 2, SpectrogramReplace.Swap, dim: 2))),
    ];

    /// <summary>The recipe of a name.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    internal static AugmentRecipe Named(string name) => All.FirstOrDefault(recipe => recipe.Name == name)
        ?? throw new UsageException($"Option '--recipe' is '{name}'; it must be one of {string.Join(", ", All.Select(recipe => recipe.Name))}.");

    /// <summary>What <c>train</c> does with its defaults, which are SpeechBrain's.</summary>
    private static AugmentationRecipe Training => new();

    // All of them, in their order.
    private static Augmenter InTurn(params Augmentation[] augmentations) => new(augmentations, minAugmentations: augmentations.Length);
}
