using NUnit.Framework;
using SpeechBrain.Sharp.Resampling;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Resampling;

[TestFixture]
public sealed class ResamplingFormTests
{
    private static readonly ResamplingForm[] Forms = [ResamplingForm.Conv1d, ResamplingForm.Banded, ResamplingForm.Polyphase];

    // Rates with every number of vectors a dot product, of one to thousands of phases, up and down.
    private static readonly (long Orig, long New)[] Rates =
    [
        (2, 1), (3, 1), (5, 1), (40, 1), (1, 2), (1, 7), (20, 19), (20, 21), (9, 10), (11, 10),
        (3, 2), (2, 3), (441, 160), (160, 441), (640, 441), (441, 640), (7, 11), (1000, 999),
    ];

    private static IEnumerable<TestCaseData> Rows => from rate in Rates from form in Forms select new TestCaseData(rate.Orig, rate.New, form);

    [TestCaseSource(nameof(Rows))]
    public void EveryFormEqualsTheDirectSum(long origFreq, long newFreq, ResamplingForm form)
    {
        foreach (int length in (int[])[1, 2, 31, 257])
        {
            using var x = Noise.Normal([1, length], (ulong)length, ScalarType.Float64);
            using var y = Functional.Resample(x, origFreq, newFreq, form: form);
            double[] expected = ReferenceResampler.Apply(Numbers.Values(x), origFreq, newFreq);
            Assert.That(y.shape, Is.EqualTo(new[] { 1, (long)expected.Length }));
            Assert.That(Numbers.Values(y), Is.EqualTo(expected).Within(1e-12), $"length {length}");
        }
    }

    [TestCase(8000, 8421)]
    [TestCase(8000, 7619)]
    [TestCase(441, 320)]
    [TestCase(16000, 17391)]
    [TestCase(7919, 8000)]
    public void FormsWithoutADenseTableServeAnyRatio(long origFreq, long newFreq)
    {
        // Longer than two periods; the sum is taken from the weights where it can be checked in time.
        int length = (int)(2.3 * origFreq) + 700;
        using var x = Noise.Normal([2, length], dtype: ScalarType.Float64);
        using var banded = Functional.Resample(x, origFreq, newFreq, form: ResamplingForm.Banded);
        using var polyphase = Functional.Resample(x, origFreq, newFreq, form: ResamplingForm.Polyphase);
        double[] b = Numbers.Values(banded), p = Numbers.Values(polyphase), values = Numbers.Values(x);
        Assert.That(p, Is.EqualTo(b).Within(1e-12));
        var kernel = new SincKernel(new SampleRateRatio(origFreq, newFreq));
        int outputs = (int)kernel.Ratio.OutputLength(length);
        for (int j = 0; j < outputs; j += 37)
        {
            double sum = 0;
            for (long i = Math.Max(0, kernel.FirstTap(j)); i < Math.Min(length, kernel.FirstTap(j) + kernel.Reach); i++)
                sum += values[length + i] * kernel.Weight(i, j);
            Assert.That(p[outputs + j], Is.EqualTo(sum).Within(1e-12), $"output {j}");
        }
    }

    [TestCase(20, 19)]
    [TestCase(8000, 8421)]
    [TestCase(2, 1)]
    [TestCase(441, 160)]
    [TestCase(1, 3)]
    public void NoWeightLiesOutsideTheReach(long orig, long @new)
    {
        var kernel = new SincKernel(new SampleRateRatio(orig, @new));
        for (long j = -@new; j < 2 * @new; j++)
        {
            long first = kernel.FirstTap(j);
            Assert.That(Math.Abs(kernel.Weight(first - 1, j)), Is.LessThan(1e-20));
            Assert.That(Math.Abs(kernel.Weight(first + kernel.Reach, j)), Is.LessThan(1e-20));
            Assert.That(kernel.FirstTap(j + 1), Is.InRange(first, first + (orig + @new - 1) / @new));
            Assert.That(kernel.FirstTap(j + @new), Is.EqualTo(first + orig));
        }
    }

    [TestCase(ScalarType.Float32, 4e-6)]
    [TestCase(ScalarType.BFloat16, 0.03)]
    [TestCase(ScalarType.Float16, 0.004)]
    public void FormsAgreeInEveryType(ScalarType dtype, double tolerance)
    {
        foreach (var (orig, @new) in Rates)
        {
            using var x = Noise.Normal([2, 1003], dtype: dtype);
            using var expected = Functional.Resample(x.to_type(ScalarType.Float64), orig, @new, form: ResamplingForm.Conv1d);
            foreach (var form in Forms)
            {
                using var y = Functional.Resample(x, orig, @new, form: form);
                Assert.That(y.dtype, Is.EqualTo(dtype));
                Assert.That(Numbers.Values(y), Is.EqualTo(Numbers.Values(expected)).Within(tolerance), $"{orig}:{@new} {form}");
            }
        }
    }

    [Test]
    public void ChannelsAndStridesAreReadInPlace([ValueSource(nameof(Forms))] ResamplingForm form,
        [Values(ScalarType.Float32, ScalarType.Float64, ScalarType.BFloat16)] ScalarType dtype)
    {
        using var x = Noise.Normal([3, 700, 2], dtype: dtype);
        using var y = Functional.Resample(x, 20, 21, form: form);
        Assert.That(y.shape, Is.EqualTo(new long[] { 3, 735, 2 }));
        double step = dtype == ScalarType.BFloat16 ? 0.03 : 2e-6;
        for (long c = 0; c < 2; c++)
        {
            using var strided = Functional.Resample(x.select(2, c), 20, 21, form: form);
            using var alone = Functional.Resample(x.select(2, c).contiguous(), 20, 21, form: form);
            Assert.That(Numbers.Values(y.select(2, c)), Is.EqualTo(Numbers.Values(alone)).Within(step));
            Assert.That(Numbers.Values(strided), Is.EqualTo(Numbers.Values(alone)).Within(step));
        }
        using var transposed = Functional.Resample(x.transpose(0, 1).select(2, 0).t(), 20, 21, form: form);
        Assert.That(Numbers.Values(transposed), Is.EqualTo(Numbers.Values(y.select(2, 0))).Within(step));
        using var repeated = Functional.Resample(x.narrow(0, 0, 1).select(2, 0).expand(3, 700), 20, 21, form: form);
        Assert.That(Numbers.Values(repeated.narrow(0, 2, 1)), Is.EqualTo(Numbers.Values(y.narrow(0, 0, 1).select(2, 0))).Within(step));
    }

    [TestCase(20, 19)]
    [TestCase(2, 1)]
    [TestCase(8000, 8421)]
    public void ANanReachesOnlyItsTaps(long origFreq, long newFreq)
    {
        const int At = 400;
        using var x = Noise.Normal([1, 1000]);
        using var clean = Functional.Resample(x, origFreq, newFreq);
        x[0, At] = tensor(float.NaN);
        using var y = Functional.Resample(x, origFreq, newFreq);
        double[] values = Numbers.Values(y), expected = Numbers.Values(clean);
        var kernel = new SincKernel(new SampleRateRatio(origFreq, newFreq));
        for (int j = 0; j < values.Length; j++)
        {
            bool meets = kernel.FirstTap(j) <= At && At < kernel.FirstTap(j) + kernel.Reach;
            Assert.That(values[j], meets ? Is.NaN : Is.EqualTo(expected[j]), $"output {j}");
        }
    }

    [TestCase(20, 19)]
    [TestCase(8000, 8421)]
    [TestCase(2, 1)]
    public void IndicesBeyond32BitsAreExact(long orig, long @new)
    {
        // The same 500 samples, once at the begin of a signal and once 2^40 periods on.
        const long Periods = 1L << 40;
        var table = PolyphaseTable.Make(new SincKernel(new SampleRateRatio(orig, @new)), ScalarType.Float32);
        using var x = Noise.Normal([1, 500]);
        using var near = zeros([1, 200]);
        using var far = zeros([1, 200]);
        PolyphaseResampler.Part(x, 0, near, 5, table);
        PolyphaseResampler.Part(x, Periods * orig, far, (Periods * @new) + 5, table);
        Assert.That(Numbers.Values(far), Is.EqualTo(Numbers.Values(near)).And.Some.Not.Zero);
    }

    private static IEnumerable<TestCaseData> TonePairs()
    {
        long[] rates = [8000, 11025, 16000, 22050, 32000, 44100];
        return from a in rates from b in rates where a != b select new TestCaseData(a, b);
    }

    [TestCaseSource(nameof(TonePairs))]
    public void AToneKeepsTheSignalToNoiseRatioOfTheFormula(long origFreq, long newFreq)
    {
        // A tone at a tenth of the lower rate; the filter itself leaves some 70 dB, and float32 must not take from them.
        const int Length = 1200;
        double f = 0.1 * Math.Min(1, (double)newFreq / origFreq);
        double[] tone = [.. Enumerable.Range(0, Length).Select(i => Math.Sin(2 * Math.PI * f * i))];
        using var x = tensor(tone, ScalarType.Float32).unsqueeze(0);
        using var y = Functional.Resample(x, origFreq, newFreq);
        double formula = Snr(ReferenceResampler.Apply(tone, origFreq, newFreq));
        Assert.That(Snr(Numbers.Values(y)), Is.GreaterThan(Math.Min(70, formula - 0.1)));

        double Snr(double[] values)
        {
            int border = (int)(8 * Math.Max(1, (double)newFreq / origFreq)) + 8;
            double signal = 0, noise = 0;
            for (int j = border; j < values.Length - border; j++)
            {
                double expected = Math.Sin(2 * Math.PI * f * j * origFreq / newFreq);
                signal += expected * expected;
                noise += (values[j] - expected) * (values[j] - expected);
            }
            return 10 * Math.Log10(signal / noise);
        }
    }

    [TestCase(8000, 8421)]
    [TestCase(2, 1)]
    public void ThreadsDoNotChangeABit(long origFreq, long newFreq)
    {
        using var x = Noise.Normal([5, 70001]);
        int threads = get_num_threads();
        try
        {
            set_num_threads(1);
            using var one = Functional.Resample(x, origFreq, newFreq);
            set_num_threads(3);
            using var three = Functional.Resample(x, origFreq, newFreq);
            Assert.That(Numbers.Values(three), Is.EqualTo(Numbers.Values(one)));
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    [TestCase(8000, 8421)]
    [TestCase(441, 160)]
    [TestCase(3, 2)]
    public void GradientsOfTheBandedFormAreThoseOfTheSum(long origFreq, long newFreq)
    {
        using var x = Noise.Normal([2, 61], dtype: ScalarType.Float64);
        GradCheck.Check(a => Functional.Resample(a[0], origFreq, newFreq, lowpassFilterWidth: 2, form: ResamplingForm.Banded), x);
    }

    [Test]
    public void AutoIsPolyphaseWithoutGradientAndDenseOnlyForSmallRatios()
    {
        var small = new SincKernel(new SampleRateRatio(20, 19));
        var large = new SincKernel(new SampleRateRatio(8000, 8421));
        using var x = zeros([1, 9]);
        using var needs = zeros([1, 9]).requires_grad_();
        Assert.That(ResamplingTable.Choose(ResamplingForm.Auto, small, x), Is.EqualTo(ResamplingForm.Polyphase));
        Assert.That(ResamplingTable.Choose(ResamplingForm.Auto, small, needs), Is.EqualTo(ResamplingForm.Conv1d));
        Assert.That(ResamplingTable.Choose(ResamplingForm.Auto, large, needs), Is.EqualTo(ResamplingForm.Banded));
        using (no_grad())
            Assert.That(ResamplingTable.Choose(ResamplingForm.Auto, large, needs), Is.EqualTo(ResamplingForm.Polyphase));
        foreach (var form in Forms)
            Assert.That(ResamplingTable.Choose(form, large, x), Is.EqualTo(form), "forced");
        Assert.That(() => Functional.Resample(needs, 20, 19, form: ResamplingForm.Polyphase),
            Throws.ArgumentException.With.Message.Contains("gradient"));
        Assert.That(() => Functional.Resample(x, 20, 19, form: (ResamplingForm)9),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("form"));
    }

    [Test]
    public void AutoDifferentiatesLargeRatios()
    {
        using var resample = new Resample(16000, 16842);
        Assert.That(resample.state_dict(), Is.Empty, "no dense kernel");
        using var x = Noise.Normal([2, 500]).requires_grad_();
        using var y = resample.call(x);
        Assert.That(y.requires_grad, Is.True);
        using var plain = resample.call(x.detach());
        Assert.That(Numbers.Values(y), Is.EqualTo(Numbers.Values(plain)).Within(4e-6));
    }

    [TestCaseSource(nameof(Forms))]
    public void TheModuleServesEveryForm(ResamplingForm form)
    {
        using var resample = new Resample(16000, 15200, form: form);
        Assert.That(resample.Form, Is.EqualTo(form));
        Assert.That(resample.state_dict().Count, Is.EqualTo(form == ResamplingForm.Conv1d ? 1 : 0));
        using var x = Noise.Normal([2, 300], dtype: ScalarType.Float64);
        using var y = resample.call(x);
        Assert.That(Numbers.Values(y)[..285], Is.EqualTo(ReferenceResampler.Apply(Numbers.Values(x)[..300], 20, 19)).Within(1e-12));
        LeakCheck.IsClean(() => resample.call(x));
        LeakCheck.IsClean(() => Functional.Resample(x, 3, 2, form: form));
        Assert.That(() => new Resample(1_000_003, 999_983, form: form), Throws.ArgumentException.With.Message.Contains("1000003:999983"));
    }

    [TestCaseSource(typeof(Devices), nameof(Devices.AllFloats))]
    public void TheBandedFormServesEveryDevice(DeviceType type, ScalarType dtype)
    {
        var device = Devices.Require(type);
        using var x = Noise.Normal([2, 900], dtype: dtype);
        using var y = Functional.Resample(x.to(device), 8000, 8421, form: ResamplingForm.Banded);
        using var expected = Functional.Resample(x, 8000, 8421, form: ResamplingForm.Polyphase);
        Assert.That(y.device_type, Is.EqualTo(type));
        Assert.That(Numbers.Values(y), Is.EqualTo(Numbers.Values(expected)).Within(dtype == ScalarType.Float64 ? 1e-12 : 5e-6));
    }

    [Test]
    public void TableOfALargeRatioIsBelowAMegabyte()
    {
        var kernel = new SincKernel(new SampleRateRatio(16000, 16842));
        Assert.That(PolyphaseTable.Make(kernel, ScalarType.Float32).Bytes, Is.LessThan(1 << 20));
        Assert.That((Int128)PolyphaseTable.Make(kernel, ScalarType.Float64).Bytes,
            Is.LessThanOrEqualTo(PolyphaseTable.BytesOf(kernel, ScalarType.Float64)));
        using var banded = BandedTable.Make(kernel, ScalarType.Float32, CPU);
        Assert.That((Int128)banded.Bytes, Is.EqualTo(BandedTable.BytesOf(kernel, ScalarType.Float32)));
    }
}
