using NUnit.Framework;
using SpeechBrain.Sharp.Augment;
using TorchSharp;

namespace SpeechBrain.Sharp.Tests.Augment.Properties;

/// <summary>All augmentations, as the theory sees them; one file a family.</summary>
public static class AugmentationList
{
    /// <summary>Every augmentation in every kind of shape.</summary>
    public static IEnumerable<AugmentationCase> All => [.. WaveformAugmentations.All, .. SpectrogramAugmentations.All, .. MixedAugmentations.All];

    /// <summary>One row a case and device: <c>(AugmentationCase augmentation, DeviceType type)</c>.</summary>
    public static IEnumerable<TestCaseData> OnDevices =>
        from augmentation in All
        from type in (DeviceType[])[DeviceType.CPU, DeviceType.CUDA]
        select Row(new TestCaseData(augmentation, type), type);

    private static TestCaseData Row(TestCaseData row, DeviceType type) => type == DeviceType.CUDA ? row.SetCategory("Gpu") : row;

    /// <summary>Names of the library's augmentations that no case is about.</summary>
    public static IEnumerable<string> Missing()
    {
        var tried = All.Select(c =>
        {
            using var augmentation = c.Make(torch.CPU);
            return augmentation.GetType();
        }).ToHashSet();
        return typeof(Augmentation).Assembly.GetTypes()
            .Where(t => t.IsAssignableTo(typeof(Augmentation)) && !t.IsAbstract && !tried.Contains(t)).Select(t => t.Name);
    }
}
