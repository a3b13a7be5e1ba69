using NUnit.Framework;
using SpeechBrain.Sharp.Resampling;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Resampling;

[TestFixture]
public sealed class SincKernelTests
{
    [TestCase(16000, 15200, ResamplingMethod.SincInterpHann)]
    [TestCase(16000, 44100, ResamplingMethod.SincInterpKaiser)]
    [TestCase(48000, 16000, ResamplingMethod.SincInterpHann)]
    public void TableHoldsTheWeightsOfEachPhase(long origFreq, long newFreq, ResamplingMethod method)
    {
        var kernel = new SincKernel(new SampleRateRatio(origFreq, newFreq), method);
        using var table = kernel.Table(ScalarType.Float64);
        Assert.That(table.shape, Is.EqualTo(new[] { kernel.Ratio.New, 1, kernel.Taps }));
        double[] values = Numbers.Values(table);
        for (long p = 0; p < kernel.Ratio.New; p++)
            for (long k = -kernel.Width; k < kernel.Ratio.Orig + kernel.Width; k++)
                Assert.That(values[p * kernel.Taps + k + kernel.Width], Is.EqualTo(kernel.Weight(k, p)), $"phase {p}, tap {k}");
    }

    [TestCase(16000, 15200)]
    [TestCase(16000, 16842)]
    [TestCase(44100, 16000)]
    public void NoWeightLiesOutsideTheTable(long origFreq, long newFreq)
    {
        var kernel = new SincKernel(new SampleRateRatio(origFreq, newFreq));
        for (long p = 0; p < kernel.Ratio.New; p++)
        {
            Assert.That(kernel.Weight(-kernel.Width - 1, p), Is.Zero);
            Assert.That(kernel.Weight(kernel.Ratio.Orig + kernel.Width, p), Is.Zero);
        }
    }

    [Test]
    public void WeightsRepeatAfterAPeriodExactly()
    {
        var kernel = new SincKernel(new SampleRateRatio(8000, 8421));
        // 2^40 periods on: a phase computed in floating point would be lost.
        const long Periods = 1L << 40;
        for (long j = 0; j < 20; j++)
            Assert.That(kernel.Weight(j + 8000 * Periods, j + 1 + 8421 * Periods), Is.EqualTo(kernel.Weight(j, j + 1)));
    }

    [Test]
    public void KaiserWindowAgreesWithTheIntegralOfI0()
    {
        var kernel = new SincKernel(new SampleRateRatio(1, 2), ResamplingMethod.SincInterpKaiser);
        double[] impulse = new double[21];
        impulse[10] = 1;
        double[] expected = ReferenceResampler.Apply(impulse, 1, 2, kaiserBeta: SincKernel.DefaultBeta);
        for (int j = 0; j < expected.Length; j++)
            Assert.That(kernel.Weight(10, j), Is.EqualTo(expected[j]).Within(1e-14));
    }

    [TestCase(ScalarType.Float32, 1e-7)]
    [TestCase(ScalarType.BFloat16, 4e-3)]
    [TestCase(ScalarType.Float16, 5e-4)]
    public void TableIsRoundedOnce(ScalarType dtype, double half)
    {
        var kernel = new SincKernel(new SampleRateRatio(20, 19));
        using var exact = kernel.Table(ScalarType.Float64);
        using var rounded = kernel.Table(dtype);
        Assert.That(rounded.dtype, Is.EqualTo(dtype));
        double[] e = Numbers.Values(exact), r = Numbers.Values(rounded);
        for (int i = 0; i < e.Length; i++)
            Assert.That(r[i], Is.EqualTo(e[i]).Within(Math.Abs(e[i]) * half + 6e-8));
    }

    [Test]
    public void BytesAreThoseOfTheTable()
    {
        var kernel = new SincKernel(new SampleRateRatio(16000, 16842));
        Assert.That(kernel.TableBytes(ScalarType.Float32), Is.EqualTo(8421L * 8014 * 4));
        Assert.That(kernel.TableBytes(ScalarType.BFloat16), Is.EqualTo(8421L * 8014 * 2));
        Assert.That(new SincKernel(new SampleRateRatio(9_999_999_967, 9_999_999_943)).TableBytes(ScalarType.Float64), Is.EqualTo(long.MaxValue));
    }

    [Test]
    public void EveryUsualRateFitsTheDefaultLimit()
    {
        long[] rates = [8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 88200, 96000];
        foreach (long from in rates)
            foreach (long to in rates)
                Assert.That(new SincKernel(new SampleRateRatio(from, to)).TableBytes(ScalarType.Float32), Is.LessThan(4 << 20), $"{from} -> {to}");
    }

    private static IEnumerable<TestCaseData> WrongArguments()
    {
        var ratio = new SampleRateRatio(2, 1);
        yield return Row("lowpassFilterWidth", () => new SincKernel(ratio, lowpassFilterWidth: 0));
        yield return Row("rolloff", () => new SincKernel(ratio, rolloff: 0));
        yield return Row("rolloff", () => new SincKernel(ratio, rolloff: 1.01));
        yield return Row("rolloff", () => new SincKernel(ratio, rolloff: double.NaN));
        yield return Row("beta", () => new SincKernel(ratio, beta: -1));
        yield return Row("beta", () => new SincKernel(ratio, beta: 601));
        yield return Row("method", () => new SincKernel(ratio, (ResamplingMethod)7));
        yield return Row("dtype", () => new SincKernel(ratio).Table(ScalarType.Int32));

        static TestCaseData Row(string name, Func<object> make) => new(name, make);
    }

    [TestCaseSource(nameof(WrongArguments))]
    public void WrongArgumentsAreNamed(string name, Func<object> make) =>
        Assert.That(() => make(), Throws.InstanceOf<ArgumentException>().With.Property("ParamName").EqualTo(name));

    [Test]
    public void TableLeavesNothingBehind() => LeakCheck.IsClean(() => new SincKernel(new SampleRateRatio(20, 19)).Table(ScalarType.BFloat16));
}
