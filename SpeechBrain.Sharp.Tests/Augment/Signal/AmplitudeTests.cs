using NUnit.Framework;
using SpeechBrain.Sharp.Augment.Signal;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static SpeechBrain.Sharp.Tests.Augment.Signal.Signals;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Augment.Signal;

[TestFixture]
public sealed class AmplitudeTests
{
    private DisposeScope scope = null!;

    [SetUp]
    public void SetUp() => scope = NewDisposeScope();

    [TearDown]
    public void TearDown() => scope.Dispose();

    [TestCaseSource(typeof(Devices), nameof(Devices.AllFloats))]
    public void AConstantHasItsOwnValueInEveryMeasure(DeviceType type, ScalarType dtype)
    {
        var device = Devices.Require(type);
        var x = full([2, 7], -0.5, dtype: dtype, device: device);
        foreach (var ampType in Enum.GetValues<AmplitudeType>())
        {
            var amplitude = Functional.ComputeAmplitude(x, null, ampType);
            Assert.That(amplitude.shape, Is.EqualTo([2L, 1]));
            Assert.That(amplitude.dtype, Is.EqualTo(dtype));
            Assert.That(amplitude.device_type, Is.EqualTo(type));
            Assert.That(Values(amplitude), Is.All.EqualTo(0.5).Within(1e-6), $"{ampType}");
            Assert.That(
                Values(Functional.ComputeAmplitude(x, null, ampType, AmplitudeScale.Db)),
                Is.All.EqualTo(20 * Math.Log10(0.5)).Within(1e-5),
                $"{ampType}");
        }
    }

    [Test]
    public void AToneOverWholePeriodsHasTheValuesOfTheTextbook()
    {
        // 8 periods in 1000 samples: mean |sin| = 2 / pi (up to the sampling of the corners), rms = 1 / sqrt(2).
        var tone = (arange(1000, dtype: ScalarType.Float64) * (2 * Math.PI * 8 / 1000)).sin();
        Assert.That(Values(Functional.ComputeAmplitude(tone, null, AmplitudeType.Avg))[0], Is.EqualTo(2 / Math.PI).Within(1e-3));
        Assert.That(Values(Functional.ComputeAmplitude(tone, null, AmplitudeType.Rms))[0], Is.EqualTo(1 / Math.Sqrt(2)).Within(1e-12));
        Assert.That(Values(Functional.ComputeAmplitude(tone, null, AmplitudeType.Peak))[0], Is.EqualTo(1).Within(1e-3));
    }

    [TestCase(AmplitudeType.Avg)]
    [TestCase(AmplitudeType.Rms)]
    [TestCase(AmplitudeType.Peak)]
    public void WithLengthsPaddingChangesNothing(AmplitudeType ampType)
    {
        var x = Wave([2, 9, 3]);
        var padded = nn.functional.pad(x, [0, 0, 0, 5]);
        var lengths = tensor([9.0, 9.0]);
        Assert.That(
            Values(Functional.ComputeAmplitude(padded, lengths, ampType)),
            Is.EqualTo(Values(Functional.ComputeAmplitude(x, null, ampType))).Within(1e-12));
        Assert.That(
            Values(Functional.ComputeAmplitude(padded, lengths.reshape(2, 1), ampType)),
            Is.EqualTo(Values(Functional.ComputeAmplitude(x, null, ampType))).Within(1e-12));
        Assert.That(
            Values(Functional.ComputeAmplitude(padded, tensor(9L), ampType)),
            Is.EqualTo(Values(Functional.ComputeAmplitude(x, null, ampType))).Within(1e-12));
    }

    [TestCase(AmplitudeType.Avg)]
    [TestCase(AmplitudeType.Rms)]
    [TestCase(AmplitudeType.Peak)]
    public void EveryMeasureAgreesWithALoop(AmplitudeType ampType)
    {
        const int Batch = 2, Time = 6, Channels = 3;
        double[] values = Wave(Batch * Time * Channels);
        double[] lengths = [4.5, 6];
        var expected = new List<double>();
        for (int b = 0; b < Batch; b++)
        {
            for (int c = 0; c < Channels; c++)
            {
                double[] channel = [.. Enumerable.Range(0, Time).Select(t => values[(b * Time + t) * Channels + c])];
                expected.Add(ampType switch
                {
                    AmplitudeType.Avg => channel.Sum(Math.Abs) / lengths[b],
                    AmplitudeType.Rms => Math.Sqrt(channel.Sum(v => v * v) / lengths[b]),
                    _ => channel.Max(Math.Abs),
                });
            }
        }
        Assert.That(Values(Functional.ComputeAmplitude(Wave([Batch, Time, Channels]), tensor(lengths), ampType)), Is.EqualTo(expected).Within(1e-12));
    }

    [Test]
    public void SilenceHasMinus80DbAndGradientsOfZero()
    {
        foreach (var ampType in Enum.GetValues<AmplitudeType>())
        {
            foreach (var scale in Enum.GetValues<AmplitudeScale>())
            {
                var silence = zeros(1, 5).requires_grad_();
                var amplitude = Functional.ComputeAmplitude(silence, null, ampType, scale);
                Assert.That(Values(amplitude)[0], Is.EqualTo(scale == AmplitudeScale.Db ? -80 : 0), $"{ampType} {scale}");
                amplitude.sum().backward();
                Assert.That(Values(silence.grad!), Is.All.Zero, $"{ampType} {scale}");
            }
            var still = zeros(1, 5).requires_grad_();
            var normalized = Functional.Normalize(still, null, ampType);
            Assert.That(Values(normalized), Is.All.Zero);
            Assert.That(Values(Functional.Rescale(still, null, -3, ampType, AmplitudeScale.Db)), Is.All.Zero);
        }
    }

    [Test]
    public void NormalizeAndRescaleReachWhatTheyAreAskedFor()
    {
        foreach (long[] shape in (long[][])[[8], [2, 8], [2, 8, 3]])
        {
            var x = Wave(shape);
            foreach (var ampType in Enum.GetValues<AmplitudeType>())
            {
                var normalized = Functional.Normalize(x, null, ampType);
                Assert.That(normalized.shape, Is.EqualTo(shape));
                Assert.That(Values(Functional.ComputeAmplitude(normalized, null, ampType)), Is.All.EqualTo(1).Within(1e-10));
                var quiet = Functional.Rescale(x, null, -20, ampType, AmplitudeScale.Db);
                Assert.That(Values(Functional.ComputeAmplitude(quiet, null, ampType)), Is.All.EqualTo(0.1).Within(1e-10));
                var own = Functional.Rescale(x * 3, null, Functional.ComputeAmplitude(x, null, ampType), ampType);
                Assert.That(own.shape, Is.EqualTo(shape));
                Assert.That(Values(own), Is.EqualTo(Values(x)).Within(1e-10));
            }
        }
    }

    [Test]
    public void DecibelsBecomeAmplitudes()
    {
        Assert.That(Values(Functional.DbToAmplitude(tensor([-20.0, 0, 6, 20]))), Is.EqualTo([0.1, 1, 1.9952623149688795, 10]).Within(1e-12));
        Assert.That(Functional.DbToAmplitude(-6), Is.EqualTo(0.5011872336272722).Within(1e-15));
    }

    [Test]
    public void MeanStdNormGivesMean0AndDeviation1()
    {
        var x = Wave([2, 9, 3]);
        var y = Functional.MeanStdNorm(x, eps: 0);
        Assert.That(Values(y.mean([1])), Is.All.EqualTo(0).Within(1e-12));
        Assert.That(Values(y.std([1L], unbiased: true)), Is.All.EqualTo(1).Within(1e-12));
        var all = Functional.MeanStdNorm(x, [1, -1], eps: 0);
        Assert.That(Values(all.mean([1, 2])), Is.All.EqualTo(0).Within(1e-12));
        Assert.That(Values(Functional.MeanStdNorm(ones(1, 4))), Is.All.Zero);
    }

    [Test]
    public void ABatchOfNothingStaysOne()
    {
        foreach (var ampType in Enum.GetValues<AmplitudeType>())
        {
            Assert.That(Functional.ComputeAmplitude(zeros(0, 5), null, ampType).shape, Is.EqualTo([0L, 1]));
            Assert.That(Functional.Normalize(zeros(0, 5, 2), null, ampType).shape, Is.EqualTo([0L, 5, 2]));
        }
        Assert.That(Functional.MeanStdNorm(zeros(0, 5)).shape, Is.EqualTo([0L, 5]));
    }

    [TestCase(ScalarType.Float16, 2e-3)]
    [TestCase(ScalarType.BFloat16, 2e-2)]
    public void HalfTypesAreTaken(ScalarType dtype, double within)
    {
        var x = Wave([2, 50], ScalarType.Float32);
        var rough = x.to(dtype);
        foreach (var ampType in Enum.GetValues<AmplitudeType>())
        {
            var amplitude = Functional.ComputeAmplitude(rough, null, ampType);
            Assert.That(amplitude.dtype, Is.EqualTo(dtype));
            Assert.That(Values(amplitude), Is.EqualTo(Values(Functional.ComputeAmplitude(x, null, ampType))).Within(within));
        }
        Assert.That(Functional.Normalize(rough).dtype, Is.EqualTo(dtype));
        Assert.That(Functional.MeanStdNorm(rough).dtype, Is.EqualTo(dtype));
        Assert.That(Values(Functional.Normalize(zeros(1, 4, dtype: dtype))), Is.All.Zero);
    }

    [Test]
    public void GradientsAgreeWithFiniteDifferences()
    {
        var x = Wave([2, 5]);
        GradCheck.Check(a => Functional.ComputeAmplitude(a[0], null, AmplitudeType.Avg, AmplitudeScale.Db), x);
        GradCheck.Check(a => Functional.Normalize(a[0], null, AmplitudeType.Rms), x);
        GradCheck.Check(a => Functional.Rescale(a[0], null, a[1], AmplitudeType.Peak), x, tensor([0.3, 2.0]).reshape(2, 1));
        GradCheck.Check(a => Functional.MeanStdNorm(a[0]), x);
        GradCheck.Check(a => Functional.DbToAmplitude(a[0]), x);
    }

    [Test]
    public void NothingIsLeftAlive()
    {
        var x = Wave([2, 5, 2]);
        var lengths = tensor([3.0, 5]);
        var level = tensor(0.5);
        LeakCheck.IsClean(() => Functional.ComputeAmplitude(x, lengths, AmplitudeType.Rms, AmplitudeScale.Db));
        LeakCheck.IsClean(() => Functional.Normalize(x, lengths));
        LeakCheck.IsClean(() => Functional.Rescale(x, lengths, level));
        LeakCheck.IsClean(() => Functional.MeanStdNorm(x));
        LeakCheck.IsClean(() => Functional.DbToAmplitude(x));
    }

    [Test]
    public void BadArgumentsAreNamed()
    {
        var x = Wave([2, 5]);
        Assert.That(() => Functional.ComputeAmplitude(ones(2, 5, dtype: ScalarType.Int64)), Throws.ArgumentException.With.Message.Contains("Int64"));
        Assert.That(() => Functional.ComputeAmplitude(tensor(1f)), Throws.ArgumentException.With.Message.Contains("[] Float32"));
        Assert.That(() => Functional.ComputeAmplitude(zeros(2, 0)), Throws.ArgumentException.With.Message.Contains("without a sample"));
        Assert.That(() => Functional.ComputeAmplitude(zeros(1, 2, 3, 4)), Throws.ArgumentException.With.Message.Contains("[1, 2, 3, 4]"));
        Assert.That(() => Functional.ComputeAmplitude(x, ones(3)), Throws.ArgumentException.With.Message.Contains("[3] Float32"));
        Assert.That(() => Functional.ComputeAmplitude(x, ones(2, 2)), Throws.ArgumentException.With.Message.Contains("[2, 2] Float32"));
        Assert.That(
            () => Functional.ComputeAmplitude(x, tensor([1.0, 0])),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("positive"));
        Assert.That(() => Functional.ComputeAmplitude(x, tensor([1.0, double.NaN])), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => Functional.ComputeAmplitude(x, null, (AmplitudeType)9), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(
            () => Functional.ComputeAmplitude(x, null, AmplitudeType.Avg, (AmplitudeScale)9), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => Functional.ComputeAmplitude(null!), Throws.ArgumentNullException);
        Assert.That(() => Functional.Rescale(x, null, double.NaN), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => Functional.Rescale(x, null, ones(3)), Throws.ArgumentException.With.Message.Contains("broadcast"));
        Assert.That(() => Functional.MeanStdNorm(x, [2]), Throws.ArgumentException.With.Message.Contains("dims is [2]"));
        Assert.That(() => Functional.MeanStdNorm(x, [1, -1]), Throws.ArgumentException.With.Message.Contains("different axes"));
        Assert.That(() => Functional.MeanStdNorm(ones(3, 1)), Throws.ArgumentException.With.Message.Contains("needs two"));
        Assert.That(() => Functional.DbToAmplitude(ones(1, dtype: ScalarType.Int32)), Throws.ArgumentException);
    }
}
