using SpeechBrain.Sharp.Augment;
using SpeechBrain.Sharp.Tests.Testing;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Augment.Properties;

/// <summary>The augmentations of waveforms.</summary>
public static class WaveformAugmentations
{
    /// <summary>One case a kind of shape, or a setting that takes another way through the code.</summary>
    public static IEnumerable<AugmentationCase> All =>
    [
        .. Both("SpeedPerturb", _ => new SpeedPerturb(16000, [90, 110]), c => c with { ReadsHostMemory = true, Uploads = 2 }),
        .. Both("SignFlip", _ => new SignFlip()),
        .. Both("DoClip", _ => new DoClip(0.2, 0.8)),
        .. Both("RandAmp", _ => new RandAmp()),
        .. Both("DropFreq", _ => new DropFreq()),
        .. Both("DropFreq per batch", _ => new DropFreq(perBatch: true)),
        .. Both("DropChunk", _ => new DropChunk(5, 60, 1, 4)),
        .. Both("DropChunk with noise", _ => new DropChunk(5, 60, 1, 4, noiseFactor: 1)),
        .. Both("DropChunk per batch", _ => new DropChunk(5, 60, 1, 4, noiseFactor: 1, perBatch: true)),
        .. Both("FastDropChunk", _ => new FastDropChunk(5, 60, 1, 4, nMasks: 20)),
        .. Both("CutCat", _ => new CutCat()),
        .. Both("DropBitResolution int8", _ => new DropBitResolution(BitResolution.Int8), c => c with { DrawsNothing = true }),
        .. Both("DropBitResolution", _ => new DropBitResolution()),
        .. Both("AddNoise", _ => new AddNoise(null, 0, 20)),
        .. Both("AddNoise normalized", _ => new AddNoise(null, -40, -20, normalize: true)),
        .. Both("AddNoise pink", _ => new AddNoise(new PinkNoise(0.5, 1.5), 0, 20), c => c with { Tolerance = 1e-4 }),
        .. Both("AddNoise babble", _ => new AddNoise(new BabbleNoise(2), 0, 20)),
        .. Both("AddNoise bank", device => new AddNoise(new BankNoise(Noises(device)), 0, 20)),
        .. Both("AddNoise bank, repeated", device => new AddNoise(new BankNoise(Noises(device), padNoise: true), 0, 20)),
        .. Both("AddReverb", _ => new AddReverb(Rooms())),
        .. Both(
            "AddReverb circular", _ => new AddReverb(Rooms(), circular: true),
            c => c with { DependsOnPadding = "it wraps around at the padded length" }),
        new("ChannelDrop", _ => new ChannelDrop(0.5), [3]),
        new("ChannelSwap", _ => new ChannelSwap(1, 5), [3]),
    ];

    // Some cover the batches' 400 samples and some do not.
    private static NoiseBank Noises(Device device)
    {
        using var scope = NewDisposeScope();
        return new NoiseBank([.. new long[] { 1000, 90, 450, 2000 }.Select((length, i) => Noise.Normal([length], (ulong)i))], 16000, device: device);
    }

    private static RirBank Rooms()
    {
        using var scope = NewDisposeScope();
        return new RirBank(
            [.. new long[] { 40, 300, 90 }.Select((length, i) => Noise.Normal([length], (ulong)i) * (arange(length) * -0.05).exp())], 16000);
    }

    private static IEnumerable<AugmentationCase> Both(
        string name, Func<Device, Augmentation> make, Func<AugmentationCase, AugmentationCase>? change = null)
    {
        change ??= c => c;
        yield return change(new AugmentationCase($"{name} [batch, time]", make, []));
        yield return change(new AugmentationCase($"{name} [batch, time, channels]", make, [3]));
    }
}
