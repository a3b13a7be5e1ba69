using SpeechBrain.Sharp.Augment;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Benchmarks.Cases;

/// <summary>
/// Augmentations of 16 x 15 s of features (1500 frames of 80), draw and application, against SpeechBrain's, which writes some of its results over
/// its input; and what goes through a table of samples. Bytes are those that any result must cost: all read once, all written once.
/// </summary>
internal static class SpectrogramAugmentationCases
{
    private const long Batch = 16, Frames = 1500, Features = 80, Samples = 15 * 16000;

    public static IEnumerable<BenchmarkCase> All(Device device)
    {
        foreach (var replace in Enum.GetValues<SpectrogramReplace>())
            yield return Spectrograms($"SpectrogramDrop-{replace}", () => new SpectrogramDrop(12, 20, 5, 5, replace));
        yield return Spectrograms("SpectrogramDrop-dim2", () => new SpectrogramDrop(8, 16, 2, 2, dim: 2));
        yield return Spectrograms("Warping", () => new Warping());
        yield return Spectrograms("Warping-Bilinear", () => new Warping(warpMode: WarpMode.Bilinear));
        yield return Spectrograms("Warping-dim2", () => new Warping(dim: 2));
        yield return Spectrograms("RandomShift", () => new RandomShift(-50, 50, perBatch: true), "one shift for the batch, as SpeechBrain's");
        yield return Spectrograms("RandomShift-each", () => new RandomShift(-50, 50), "a shift for each example");
        yield return Spectrograms("Augmenter", () => new Augmenter(
            [new SpectrogramDrop(12, 20, 5, 5), new SpectrogramDrop(8, 16, 2, 2, dim: 2), new Warping()], minAugmentations: 3), "all three in turn");
        yield return Case(
            "CodecAugment-mulaw", () => new CodecAugment(codecs: [Codec.PcmMulaw]), [Batch, Samples], "waveforms; SpeechBrain's needs ffmpeg");

        BenchmarkCase Spectrograms(string name, Func<Augmentation> make, string extra = "") => Case(name, make, [Batch, Frames, Features], extra);

        BenchmarkCase Case(string name, Func<Augmentation> make, long[] shape, string extra) => new($"augment/{name}/16x15s", "speechbrain", () =>
        {
            var owner = NewDisposeScope();
            var augmentation = make();
            var batch = new AugmentedBatch(randn(shape, device: device));
            var generator = new Generator(1);
            return (() =>
            {
                using (no_grad())
                    augmentation.Apply(batch, augmentation.Sample(generator, batch)).Dispose();
            }, owner);
        }, extra, 2 * sizeof(float) * shape.Aggregate(1L, (product, size) => product * size));
    }
}
