using SpeechBrain.Sharp.Augment;

namespace SpeechBrain.Sharp.Tests.Augment.Properties;

/// <summary>The augmentations of waveforms.</summary>
public static class WaveformAugmentations
{
    /// <summary>One case a kind of shape, or a setting that takes another way through the code.</summary>
    public static IEnumerable<AugmentationCase> All =>
    [
        .. Both("SpeedPerturb", _ => new SpeedPerturb(16000, [90, 110]), c => c with { ReadsHostMemory = true, Uploads = 8 }),
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
        new("ChannelDrop", _ => new ChannelDrop(0.5), [3]),
        new("ChannelSwap", _ => new ChannelSwap(1, 5), [3]),
    ];

    private static IEnumerable<AugmentationCase> Both(
        string name, Func<TorchSharp.torch.Device, Augmentation> make, Func<AugmentationCase, AugmentationCase>? change = null)
    {
        change ??= c => c;
        yield return change(new AugmentationCase($"{name} [batch, time]", make, []));
        yield return change(new AugmentationCase($"{name} [batch, time, channels]", make, [3]));
    }
}
