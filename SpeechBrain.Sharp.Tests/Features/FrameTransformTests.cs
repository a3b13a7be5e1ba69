using NUnit.Framework;
using SpeechBrain.Sharp.Features;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Features;

/// <summary><see cref="Dct"/>, <see cref="Deltas"/> and <see cref="ContextWindow"/>.</summary>
[TestFixture]
public sealed class FrameTransformTests
{
    [Test]
    public void OrthogonalDctKeepsLengthsAndAngles()
    {
        using var dct = new Dct(12, 12);
        using var x = Noise.Normal([1, 5, 12], dtype: ScalarType.Float64);
        using var y = dct.call(x);
        Assert.That(Numbers.Values(y[0].matmul(y[0].t())), Is.EqualTo(Numbers.Values(x[0].matmul(x[0].t()))).Within(1e-12));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void DctEqualsTheSum(bool ortho)
    {
        using var dct = new Dct(7, 4, ortho);
        using var x = Noise.Normal([1, 2, 7], dtype: ScalarType.Float64);
        double[] values = Numbers.Values(x), result = Numbers.Values(dct.call(x));
        for (int t = 0; t < 2; t++)
        {
            for (int k = 0; k < 4; k++)
            {
                double sum = Enumerable.Range(0, 7).Sum(n => values[t * 7 + n] * Math.Cos(Math.PI / 7 * (n + 0.5) * k));
                double scale = ortho ? Math.Sqrt((k == 0 ? 1 : 2) / 7.0) : 2;
                Assert.That(result[t * 4 + k], Is.EqualTo(sum * scale).Within(1e-12));
            }
        }
    }

    [Test]
    public void DerivativeOfALineIsItsSlope([Values(3, 5, 9)] int window)
    {
        using var line = (arange(30.0, dtype: ScalarType.Float64) * 0.25 + 3).reshape(1, 30, 1);
        double[] slopes = Numbers.Values(Functional.Deltas(line, window));
        int border = window / 2;
        Assert.That(slopes[border..^border], Is.All.EqualTo(0.25).Within(1e-12));
        Assert.That(Numbers.Values(Functional.Deltas(ones(1, 4, 2), window)), Is.All.EqualTo(0).Within(1e-7), "a constant, borders included");
    }

    [Test]
    public void DerivativeEqualsTheSum()
    {
        using var x = Noise.Normal([2, 6, 3], dtype: ScalarType.Float64);
        double[] values = Numbers.Values(x), result = Numbers.Values(Functional.Deltas(x));
        for (int b = 0; b < 2; b++)
            for (int t = 0; t < 6; t++)
                for (int f = 0; f < 3; f++)
                    Assert.That(
                        result[(b * 6 + t) * 3 + f],
                        Is.EqualTo(Enumerable.Range(-2, 5).Sum(k => k * values[(b * 6 + Math.Clamp(t + k, 0, 5)) * 3 + f]) / 10).Within(1e-12));
    }

    [Test]
    public void ContextEqualsTheCopies([Values(0, 1, 3)] int left, [Values(0, 2)] int right)
    {
        using var x = Noise.Normal([2, 4, 3]);
        double[] values = Numbers.Values(x);
        Assert.That(
            Numbers.Values(Functional.ContextWindow(x, left, right)),
            Is.EqualTo(
                from b in Enumerable.Range(0, 2)
                from t in Enumerable.Range(0, 4)
                from f in Enumerable.Range(0, 3)
                from k in Enumerable.Range(-left, left + 1 + right)
                select t + k is >= 0 and < 4 ? values[(b * 4 + t + k) * 3 + f] : 0));
    }

    [Test]
    public void ModulesEqualFunctions()
    {
        using var x = Noise.Normal([2, 4, 3]);
        Assert.That(Numbers.Values(new Deltas(3).call(x)), Is.EqualTo(Numbers.Values(Functional.Deltas(x))));
        Assert.That(Numbers.Values(new ContextWindow(1, 2).call(x)), Is.EqualTo(Numbers.Values(Functional.ContextWindow(x, 1, 2))));
    }

    [Test]
    public void ChannelsAreTransformedOneByOne()
    {
        using var scope = NewDisposeScope();
        var x = Noise.Normal([2, 5, 4, 3]);
        foreach (var transform in (Func<Tensor, Tensor>[])[new Dct(4, 2).call, a => Functional.Deltas(a), a => Functional.ContextWindow(a, 1, 2)])
            for (long c = 0; c < 3; c++)
                Assert.That(Numbers.Values(transform(x).select(3, c)), Is.EqualTo(Numbers.Values(transform(x.select(3, c)))).Within(1e-6));
    }

    [TestCase(ScalarType.Float16)]
    [TestCase(ScalarType.BFloat16)]
    public void HalfPrecisionWorks(ScalarType dtype)
    {
        using var x = Noise.Normal([1, 5, 4], dtype: dtype);
        using var single = x.to_type(ScalarType.Float32);
        Assert.That(Functional.Deltas(x).dtype, Is.EqualTo(dtype));
        Assert.That(Numbers.Values(Functional.Deltas(x)), Is.EqualTo(Numbers.Values(Functional.Deltas(single))).Within(0.02));
        Assert.That(Functional.ContextWindow(x, 1, 1).dtype, Is.EqualTo(dtype));
        Assert.That(Numbers.Values(new Dct(4, 4).call(x)), Is.EqualTo(Numbers.Values(new Dct(4, 4).call(single))));
    }

    [Test]
    public void GradientsAreThoseOfTheSums()
    {
        using var dct = new Dct(3, 2);
        using var x = Noise.Normal([1, 4, 3], dtype: ScalarType.Float64);
        GradCheck.Check(a => dct.call(a[0]), x);
        GradCheck.Check(a => Functional.Deltas(a[0]), x);
        GradCheck.Check(a => Functional.ContextWindow(a[0], 1, 1), x);
    }

    private static IEnumerable<TestCaseData> WrongArguments()
    {
        yield return Row("nOut", () => new Dct(4, 5));
        yield return Row("inputSize", () => new Dct(0));
        yield return Row("x", () => new Dct(4, 2).call(zeros(1, 2, 5)));
        yield return Row("windowLength", () => new Deltas(4, 2));
        yield return Row("x", () => new Deltas(4).call(zeros(1, 2, 5)));
        yield return Row("x", () => Functional.Deltas(zeros(1, 0, 5)));
        yield return Row("x", () => Functional.Deltas(zeros([1, 2, 5], ScalarType.Int64)));
        yield return Row("leftFrames", () => new ContextWindow(-1));
        yield return Row("x", () => Functional.ContextWindow(zeros(1, 2), 1, 1));

        static TestCaseData Row(string name, Func<object> make) => new(name, make);
    }

    [TestCase(0, 4, 3)]
    [TestCase(2, 0, 3)]
    [TestCase(2, 4, 0)]
    public void AContextOfNothingIsNothing(long batch, long frames, long features)
    {
        using var scope = NewDisposeScope();
        Assert.That(Functional.ContextWindow(zeros(batch, frames, features), 1, 2).shape, Is.EqualTo(new[] { batch, frames, 4 * features }));
        Assert.That(Functional.ContextWindow(zeros(batch, frames, features, 5), 1, 2).shape, Is.EqualTo(new[] { batch, frames, 4 * features, 5 }));
    }

    [TestCaseSource(nameof(WrongArguments))]
    public void WrongArgumentsAreNamed(string name, Func<object> make) =>
        Assert.That(() => make(), Throws.InstanceOf<ArgumentException>().With.Property("ParamName").EqualTo(name));

    [Test]
    public void CallsLeaveNothingBehind()
    {
        using var dct = new Dct(4, 2);
        using var x = Noise.Normal([2, 5, 4, 3], dtype: ScalarType.BFloat16);
        LeakCheck.IsClean(() => dct.call(x));
        LeakCheck.IsClean(() => Functional.Deltas(x));
        LeakCheck.IsClean(() => Functional.ContextWindow(x, 1, 2));
    }
}
