using NUnit.Framework;
using SpeechBrain.Sharp.Resampling;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Resampling;

[TestFixture]
public sealed class ResampleTests
{
    private static readonly (long Orig, long New)[] Rates =
    [
        (16000, 8000), (8000, 16000), (16000, 15200), (16000, 16800), (16000, 24000), (16000, 14400), (48000, 16000), (44100, 16000), (16000, 44100),
        (16000, 11025), (3, 2), (7, 11), (1, 5), (5, 1), (2, 3),
    ];

    private static IEnumerable<TestCaseData> RateRows => Rates.Select(r => new TestCaseData(r.Orig, r.New));

    [TestCaseSource(nameof(RateRows))]
    public void EqualsTheDirectSum(long origFreq, long newFreq)
    {
        using var resample = new Resample(origFreq, newFreq, dtype: ScalarType.Float64);
        foreach (int length in (int[])[1, 2, 3, 17, 100])
        {
            using var x = Noise.Normal([2, length], (ulong)length, ScalarType.Float64);
            using var y = resample.call(x);
            double[] values = Numbers.Values(x), result = Numbers.Values(y);
            for (int row = 0; row < 2; row++)
            {
                double[] expected = ReferenceResampler.Apply(values[(row * length)..((row + 1) * length)], origFreq, newFreq);
                Assert.That(y.shape, Is.EqualTo(new[] { 2, (long)expected.Length }));
                Assert.That(result[(row * expected.Length)..((row + 1) * expected.Length)],
                    Is.EqualTo(expected).Within(1e-12), $"length {length}, row {row}");
            }
        }
    }

    [TestCase(ResamplingMethod.SincInterpKaiser, 16, 0.9475937167399596, 14.769656459379492)]
    [TestCase(ResamplingMethod.SincInterpKaiser, 4, 0.85, 3.0)]
    [TestCase(ResamplingMethod.SincInterpHann, 32, 1.0, null)]
    public void EqualsTheDirectSumWithOtherFilters(ResamplingMethod method, int width, double rolloff, double? beta)
    {
        using var x = Noise.Normal([1, 90], dtype: ScalarType.Float64);
        using var y = Functional.Resample(x, 16000, 12000, method, width, rolloff, beta);
        double[] expected = ReferenceResampler.Apply(Numbers.Values(x), 16000, 12000, width, rolloff,
            method == ResamplingMethod.SincInterpKaiser ? beta : null);
        Assert.That(Numbers.Values(y), Is.EqualTo(expected).Within(1e-12));
    }

    [Test]
    public void EveryLengthIsTheCeilingAndEqualsTheDirectSum()
    {
        // Lengths around whole periods, where a missing or extra step of the convolution shows.
        using var resample = new Resample(7, 5, dtype: ScalarType.Float64);
        for (int length = 1; length < 40; length++)
        {
            using var x = Noise.Normal([1, length], (ulong)length, ScalarType.Float64);
            using var y = resample.call(x);
            Assert.That(y.shape[1], Is.EqualTo((5 * length + 6) / 7));
            Assert.That(y.shape[1], Is.EqualTo(resample.OutputLength(length)));
            Assert.That(Numbers.Values(y), Is.EqualTo(ReferenceResampler.Apply(Numbers.Values(x), 7, 5)).Within(1e-12));
        }
    }

    [TestCaseSource(nameof(RateRows))]
    public void ConstantStaysConstant(long origFreq, long newFreq)
    {
        using var x = ones([1, 4000]);
        using var y = Functional.Resample(x, origFreq, newFreq);
        double[] values = Numbers.Values(y);
        int border = (int)Math.Ceiling(8.0 * Math.Max(1, (double)newFreq / origFreq)) + 8;
        // The window makes the sum of the weights ripple by some 3e-3 (a finite sinc does not sum to exactly 1).
        Assert.That(values[border..^border], Is.Not.Empty.And.All.EqualTo(1).Within(5e-3));
    }

    [TestCaseSource(nameof(RateRows))]
    public void ToneStaysATone(long origFreq, long newFreq)
    {
        // A low tone: sin(2 pi f i) at the old rate is sin(2 pi f j o/n) at the new one.
        double f = 0.05 * Math.Min(1, (double)newFreq / origFreq);
        const int Length = 3000;
        using var x = tensor(Enumerable.Range(0, Length).Select(i => Math.Sin(2 * Math.PI * f * i)).ToArray(), ScalarType.Float32).unsqueeze(0);
        using var y = Functional.Resample(x, origFreq, newFreq);
        double[] values = Numbers.Values(y);
        int border = (int)(8.0 * Math.Max(1, (double)newFreq / origFreq)) + 8;
        if (newFreq < origFreq)
            border = Math.Min(border, values.Length / 3);
        double signal = 0, noise = 0;
        for (int j = border; j < values.Length - border; j++)
        {
            double expected = Math.Sin(2 * Math.PI * f * j * origFreq / newFreq);
            signal += expected * expected;
            noise += (values[j] - expected) * (values[j] - expected);
        }
        Assert.That(10 * Math.Log10(signal / noise), Is.GreaterThan(60), "SNR in dB");
    }

    [Test]
    public void ImpulseGivesTheWeights()
    {
        using var x = zeros([1, 60], ScalarType.Float64);
        x[0, 30] = tensor(1.0);
        using var y = Functional.Resample(x, 20, 19);
        var kernel = new SincKernel(new SampleRateRatio(20, 19));
        Assert.That(Numbers.Values(y), Is.EqualTo(Enumerable.Range(0, 57).Select(j => kernel.Weight(30, j))).Within(1e-15));
    }

    [Test]
    public void IsLinear()
    {
        using var resample = new Resample(16000, 15200, dtype: ScalarType.Float64);
        using var a = Noise.Normal([2, 300], 1, ScalarType.Float64);
        using var b = Noise.Normal([2, 300], 2, ScalarType.Float64);
        using var together = resample.call(a * 3 - b * 0.5);
        using var apart = resample.call(a) * 3 - resample.call(b) * 0.5;
        Assert.That(Numbers.Values(together), Is.EqualTo(Numbers.Values(apart)).Within(1e-12));
    }

    [TestCase(3, 2)]
    [TestCase(2, 3)]
    [TestCase(20, 19)]
    public void GradientsAreThoseOfTheSum(long origFreq, long newFreq)
    {
        using var resample = new Resample(origFreq, newFreq, lowpassFilterWidth: 2, dtype: ScalarType.Float64);
        using var x = Noise.Normal([2, 23], dtype: ScalarType.Float64);
        using var channels = Noise.Normal([2, 7, 2], dtype: ScalarType.Float64);
        GradCheck.Check(a => resample.call(a[0]), x);
        GradCheck.Check(a => resample.call(a[0]), channels);
    }

    [Test]
    public void ModuleEqualsFunctional()
    {
        using var resample = new Resample(16000, 11025, ResamplingMethod.SincInterpKaiser, 8, 0.9, 10);
        using var x = Noise.Normal([3, 500]);
        using var module = resample.call(x);
        using var functional = Functional.Resample(x, 16000, 11025, ResamplingMethod.SincInterpKaiser, 8, 0.9, 10);
        Assert.That(Numbers.Values(module), Is.EqualTo(Numbers.Values(functional)));
    }

    [TestCaseSource(typeof(Devices), nameof(Devices.AllFloats))]
    public void EveryDeviceGivesTheSameSum(DeviceType type, ScalarType dtype)
    {
        var device = Devices.Require(type);
        using var resample = new Resample(16000, 15200, dtype: dtype, device: device);
        using var x = Noise.Normal([2, 400], dtype: dtype);
        using var y = resample.call(x.to(device));
        Assert.That(y.device_type, Is.EqualTo(type));
        double[] row = ReferenceResampler.Apply(Numbers.Values(x)[..400], 16000, 15200);
        Assert.That(Numbers.Values(y)[..row.Length],
            Is.EqualTo(row).Within(dtype == ScalarType.Float64 ? 1e-12 : type == DeviceType.CPU ? 5e-6 : 5e-3));
    }

    [TestCase(ScalarType.BFloat16, 0.02)]
    [TestCase(ScalarType.Float16, 0.002)]
    public void HalfPrecisionIsRoundedOnce(ScalarType dtype, double step)
    {
        using var resample = new Resample(16000, 15200);
        using var x = Noise.Normal([2, 200], dtype: dtype);
        using var y = resample.call(x);
        using var exact = resample.call(x.to_type(ScalarType.Float32));
        using var rounded = exact.to_type(dtype);
        Assert.That(y.dtype, Is.EqualTo(dtype));
        Assert.That(Numbers.Values(y), Is.EqualTo(Numbers.Values(rounded)));
        Assert.That(Numbers.Values(y), Is.EqualTo(Numbers.Values(exact)).Within(step));
    }

    [Test]
    public void ChannelsAreResampledOneByOne([Values(1, 3)] long batch, [Values(1, 2)] long channels)
    {
        using var resample = new Resample(16000, 15200);
        using var x = Noise.Normal([batch, 81, channels]);
        using var y = resample.call(x);
        Assert.That(y.shape, Is.EqualTo(new[] { batch, 77, channels }));
        for (long c = 0; c < channels; c++)
        {
            using var one = resample.call(x.select(2, c));
            Assert.That(Numbers.Values(y.select(2, c)), Is.EqualTo(Numbers.Values(one)).Within(1e-6));
        }
    }

    [Test]
    public void LayoutInMemoryDoesNotMatter()
    {
        using var resample = new Resample(16000, 15200);
        using var x = Noise.Normal([100, 3]);
        using var strided = x.t();
        using var every = Noise.Normal([2, 300]).slice(1, 0, 300, 3);
        Assert.That(strided.is_contiguous(), Is.False);
        Assert.That(Numbers.Values(resample.call(strided)), Is.EqualTo(Numbers.Values(resample.call(strided.contiguous()))).Within(1e-6));
        Assert.That(Numbers.Values(resample.call(every)), Is.EqualTo(Numbers.Values(resample.call(every.contiguous()))).Within(1e-6));
    }

    [Test]
    public void NothingIsMadeOfNothing()
    {
        using var resample = new Resample(16000, 15200);
        Assert.That(resample.call(zeros([2, 0])).shape, Is.EqualTo(new long[] { 2, 0 }));
        Assert.That(resample.call(zeros([0, 40])).shape, Is.EqualTo(new long[] { 0, 38 }));
        Assert.That(resample.call(zeros([2, 0, 3])).shape, Is.EqualTo(new long[] { 2, 0, 3 }));
        Assert.That(resample.call(zeros([2, 40, 0])).shape, Is.EqualTo(new long[] { 2, 38, 0 }));
        Assert.That(resample.call(zeros([0, 40], ScalarType.Float64)).dtype, Is.EqualTo(ScalarType.Float64));
    }

    [Test]
    public void EqualRatesGiveAnAlias()
    {
        using var resample = new Resample(16000, 16000);
        using var x = Noise.Normal([2, 10]);
        var y = resample.call(x);
        y[0, 0] = tensor(42f);
        Assert.That(x[0, 0].item<float>(), Is.EqualTo(42f), "shared memory");
        y.Dispose();
        Assert.That(x.IsInvalid, Is.False, "the input outlives its alias");
        using var functional = Functional.Resample(x, 7, 7);
        Assert.That(Numbers.Values(functional), Is.EqualTo(Numbers.Values(x)));
    }

    [Test]
    public void KernelIsABuffer()
    {
        using var resample = new Resample(16000, 15200);
        var (name, kernel) = resample.named_buffers().Single();
        Assert.That(name, Is.EqualTo("kernel"));
        Assert.That(kernel.shape, Is.EqualTo(new long[] { 19, 1, 34 }));
        Assert.That(resample.state_dict().Keys, Is.EqualTo(new[] { "kernel" }));
        Assert.That(resample.parameters(), Is.Empty);
        Assert.That(new Resample(8000, 8000).state_dict(), Is.Empty);
    }

    [TestCaseSource(typeof(Devices), nameof(Devices.All))]
    public void KernelFollowsTheModule(DeviceType type)
    {
        var device = Devices.Require(type);
        using var resample = new Resample(16000, 15200);
        using var x = Noise.Normal([1, 200]).to(device);
        resample.to(device);
        Assert.That(resample.get_buffer("kernel")!.device_type, Is.EqualTo(type));
        Assert.That(resample.call(x).device_type, Is.EqualTo(type));
        if (type != DeviceType.CPU)
            Assert.That(() => resample.call(x.cpu()), Throws.ArgumentException.With.Message.Contains("to(device)"));
    }

    [Test]
    public void AModuleMovedToAnotherTypeKeepsItsAccuracy()
    {
        using var resample = new Resample(16000, 15200);
        using var x = Noise.Normal([1, 200], dtype: ScalarType.Float64);
        double[] expected = ReferenceResampler.Apply(Numbers.Values(x), 16000, 15200);
        Assert.That(Numbers.Values(resample.call(x)), Is.EqualTo(expected).Within(1e-12), "float64 input, float32 kernel");
        resample.@double();
        Assert.That(Numbers.Values(resample.call(x)), Is.EqualTo(expected).Within(1e-12), "after a cast to float64");
        resample.bfloat16();
        resample.@float();
        Assert.That(Numbers.Values(resample.call(x.to_type(ScalarType.Float32))),
            Is.EqualTo(expected).Within(5e-6), "after a cast to bfloat16 and back");
    }

    [Test]
    public void ADenseKernelThatIsHugeIsRefusedWithAdvice()
    {
        var error = Assert.Throws<ArgumentException>(() => new Resample(16000, 16842, form: ResamplingForm.Conv1d))!;
        Assert.That(error.Message, Does.Contain("16000 Hz").And.Contain("16842 Hz").And.Contain("8000:8421")
            .And.Contain("269943576 bytes").And.Contain("16777216").And.Contain("Auto"));
        var nearest = System.Text.RegularExpressions.Regex.Match(error.Message, @"origFreq: (\d+), newFreq: (\d+)");
        using var advised = new Resample(long.Parse(nearest.Groups[1].Value), long.Parse(nearest.Groups[2].Value), form: ResamplingForm.Conv1d);
        Assert.That(advised.Kernel.Ratio.Value, Is.EqualTo(16842.0 / 16000).Within(1e-5));
        Assert.That(() => Functional.Resample(zeros([1, 10]), 16000, 16842, form: ResamplingForm.Conv1d),
            Throws.ArgumentException.With.Message.Contains("8000:8421"));
        Assert.That(() => new Resample(20, 19, maxKernelBytes: 1000), Throws.ArgumentException.With.Message.Contains("at most 1000 bytes"));
    }

    private static IEnumerable<TestCaseData> WrongInputs()
    {
        yield return new TestCaseData(zeros([10]), "[batch, time]").SetName("rank 1");
        yield return new TestCaseData(zeros([1, 2, 3, 4]), "[batch, time]").SetName("rank 4");
        yield return new TestCaseData(zeros([1, 10], ScalarType.Int16), "float32").SetName("int16");
        yield return new TestCaseData(zeros([1, 10], ScalarType.ComplexFloat32), "float32").SetName("complex");
    }

    [TestCaseSource(nameof(WrongInputs))]
    public void WrongInputIsRefused(Tensor x, string advice)
    {
        using var resample = new Resample(16000, 15200);
        using var identity = new Resample(8000, 8000);
        Assert.That(() => resample.call(x), Throws.ArgumentException.With.Message.Contains(advice));
        Assert.That(() => identity.call(x), Throws.ArgumentException.With.Message.Contains(advice));
        Assert.That(() => Functional.Resample(x, 2, 1), Throws.ArgumentException.With.Message.Contains(advice));
    }

    [Test]
    public void AnotherFiltersTableIsRefused()
    {
        var kernel = new SincKernel(new SampleRateRatio(20, 19));
        using var x = zeros([1, 40]);
        Assert.That(() => Functional.Resample(x, kernel, new SincKernel(new SampleRateRatio(19, 20)).Table()),
            Throws.ArgumentException.With.Message.Contains("20:19"));
        Assert.That(() => Functional.Resample(x, kernel, kernel.Table(ScalarType.Float64)),
            Throws.ArgumentException.With.Message.Contains("Float32"));
        Assert.That(() => new Resample(2, 1, dtype: ScalarType.Float16), Throws.ArgumentException.With.Message.Contains("Float32"));
    }

    [Test]
    public void CallsLeaveNothingBehind()
    {
        using var resample = new Resample(16000, 15200);
        using var identity = new Resample(1, 1);
        using var x = Noise.Normal([2, 100]);
        using var channels = Noise.Normal([2, 100, 2], dtype: ScalarType.Float16);
        using var wide = Noise.Normal([2, 100], dtype: ScalarType.Float64);
        resample.call(wide).Dispose();       // makes the float64 kernel
        LeakCheck.IsClean(() => resample.call(x));
        LeakCheck.IsClean(() => resample.call(channels));
        LeakCheck.IsClean(() => resample.call(wide));
        LeakCheck.IsClean(() => identity.call(x));
        LeakCheck.IsClean(() => Functional.Resample(x, 3, 2));
        LeakCheck.IsClean(() =>
        {
            using var made = new Resample(16000, 15200);
            using var y = made.call(wide);
        });
    }
}
