using SpeechBrain.Sharp.Augment;

namespace SpeechBrain.Sharp.Tests.Augment.Properties;

/// <summary>Augmentations of waveforms that hold others, or go through a table.</summary>
public static class MixedAugmentations
{
    /// <summary>One case a setting that takes another way through the code.</summary>
    public static IEnumerable<AugmentationCase> All =>
    [
        new("RandomShift [batch, time]", _ => new RandomShift(-50, 50), []),
        new("CodecAugment [batch, time]", _ => new CodecAugment(16000, [Codec.PcmMulaw, Codec.PcmAlaw]), []),
        new("CodecAugment [batch, time, channels]", _ => new CodecAugment(16000, [Codec.PcmMulaw, Codec.PcmAlaw]), [2]),
        new("CodecAugment of the batch", _ => new CodecAugment(16000, [Codec.PcmMulaw, Codec.PcmAlaw], perBatch: true), []),
        new("Augmenter of waveforms", _ => new Augmenter([new SpeedPerturb(16000, [90, 110]), new SignFlip(), new RandomShift(1, 9)]), [])
        {
            ReadsHostMemory = true,
            Uploads = 6,
        },
        new("Augmenter in an augmenter", _ => new Augmenter([new Augmenter([new SignFlip()]), new RandomShift(1, 9)], shuffleAugmentations: true), [])
        {
            Uploads = 2,
        },
    ];
}
