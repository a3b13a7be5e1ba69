using System.Reflection;
using NUnit.Framework;
using SpeechBrain.Sharp.Augment;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Properties;

/// <summary>
/// No call copies to the host, or waits for the device, unless its documentation says so. (Augmentations have their own theory,
/// <see cref="Augment.Properties.AugmentationProperties"/>.)
/// </summary>
[TestFixture]
[NonParallelizable]
public sealed class TransferTests
{
    private static IEnumerable<TestCaseData> OnDevices =>
        from c in TransferList.All
        from type in (DeviceType[])[DeviceType.CPU, DeviceType.CUDA]
        select type == DeviceType.CUDA ? new TestCaseData(c, type).SetCategory("Gpu") : new TestCaseData(c, type);

    [TestCaseSource(nameof(OnDevices))]
    public void OnlyWhatIsDeclaredIsCopiedAndWaitedFor(TransferCase c, DeviceType type)
    {
        var device = Devices.Require(type);
        using var scope = NewDisposeScope();
        var call = c.Prepare(device);
        Run(); // fills caches
        using var meter = new OperatorMeter();
        var counts = meter.Count(Run);
        if (!c.ReadsHostMemory || type != DeviceType.CPU)
        {
            Assert.That(counts.Synchronizations, Is.LessThanOrEqualTo(c.Waits), "waits");
            Assert.That(counts.HostCopies, Is.LessThanOrEqualTo(c.HostCopies), "copies to the host");
        }
        Assert.That(counts.DeviceCopies, Is.LessThanOrEqualTo(c.Uploads), "copies to the device");

        void Run()
        {
            using var inner = NewDisposeScope();
            var result = call();
            if (result.requires_grad)
                (result.dim() == 0 ? result : result.to(ScalarType.Float32).sum()).backward();
        }
    }

    [Test]
    public void EveryFunctionAndModuleIsTried()
    {
        string[] elsewhere =
        [
            // By the theory of augmentations.
            "MuLaw", "ALaw", "PinkNoise", "RandomShift", "SpectrogramDrop", "Warping",
            // Host numbers only.
            "DbToAmplitude",
        ];
        var functions = typeof(Functional).GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly).Select(m => m.Name);
        var modules = typeof(Functional).Assembly.GetExportedTypes()
            .Where(t => !t.IsAbstract && t.IsSubclassOf(typeof(nn.Module)) && t.Namespace != typeof(Augmentation).Namespace).Select(t => t.Name);
        var tried = TransferList.All.Select(c => c.Op).Concat(elsewhere);
        Assert.That(functions.Concat(modules).Except(tried), Is.Empty, "without a case in TransferList");
    }
}
