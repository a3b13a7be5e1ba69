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
    ];

    private static IEnumerable<AugmentationCase> Both(
        string name, Func<TorchSharp.torch.Device, Augmentation> make, Func<AugmentationCase, AugmentationCase>? change = null)
    {
        change ??= c => c;
        yield return change(new AugmentationCase($"{name} [batch, time]", make, []));
        yield return change(new AugmentationCase($"{name} [batch, time, channels]", make, [3]));
    }
}
