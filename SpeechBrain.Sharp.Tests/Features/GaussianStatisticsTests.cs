using NUnit.Framework;
using SpeechBrain.Sharp.Features;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Features;

[TestFixture]
public sealed class GaussianStatisticsTests
{
    [Test]
    public void EqualANaivePass([Values] bool masked)
    {
        using var scope = NewDisposeScope();
        var x = Noise.Normal([3, 7, 4], dtype: ScalarType.Float64);
        long[] lengths = masked ? [7, 4, 2] : [7, 7, 7];
        var mask = masked ? Functional.LengthToMask(tensor(lengths), 7, ScalarType.Bool).unsqueeze(2) : null;
        var moments = Functional.GaussianStatistics(x, mask, 0, 1);
        double[] values = Numbers.Values(x);
        Assert.That(moments.Count.item<long>(), Is.EqualTo(lengths.Sum()));
        for (int f = 0; f < 4; f++)
        {
            double[] column = [.. from b in Enumerable.Range(0, 3) from t in Enumerable.Range(0, (int)lengths[b]) select values[(b * 7 + t) * 4 + f]];
            double mean = column.Average();
            Assert.That(Numbers.Values(moments.Mean)[f], Is.EqualTo(mean).Within(1e-12));
            Assert.That(Numbers.Values(moments.Variance)[f], Is.EqualTo(column.Average(v => (v - mean) * (v - mean))).Within(1e-12));
        }
    }

    [Test]
    public void WithoutDimensionsEverythingIsReduced()
    {
        using var scope = NewDisposeScope();
        var moments = Functional.GaussianStatistics(tensor(new[,] { { 1.0, 3, 0 } }), tensor(new[,] { { true, true, false } }));
        Assert.That((moments.Count.item<long>(), moments.Mean.item<double>(), moments.Variance.item<double>()), Is.EqualTo((2L, 2.0, 1.0)));
        Assert.That(moments.Mean.dim(), Is.Zero);
    }

    [Test]
    public void CombinedEqualBothAtOnce()
    {
        using var scope = NewDisposeScope();
        var a = Noise.Normal([5, 3], 1, ScalarType.Float64);
        var b = Noise.Normal([9, 3], 2, ScalarType.Float64) * 4 + 1;
        var combined = Functional.CombineGaussianStatistics(Functional.GaussianStatistics(a, null, 0), Functional.GaussianStatistics(b, null, 0));
        var whole = Functional.GaussianStatistics(cat([a, b]), null, 0);
        Assert.That(combined.Count.item<long>(), Is.EqualTo(14));
        Assert.That(Numbers.Values(combined.Mean), Is.EqualTo(Numbers.Values(whole.Mean)).Within(1e-12));
        Assert.That(Numbers.Values(combined.Variance), Is.EqualTo(Numbers.Values(whole.Variance)).Within(1e-12));
    }

    [Test]
    public void NothingValidIsZeroNotNaN()
    {
        using var scope = NewDisposeScope();
        var x = Noise.Normal([2, 3, 1]);
        var none = Functional.GaussianStatistics(x, zeros([2, 3, 1], ScalarType.Bool), 0, 1);
        Assert.That((none.Count.item<long>(), none.Mean.item<float>(), none.Variance.item<float>()), Is.EqualTo((0L, 0f, 0f)));
        var some = Functional.GaussianStatistics(x, null, 0, 1);
        foreach (var joined in (GaussianMoments[])[Functional.CombineGaussianStatistics(none, some), Functional.CombineGaussianStatistics(some, none)])
            Assert.That((joined.Mean.item<float>(), joined.Variance.item<float>()), Is.EqualTo((some.Mean.item<float>(), some.Variance.item<float>())));
        Assert.That(Functional.CombineGaussianStatistics(none, none).Mean.item<float>(), Is.Zero);
    }

    [Test]
    public void GarbageUnderTheMaskDoesNotMatter()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { 1f, 3f, float.NaN, float.PositiveInfinity }).reshape(1, 4, 1);
        var moments = Functional.GaussianStatistics(x, tensor(new[] { true, true, false, false }).reshape(1, 4, 1), 0, 1);
        Assert.That((moments.Mean.item<float>(), moments.Variance.item<float>()), Is.EqualTo((2f, 1f)));
    }

    [Test]
    public void ALongRunKeepsItsCount()
    {
        // More frames than float32 can count: the weight of the next batch must not vanish with it.
        using var scope = NewDisposeScope();
        var run = new GaussianMoments(tensor(100_000_001L), zeros(1, ScalarType.Float64), zeros(1, ScalarType.Float64));
        var next = new GaussianMoments(tensor(1L), ones(1, ScalarType.Float64), zeros(1, ScalarType.Float64));
        var joined = Functional.CombineGaussianStatistics(run, next);
        Assert.That(joined.Count.item<long>(), Is.EqualTo(100_000_002));
        Assert.That(joined.Mean.item<double>(), Is.EqualTo(1 / 100_000_002.0).Within(1e-20));
    }

    [Test]
    public void WrongArgumentsAreRefused()
    {
        var x = zeros(2, 3, 4);
        Assert.That(() => Functional.GaussianStatistics(x, zeros(2, 3, 1), 0, 1), Throws.ArgumentException.With.Message.Contains("bool [2, 3, 1]"));
        Assert.That(() => Functional.GaussianStatistics(x, zeros([2, 3, 4], ScalarType.Bool), 0, 1), Throws.ArgumentException.With.Message.Contains("bool [2, 3, 1]"));
        Assert.That(() => Functional.GaussianStatistics(x, null, 3), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => Functional.GaussianStatistics(x, null, 1, 1), Throws.ArgumentException.With.Message.Contains("once"));
        Assert.That(() => Functional.MeanStdUpdate(x, null, [0, 1], ones([2], ScalarType.Int64), zeros(4), ones(4)),
            Throws.ArgumentException.With.Message.Contains("one number"));
        Assert.That(() => Functional.MeanStdUpdate(x, null, [0, 1], ones([], ScalarType.Int64), zeros(4), ones(3)),
            Throws.ArgumentException.With.Message.Contains("one shape"));
        Assert.That(() => Functional.CombineGaussianStatistics(default, default), Throws.ArgumentNullException);
        Assert.That(() => Functional.GaussianStatistics(zeros([2], ScalarType.Int64)), Throws.ArgumentException.With.Message.Contains("float32"));
    }

    [Test]
    public void CallsLeaveNothingBehind()
    {
        using var x = Noise.Normal([2, 3, 4]);
        using var mask = ones([2, 3, 1], ScalarType.Bool);
        LeakCheck.IsClean(() =>
        {
            using var a = Functional.GaussianStatistics(x, mask, 0, 1);
            using var b = Functional.GaussianStatistics(x, null, 0, 1);
            using var c = Functional.CombineGaussianStatistics(a, b);
            var (count, mean, std) = Functional.MeanStdUpdate(x, mask, [0, 1], a.Count, a.Mean, a.Variance);
            count.Dispose();
            mean.Dispose();
            std.Dispose();
        });
    }
}
