using NUnit.Framework;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static SpeechBrain.Sharp.Tests.Augment.Signal.Signals;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Augment.Signal;

[TestFixture]
public sealed class Convolve1dTests
{
    private DisposeScope scope = null!;

    [SetUp]
    public void SetUp() => scope = NewDisposeScope();

    [TearDown]
    public void TearDown() => scope.Dispose();

    [TestCaseSource(typeof(Devices), nameof(Devices.AllFloats))]
    public void AnImpulseGivesTheKernelBack(DeviceType type, ScalarType dtype)
    {
        var device = Devices.Require(type);
        var kernel = Wave([1, 3, 1], dtype).to(device);
        var impulse = zeros(1, 7, 1, dtype: dtype, device: device);
        impulse.select(1, 2).fill_(1);
        double[] h = Values(kernel);
        // Directly: correlation, so the kernel comes out backwards around the impulse.
        Assert.That(Values(Functional.Convolve1d(impulse, kernel, 1)), Is.EqualTo([0, h[2], h[1], h[0], 0, 0, 0]).Within(1e-6));
        var circular = Functional.Convolve1d(impulse, kernel, (0, 0), useFft: true);
        Assert.That(circular.dtype, Is.EqualTo(dtype));
        Assert.That(circular.device_type, Is.EqualTo(type));
        Assert.That(Values(circular), Is.EqualTo([0, 0, h[0], h[1], h[2], 0, 0]).Within(1e-6));
        Assert.That(
            Values(Functional.Convolve1d(impulse, kernel, (0, 0), useFft: true, rotationIndex: 1)),
            Is.EqualTo([0, h[0], h[1], h[2], 0, 0, 0]).Within(1e-6));
    }

    [TestCase(0, 0, 1)]
    [TestCase(2, 2, 1)]
    [TestCase(4, 0, 1)]
    [TestCase(0, 3, 2)]
    [TestCase(1, 2, 3)]
    public void DirectlyItAgreesWithALoop(int left, int right, int stride)
    {
        double[] x = Wave(13), h = Wave(5, 1);
        var y = Functional.Convolve1d(tensor(x).reshape(1, 13, 1), tensor(h).reshape(1, 5, 1), (left, right), stride: stride);
        Assert.That(Values(y), Is.EqualTo(SignalReference.Correlate(x, h, left, right, stride)).Within(1e-12));
    }

    [TestCase(13, 5, 0)]
    [TestCase(13, 5, 2)]
    [TestCase(12, 12, 11)]
    [TestCase(8, 11, 3)]
    [TestCase(1, 1, 0)]
    public void ByFftItAgreesWithALoop(int time, int taps, int rotation)
    {
        double[] x = Wave(time), h = Wave(taps, 1);
        var y = Functional.Convolve1d(tensor(x).reshape(1, time, 1), tensor(h).reshape(1, taps, 1), (0, 0), useFft: true, rotationIndex: rotation);
        Assert.That(Values(y), Is.EqualTo(SignalReference.Circular(x, h, rotation)).Within(1e-12));
    }

    [Test]
    public void WithPaddingTheTwoWaysDifferByTheKernelsDirectionAlone()
    {
        var x = Wave([2, 20, 1]);
        var kernel = Wave([1, 6, 1], phase: 1);
        var direct = Functional.Convolve1d(x, kernel.flip(1), (5, 0));
        var fft = Functional.Convolve1d(x, kernel, (5, 0), useFft: true).narrow(1, 5, 20);
        Assert.That(Values(fft), Is.EqualTo(Values(direct)).Within(1e-12));
    }

    [Test]
    public void EdgesAreReflectedRepeatedOrContinued()
    {
        var x = tensor([1.0, 2, 3]).reshape(1, 3, 1);
        var copy = tensor([1.0]).reshape(1, 1, 1);
        Assert.That(Values(Functional.Convolve1d(x, copy, (2, 1), PaddingModes.Reflect)), Is.EqualTo([3.0, 2, 1, 2, 3, 2]));
        Assert.That(Values(Functional.Convolve1d(x, copy, (2, 1), PaddingModes.Replicate)), Is.EqualTo([1.0, 1, 1, 2, 3, 3]));
        Assert.That(Values(Functional.Convolve1d(x, copy, (2, 1), PaddingModes.Circular)), Is.EqualTo([2.0, 3, 1, 2, 3, 1]));
        Assert.That(Values(Functional.Convolve1d(x, copy, (2, 1), PaddingModes.Zeros)), Is.EqualTo([0.0, 0, 1, 2, 3, 0]));
    }

    [Test]
    public void ChannelsHaveTheirOwnKernels()
    {
        var x = Wave([2, 9, 2]);
        var kernel = Wave([2, 3, 1], phase: 2);
        var both = Functional.Convolve1d(x, kernel, 1, groups: 2);
        var perChannel = Wave([1, 3, 2], phase: 2);
        var fft = Functional.Convolve1d(x, perChannel, (0, 0), useFft: true);
        for (long c = 0; c < 2; c++)
        {
            var one = Functional.Convolve1d(x.narrow(2, c, 1), kernel.narrow(0, c, 1), 1);
            Assert.That(Values(both.narrow(2, c, 1)), Is.EqualTo(Values(one)).Within(1e-12));
            var oneByFft = Functional.Convolve1d(x.narrow(2, c, 1), perChannel.narrow(2, c, 1), (0, 0), useFft: true);
            Assert.That(Values(fft.narrow(2, c, 1)), Is.EqualTo(Values(oneByFft)).Within(1e-12));
        }
    }

    [Test]
    public void ABatchOfNothingHasTheShapeOfOthers()
    {
        Assert.That(Functional.Convolve1d(zeros(0, 9, 1), ones(4, 3, 1), (1, 2), stride: 2).shape, Is.EqualTo([0L, 5, 4]));
        Assert.That(Functional.Convolve1d(zeros(2, 9, 1), ones(4, 3, 1), (1, 2), stride: 2).shape, Is.EqualTo([2L, 5, 4]));
        Assert.That(Functional.Convolve1d(zeros(0, 9, 1), ones(1, 3, 1), (1, 2), useFft: true).shape, Is.EqualTo([0L, 12, 1]));
    }

    [TestCase(ScalarType.Float16, 5e-3)]
    [TestCase(ScalarType.BFloat16, 5e-2)]
    public void HalfTypesAreTaken(ScalarType dtype, double within)
    {
        var x = Wave([1, 20, 1], ScalarType.Float32);
        var kernel = Wave([1, 5, 1], ScalarType.Float32, 1);
        foreach (bool useFft in (bool[])[false, true])
        {
            var rough = Functional.Convolve1d(x.to(dtype), kernel.to(dtype), (2, 2), useFft: useFft);
            Assert.That(rough.dtype, Is.EqualTo(dtype));
            Assert.That(Values(rough), Is.EqualTo(Values(Functional.Convolve1d(x, kernel, (2, 2), useFft: useFft))).Within(within));
        }
    }

    [Test]
    public void GradientsAgreeWithFiniteDifferences()
    {
        var x = Wave([2, 6, 1]);
        var kernel = Wave([1, 3, 1], phase: 1);
        GradCheck.Check(a => Functional.Convolve1d(a[0], a[1], (2, 1), PaddingModes.Reflect, stride: 2), x, kernel);
        GradCheck.Check(a => Functional.Convolve1d(a[0], a[1], (2, 1), useFft: true, rotationIndex: 1), x, kernel);
    }

    [Test]
    public void NothingIsLeftAlive()
    {
        var x = Wave([2, 6, 1]);
        var kernel = Wave([1, 3, 1]);
        LeakCheck.IsClean(() => Functional.Convolve1d(x, kernel, 2));
        LeakCheck.IsClean(() => Functional.Convolve1d(x, kernel, (1, 2), useFft: true, rotationIndex: 2));
    }

    [Test]
    public void BadArgumentsAreNamed()
    {
        var x = Wave([2, 6, 2]);
        var kernel = Wave([1, 3, 2]);
        var mono = Wave([1, 3, 1]);
        Assert.That(() => Functional.Convolve1d(Wave([6]), kernel), Throws.ArgumentException.With.Message.Contains("waveform is [6]"));
        Assert.That(
            () => Functional.Convolve1d(zeros(1, 0, 1, dtype: ScalarType.Float64), mono),
            Throws.ArgumentException.With.Message.Contains("[1, 0, 1]"));
        Assert.That(() => Functional.Convolve1d(x, Wave([3])), Throws.ArgumentException.With.Message.Contains("kernel is [3]"));
        Assert.That(
            () => Functional.Convolve1d(x, kernel.to(ScalarType.Float32)), Throws.ArgumentException.With.Message.Contains("kernel is Float32"));
        Assert.That(() => Functional.Convolve1d(x, mono), Throws.ArgumentException.With.Message.Contains("the waveform has 2"));
        Assert.That(() => Functional.Convolve1d(x, Wave([1, 9, 2])), Throws.ArgumentException.With.Message.Contains("9 taps"));
        Assert.That(() => Functional.Convolve1d(x, kernel, -1), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("Padding"));
        Assert.That(
            () => Functional.Convolve1d(x, kernel, 0, stride: 0), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("stride"));
        Assert.That(
            () => Functional.Convolve1d(x, kernel, 0, groups: 2), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("groups"));
        Assert.That(
            () => Functional.Convolve1d(x, kernel, (6, 0), PaddingModes.Reflect),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("at most 5"));
        Assert.That(
            () => Functional.Convolve1d(x, kernel, (7, 0), PaddingModes.Circular),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("at most 6"));
        Assert.That(
            () => Functional.Convolve1d(x, kernel, (0, 0), rotationIndex: 1),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("Only with FFT"));
        Assert.That(
            () => Functional.Convolve1d(x, kernel, (0, 0), useFft: true, stride: 2),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("stride must be 1"));
        Assert.That(
            () => Functional.Convolve1d(x, kernel, (0, 0), useFft: true, groups: 2),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("groups must be 1"));
        Assert.That(
            () => Functional.Convolve1d(x, kernel, (0, 0), useFft: true, rotationIndex: 3),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("0 to 2"));
        Assert.That(
            () => Functional.Convolve1d(x, Wave([3, 3, 2]), (0, 0), useFft: true),
            Throws.ArgumentException.With.Message.Contains("[1 or 2, taps, 1 or 2]"));
    }
}
