using SpeechBrain.Sharp.Augment;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Benchmarks.Cases;

/// <summary>
/// Augmentations of 16 x 15 s of audio, drawing included, for each example, against SpeechBrain's, which draws most of them for the batch. The floor
/// is the audio read and written once.
/// </summary>
internal static class WaveformAugmentationCases
{
    private const long Batch = 16, Samples = 15 * 16000, Channels = 4;

    public static IEnumerable<BenchmarkCase> All(Device device)
    {
        yield return Case("SpeedPerturb", () => new SpeedPerturb(16000, device: device), extra: "speeds 90, 100, 110");
        yield return Case("AddNoise", () => new AddNoise(null, 0, 15), extra: "white");
        yield return Case("AddNoisePink", () => new AddNoise(new PinkNoise(), 0, 15), extra: "pink");
        yield return Case("AddNoiseBabble", () => new AddNoise(new BabbleNoise(), 0, 15), extra: "3 speakers; SpeechBrain 1.1 has none");
        yield return Case(
            "AddNoiseBank", () => new AddNoise(new BankNoise(Noises(device)), 0, 15), extra: "16 recordings of 20 s; SpeechBrain's in memory too");
        yield return Case(
            "AddReverb", () => new AddReverb(Rooms()), extra: "16 responses of 0.5 s; SpeechBrain's in memory too, one a batch, circular");
        yield return Case("DropFreq", () => new DropFreq());
        yield return Case("DropChunk", () => new DropChunk());
        yield return Case("DropChunkNoise", () => new DropChunk(noiseFactor: 1), extra: "noise in the chunks");
        yield return Case("FastDropChunk", () => new FastDropChunk(nMasks: 100), extra: "100 masks");
        yield return Case("DoClip", () => new DoClip());
        yield return Case("RandAmp", () => new RandAmp());
        yield return Case("CutCat", () => new CutCat());
        yield return Case("DropBitResolution", () => new DropBitResolution(perBatch: true), extra: "one resolution for the batch, as SpeechBrain's");
        yield return Case("DropBitResolution-each", () => new DropBitResolution(), extra: "a resolution for each example");
        yield return Case("SignFlip", () => new SignFlip(1), extra: "probability 1");
        yield return Case("ChannelDrop", () => new ChannelDrop(), Channels, "4 channels");
        yield return Case("ChannelSwap", () => new ChannelSwap(4, 4), Channels, "4 channels, all permuted");

        BenchmarkCase Case(string name, Func<Augmentation> make, long channels = 1, string extra = "") => new(
            $"augment/{name}/16x15s", "speechbrain", () =>
            {
                var owner = NewDisposeScope();
                var x = randn(channels == 1 ? [Batch, Samples] : [Batch, Samples, channels], device: device);
                var augmentation = make();
                var batch = new AugmentedBatch(x);
                var generator = new Generator(1);
                return (() =>
                {
                    using (no_grad())
                        augmentation.Apply(batch, augmentation.Sample(generator, batch)).Dispose();
                }, owner);
            }, extra, 2 * Batch * Samples * channels * sizeof(float));
    }

    private static NoiseBank Noises(Device device)
    {
        using var scope = NewDisposeScope();
        return new NoiseBank([.. Enumerable.Range(0, 16).Select(_ => randn(20 * 16000))], 16000, device: device);
    }

    private static RirBank Rooms()
    {
        using var scope = NewDisposeScope();
        return new RirBank([.. Enumerable.Range(0, 16).Select(_ => randn(8000) * (arange(8000) * -0.001).exp())], 16000);
    }
}
