using SpeechBrain.Sharp.Augment;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Augment.Properties;

/// <summary>The augmentations of spectrograms.</summary>
public static class SpectrogramAugmentations
{
    /// <summary>One case a kind of shape, or a setting that takes another way through the code.</summary>
    public static IEnumerable<AugmentationCase> All =>
    [
        .. Enum.GetValues<SpectrogramReplace>().SelectMany(replace => new[] { 1, 2 }.SelectMany(dim => Both(
            $"SpectrogramDrop dim {dim} {replace}", () => new SpectrogramDrop(1, 9, 1, 3, replace, dim)))),
        .. Both("SpectrogramDrop of the batch", () => new SpectrogramDrop(3, 9, 2, 3, SpectrogramReplace.Swap, perBatch: true)),
        .. Warps("Warping", () => new Warping()),
        .. Warps("Warping bilinear", () => new Warping(20, WarpMode.Bilinear)),
        .. Warps("Warping dim 2", () => new Warping(2, dim: 2)),
        .. Warps("Warping of the batch", () => new Warping(7, perBatch: true)),
        .. Both("RandomShift", () => new RandomShift(-9, 9)),
        .. Both("RandomShift dim 2", () => new RandomShift(-3, 3, dim: 2)),
        .. Both("RandomShift of the batch", () => new RandomShift(1, 9, perBatch: true)),
        new("RandomShift dim 3", _ => new RandomShift(-3, 3, dim: 3), [6, 2]),
        .. Both(
            "Augmenter", () => new Augmenter([new SpectrogramDrop(), new SpectrogramDrop(1, 3, 1, 2, dim: 2), new Warping()], minAugmentations: 2))
            .Select(c => c with { Uploads = 3, ReadsHostMemory = true }),
    ];

    private static IEnumerable<AugmentationCase> Warps(string name, Func<Augmentation> make) =>
        Both(name, make).Select(c => c with { ReadsHostMemory = true });

    private static IEnumerable<AugmentationCase> Both(string name, Func<Augmentation> make) =>
    [
        new($"{name} [batch, time, features]", _ => make(), [6]),
        new($"{name} [batch, time, features, channels]", _ => make(), [6, 2], Time: 100),
    ];
}
