using NUnit.Framework;
using SpeechBrain.Sharp.Augment.Signal;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static SpeechBrain.Sharp.Tests.Augment.Signal.Signals;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Augment.Signal;

[TestFixture]
public sealed class ReverberateTests
{
    private DisposeScope scope = null!;

    [SetUp]
    public void SetUp() => scope = NewDisposeScope();

    [TearDown]
    public void TearDown() => scope.Dispose();

    [TestCaseSource(typeof(Devices), nameof(Devices.AllFloats))]
    public void ALoneDirectSoundChangesNothingWhereverItStands(DeviceType type, ScalarType dtype)
    {
        var device = Devices.Require(type);
        foreach (long[] shape in (long[][])[[30], [2, 30], [2, 30, 3]])
        {
            foreach (bool circular in (bool[])[false, true])
            {
                var x = Wave(shape, dtype).to(device);
                var rir = zeros(12, dtype: dtype, device: device);
                rir.narrow(0, 7, 1).fill_(-2);
                var y = Functional.Reverberate(x, rir, circular: circular);
                Assert.That(y.shape, Is.EqualTo(shape));
                Assert.That(y.dtype, Is.EqualTo(dtype));
                Assert.That(y.device_type, Is.EqualTo(type));
                Assert.That(Values(y), Is.EqualTo(Values(-x)).Within(1e-5));
            }
        }
    }

    [Test]
    public void AnEchoComesLaterAndWrapsRoundOnlyIfCircular()
    {
        // The direct sound is tap 1; an echo of a half follows 3 samples later.
        double[] x = [1, 0, 0, 0, 0, 2];
        double[] rir = [0, 1, 0, 0, 0.5];
        double[] linear = Values(Functional.Reverberate(tensor(x), tensor(rir), rescaleAmp: null));
        double[] circular = Values(Functional.Reverberate(tensor(x), tensor(rir), rescaleAmp: null, circular: true));
        Assert.That(linear, Is.EqualTo([1, 0, 0, 0.5, 0, 2]).Within(1e-12));
        Assert.That(circular, Is.EqualTo([1, 0, 1, 0.5, 0, 2]).Within(1e-12));
    }

    [TestCase(20, 5)]
    [TestCase(20, 20)]
    [TestCase(7, 31)]
    [TestCase(1, 4)]
    public void ItAgreesWithALoop(int time, int taps)
    {
        double[] x = Wave(time);
        double[] rir = [.. Wave(taps, 1).Select((v, i) => v * Math.Exp(-i / 4.0))];
        Assert.That(Values(Functional.Reverberate(tensor(x), tensor(rir), rescaleAmp: null)), Is.EqualTo(SignalReference.Room(x, rir)).Within(1e-12));
        int direct = Array.IndexOf(rir, rir.MaxBy(Math.Abs));
        if (direct < time)
            Assert.That(
                Values(Functional.Reverberate(tensor(x), tensor(rir), rescaleAmp: null, circular: true)),
                Is.EqualTo(SignalReference.Circular(x, [.. rir.Take(time)], direct)).Within(1e-12));
    }

    [TestCase(AmplitudeType.Avg)]
    [TestCase(AmplitudeType.Rms)]
    [TestCase(AmplitudeType.Peak)]
    public void TheLoudnessStaysAsItWas(AmplitudeType ampType)
    {
        var x = Wave([2, 40, 2]);
        foreach (bool circular in (bool[])[false, true])
        {
            var y = Functional.Reverberate(x, Wave([1, 15, 1], phase: 1) * 5, ampType, circular);
            Assert.That(
                Values(Functional.ComputeAmplitude(y, null, ampType)),
                Is.EqualTo(Values(Functional.ComputeAmplitude(x, null, ampType))).Within(1e-10));
        }
    }

    [Test]
    public void EveryItemMayHaveItsOwnRoom()
    {
        var x = Wave([2, 25, 1]);
        // Different direct sounds: tap 0 and tap 4.
        var rirs = stack([tensor([3.0, 0.5, 0.2, 0, 0]), tensor([0.1, 0.2, 0, 0.3, -2])], 0);
        var both = Functional.Reverberate(x, rirs);
        for (long b = 0; b < 2; b++)
        {
            var one = Functional.Reverberate(x.narrow(0, b, 1), rirs.narrow(0, b, 1));
            Assert.That(Values(both.narrow(0, b, 1)), Is.EqualTo(Values(one)).Within(1e-12));
        }
    }

    [Test]
    public void ChannelsOfARoomAreMovedTogether()
    {
        // Channel 1 hears everything 2 samples after channel 0; that delay must stay.
        var rir = zeros(1, 6, 2, dtype: ScalarType.Float64);
        rir[0, 1, 0] = tensor(1.0);
        rir[0, 3, 1] = tensor(0.5);
        var x = tensor([1.0, 0, 0, 0, 0]).reshape(1, 5, 1).expand(1, 5, 2);
        var y = Functional.Reverberate(x, rir, rescaleAmp: null);
        Assert.That(Values(y.select(2, 0)), Is.EqualTo([1.0, 0, 0, 0, 0]).Within(1e-12));
        Assert.That(Values(y.select(2, 1)), Is.EqualTo([0, 0, 0.5, 0, 0]).Within(1e-12));
    }

    [Test]
    public void SilentPaddingDoesNotChangeTheSignal()
    {
        var x = Wave([1, 20]);
        var rir = tensor([1.0, 0, 0.4, -0.2]);
        var alone = Functional.Reverberate(x, rir, rescaleAmp: null);
        var padded = Functional.Reverberate(nn.functional.pad(x, [0, 9]), rir, rescaleAmp: null);
        Assert.That(Values(padded.narrow(1, 0, 20)), Is.EqualTo(Values(alone)).Within(1e-12));
    }

    [Test]
    public void SilenceStaysSilence()
    {
        var y = Functional.Reverberate(zeros(1, 10), tensor([1f, 0.5f]));
        Assert.That(Values(y), Is.All.Zero);
    }

    [Test]
    public void ABatchOfNothingStaysOne() => Assert.That(Functional.Reverberate(zeros(0, 5, 2), ones(3)).shape, Is.EqualTo([0L, 5, 2]));

    [TestCase(ScalarType.Float16, 5e-3)]
    [TestCase(ScalarType.BFloat16, 5e-2)]
    public void HalfTypesAreTaken(ScalarType dtype, double within)
    {
        var x = Wave([1, 40], ScalarType.Float32);
        var rir = tensor([1f, 0.5f, 0.25f]);
        var rough = Functional.Reverberate(x.to(dtype), rir.to(dtype));
        Assert.That(rough.dtype, Is.EqualTo(dtype));
        Assert.That(Values(rough), Is.EqualTo(Values(Functional.Reverberate(x, rir))).Within(within));
    }

    [Test]
    public void GradientsAgreeWithFiniteDifferences()
    {
        var x = Wave([2, 6]);
        var rir = tensor([0.2, 1.0, 0.4, -0.3]);
        GradCheck.Check(a => Functional.Reverberate(a[0], a[1], AmplitudeType.Rms), x, rir);
        GradCheck.Check(a => Functional.Reverberate(a[0], a[1], null, circular: true), x, rir);
    }

    [Test]
    public void NothingIsLeftAlive()
    {
        var x = Wave([2, 6, 1]);
        var rir = Wave([1, 9, 1]);
        LeakCheck.IsClean(() => Functional.Reverberate(x, rir));
        LeakCheck.IsClean(() => Functional.Reverberate(x, rir, AmplitudeType.Peak, circular: true));
    }

    [Test]
    public void BadArgumentsAreNamed()
    {
        var x = Wave([2, 6, 2]);
        Assert.That(() => Functional.Reverberate(x, Wave([3, 4])), Throws.ArgumentException.With.Message.Contains("[1 or 2, time, 1 or 2]"));
        Assert.That(
            () => Functional.Reverberate(x, Wave([1, 4, 3])), Throws.ArgumentException.With.Message.Contains("rirWaveform is [1, 4, 3]"));
        Assert.That(
            () => Functional.Reverberate(x, Wave([4], ScalarType.Float32)), Throws.ArgumentException.With.Message.Contains("rirWaveform is Float32"));
        Assert.That(
            () => Functional.Reverberate(x, zeros(0, dtype: ScalarType.Float64)), Throws.ArgumentException.With.Message.Contains("without a sample"));
        Assert.That(() => Functional.Reverberate(Wave([1, 2, 3, 4]), Wave([4])), Throws.ArgumentException.With.Message.Contains("[1, 2, 3, 4]"));
    }
}
