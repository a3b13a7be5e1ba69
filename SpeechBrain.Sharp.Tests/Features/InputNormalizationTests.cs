using NUnit.Framework;
using SpeechBrain.Sharp.Features;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Features;

[TestFixture]
public sealed class InputNormalizationTests
{
    private static readonly float[] Relative = [1f, 0.5f, 0.7f];
    private static readonly int[] Valid = [10, 5, 7];

    private static double[][] Columns(double[] values, IEnumerable<int> items, int features = 4, int time = 10) =>
        [.. Enumerable.Range(0, features).Select(f => (from b in items from t in Enumerable.Range(0, Valid[b]) select values[(b * time + t) * features + f]).ToArray())];

    private static (double Mean, double Std) Moments(double[] column)
    {
        double mean = column.Average();
        return (mean, Math.Sqrt(column.Average(v => (v - mean) * (v - mean))));
    }

    [Test]
    public void EachTypeEqualsANaivePass([Values] NormType type, [Values] bool stdNorm)
    {
        using var scope = NewDisposeScope();
        using var norm = new InputNormalization(stdNorm, type);
        var x = Noise.Normal([3, 10, 4], dtype: ScalarType.Float64) * 3 + 2;
        double[] values = Numbers.Values(x), result = Numbers.Values(norm.call(x, tensor(Relative)));
        for (int b = 0; b < 3; b++)
        {
            double[][] columns = Columns(values, type == NormType.Sentence ? [b] : [0, 1, 2]);
            for (int t = 0; t < 10; t++)
            {
                for (int f = 0; f < 4; f++)
                {
                    var (mean, std) = Moments(columns[f]);
                    int i = (b * 10 + t) * 4 + f;
                    Assert.That(result[i], Is.EqualTo((values[i] - mean) / (stdNorm ? std : 1)).Within(1e-9), "padding is normalised too");
                }
            }
        }
    }

    [Test]
    public void GlobalStatisticsAreThoseOfAllFramesSeen()
    {
        using var scope = NewDisposeScope();
        using var norm = new InputNormalization(updateUntilEpoch: null);
        var seen = Enumerable.Range(0, 4).Select(_ => new List<double>()).ToArray();
        for (ulong step = 1; step <= 5; step++)
        {
            var x = Noise.Normal([3, 10, 4], step, ScalarType.Float64) * step + step;
            norm.call(x, tensor(Relative), (long)step);
            foreach (var (all, batch) in seen.Zip(Columns(Numbers.Values(x), [0, 1, 2])))
                all.AddRange(batch);
            Assert.That(norm.Count, Is.EqualTo(22 * (long)step));
            for (int f = 0; f < 4; f++)
            {
                var (mean, std) = Moments([.. seen[f]]);
                Assert.That(Numbers.Values(norm.GlobMean!)[f], Is.EqualTo(mean).Within(1e-10));
                Assert.That(Numbers.Values(norm.GlobStd!)[f], Is.EqualTo(std).Within(1e-10));
            }
        }
    }

    [Test]
    public void StatisticsStayInEvaluationAndFromTheirEpochOn()
    {
        using var scope = NewDisposeScope();
        using var norm = new InputNormalization(updateUntilEpoch: 3);
        var x = Noise.Normal([2, 5, 4]);
        norm.call(x, null, 1);
        norm.call(x, null, 2);
        Assert.That(norm.Count, Is.EqualTo(20));
        norm.call(x, null, 3);
        Assert.That(norm.Count, Is.EqualTo(20), "epoch 3");
        norm.eval();
        norm.call(x, null, 1);
        Assert.That(norm.Count, Is.EqualTo(20), "evaluation");
        norm.train();
        norm.call(x);
        Assert.That(norm.Count, Is.EqualTo(30), "training without an epoch");
        using var never = new InputNormalization(updateUntilEpoch: 0);
        Assert.That(() => never.call(x, null, 1), Throws.InvalidOperationException);
    }

    [Test]
    public void GlobalNormalisationNeedsStatistics()
    {
        using var norm = new InputNormalization();
        norm.eval();
        Assert.That(norm.HasStatistics, Is.False);
        Assert.That(norm.Count, Is.Zero);
        Assert.That(norm.GlobMean, Is.Null);
        Assert.That(() => norm.call(zeros(1, 2, 3)), Throws.InvalidOperationException.With.Message.Contains("load statistics"));
        Assert.That(() => norm.StatisticsDict(), Throws.InvalidOperationException);
    }

    [Test]
    public void StatisticsCanBeSavedAndLoaded()
    {
        using var scope = NewDisposeScope();
        using var norm = new InputNormalization();
        var x = Noise.Normal([3, 10, 4]);
        norm.call(x, tensor(Relative), 1);
        var saved = norm.StatisticsDict();
        Assert.That(saved.Keys, Is.EquivalentTo(new[] { "count", "glob_mean", "glob_std" }));
        using var loaded = new InputNormalization();
        loaded.LoadStatisticsDict(saved);
        foreach (var tensor in saved.Values)
            tensor.Dispose();
        Assert.That(loaded.Count, Is.EqualTo(22));
        // Both go on alike.
        var next = Noise.Normal([3, 10, 4], 2);
        Assert.That(Numbers.Values(loaded.call(next, tensor(Relative), 1)), Is.EqualTo(Numbers.Values(norm.call(next, tensor(Relative), 1))));
        Assert.That(norm.state_dict(), Is.Empty);
    }

    [Test]
    public void WrongStatisticsAreRefused()
    {
        using var norm = new InputNormalization();
        Assert.That(() => norm.LoadStatisticsDict(new Dictionary<string, Tensor> { ["count"] = tensor(1L) }), Throws.ArgumentException.With.Message.Contains("glob_mean"));
        Assert.That(
            () => norm.LoadStatisticsDict(new Dictionary<string, Tensor> { ["count"] = tensor(1.5f), ["glob_mean"] = zeros(3), ["glob_std"] = zeros(3) }),
            Throws.ArgumentException.With.Message.Contains("one integer"));
        Assert.That(
            () => norm.LoadStatisticsDict(new Dictionary<string, Tensor> { ["count"] = tensor(1L), ["glob_mean"] = zeros(3), ["glob_std"] = zeros(4) }),
            Throws.ArgumentException.With.Message.Contains("one shape"));
        Assert.That(norm.HasStatistics, Is.False);
    }

    [Test]
    public void PaddingMayBeLeftAlone([Values] NormType type)
    {
        using var scope = NewDisposeScope();
        using var norm = new InputNormalization(normType: type, avoidPaddingNorm: true);
        using var plain = new InputNormalization(normType: type);
        var x = Noise.Normal([3, 10, 4]);
        var lengths = tensor(Relative);
        double[] values = Numbers.Values(x), result = Numbers.Values(norm.call(x, lengths)), normalised = Numbers.Values(plain.call(x, lengths));
        for (int i = 0; i < values.Length; i++)
            Assert.That(result[i], Is.EqualTo(i / 4 % 10 < Valid[i / 40] ? normalised[i] : values[i]).Within(1e-6));
    }

    [Test]
    public void GarbageInPaddingDoesNotMatter([Values] NormType type)
    {
        using var scope = NewDisposeScope();
        var x = Noise.Normal([2, 4, 1]);
        var spoiled = x.clone();
        spoiled[1, 2..] = tensor(float.NaN);
        var lengths = tensor(new[] { 1f, 0.5f });
        using var a = new InputNormalization(normType: type);
        using var b = new InputNormalization(normType: type);
        Assert.That(Numbers.Values(a.call(x, lengths))[..6], Is.EqualTo(Numbers.Values(b.call(spoiled, lengths))[..6]));
    }

    [Test]
    public void ConstantFeaturesBecomeZero([Values] NormType type)
    {
        using var norm = new InputNormalization(normType: type);
        Assert.That(Numbers.Values(norm.call(full([2, 5, 3], -100f))), Is.All.EqualTo(0));
    }

    [Test]
    public void AnEmptyItemChangesNothing([Values] NormType type)
    {
        using var scope = NewDisposeScope();
        using var norm = new InputNormalization(normType: type);
        double[] result = Numbers.Values(norm.call(cat([Noise.Normal([1, 4, 2]), zeros(1, 4, 2)]), tensor(new[] { 1f, 0f })));
        Assert.That(result.All(double.IsFinite), Is.True);
    }

    [Test]
    public void LengthsMayBelongToAnotherDimension()
    {
        using var scope = NewDisposeScope();
        using var turned = new InputNormalization(normType: NormType.Sentence, lengthDim: 2);
        using var plain = new InputNormalization(normType: NormType.Sentence);
        var x = Noise.Normal([3, 10, 4]);
        Assert.That(
            Numbers.Values(turned.call(x.transpose(1, 2), tensor(Relative)).transpose(1, 2)),
            Is.EqualTo(Numbers.Values(plain.call(x, tensor(Relative)))).Within(1e-6));
    }

    [Test]
    public void GradientsAreThoseOfTheFormula([Values(NormType.Batch, NormType.Sentence)] NormType type)
    {
        using var norm = new InputNormalization(normType: type);
        using var x = Noise.Normal([2, 4, 2], dtype: ScalarType.Float64);
        GradCheck.Check(a => norm.call(a[0], tensor(new[] { 1f, 0.5f })), x);
    }

    [Test]
    public void GlobalStatisticsAreConstantsToAutograd()
    {
        using var scope = NewDisposeScope();
        using var norm = new InputNormalization();
        var x = Noise.Normal([2, 4, 2]).requires_grad_();
        norm.call(x).sum().backward();
        Assert.That(norm.GlobMean!.requires_grad, Is.False);
        Assert.That(Numbers.Values(x.grad!), Is.EqualTo(Numbers.Values((ones(2, 4, 2) / norm.GlobStd!))).Within(1e-5));
    }

    [TestCaseSource(typeof(Devices), nameof(Devices.All))]
    public void StatisticsFollowTheInput(DeviceType type)
    {
        var device = Devices.Require(type);
        using var scope = NewDisposeScope();
        using var norm = new InputNormalization();
        using var onCpu = new InputNormalization();
        var first = Noise.Normal([2, 6, 3], 1);
        var second = Noise.Normal([2, 6, 3], 2);
        norm.call(first);
        onCpu.call(first);
        var y = norm.call(second.to(device));
        Assert.That(y.device_type, Is.EqualTo(type));
        Assert.That(norm.GlobMean!.device_type, Is.EqualTo(type));
        Assert.That(Numbers.Values(y), Is.EqualTo(Numbers.Values(onCpu.call(second))).Within(1e-4));
    }

    [Test]
    public void WrongArgumentsAreRefused()
    {
        using var norm = new InputNormalization();
        norm.call(ones(2, 3, 4));
        Assert.That(() => norm.call(ones(2, 3, 5)), Throws.ArgumentException.With.Message.Contains("running statistics"));
        Assert.That(() => norm.call(ones(3)), Throws.ArgumentException.With.Message.Contains("[batch, frames, ...]"));
        Assert.That(() => norm.call(ones(2, 3, 4), ones(3)), Throws.ArgumentException.With.Message.Contains("must be 2"));
        Assert.That(() => norm.call(ones([2, 3, 4], ScalarType.Float16)), Throws.ArgumentException.With.Message.Contains("float32"));
        Assert.That(() => new InputNormalization(lengthDim: 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new InputNormalization(epsilon: 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new InputNormalization(normType: (NormType)5), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void CallsLeaveNothingBehind([Values] NormType type)
    {
        using var norm = new InputNormalization(normType: type, avoidPaddingNorm: true);
        using var x = Noise.Normal([3, 10, 4]);
        using var lengths = tensor(Relative);
        norm.call(x, lengths).Dispose();     // makes the running statistics
        LeakCheck.IsClean(() => norm.call(x, lengths));
        LeakCheck.IsClean(() => norm.call(x));
        LeakCheck.IsClean(() =>
        {
            using var made = new InputNormalization();
            using var y = made.call(x, lengths);
        });
    }

    [Test]
    public void NoStatisticMayBeMissing()
    {
        using var norm = new InputNormalization();
        using var scope = NewDisposeScope();
        Assert.That(
            () => norm.LoadStatisticsDict(new Dictionary<string, Tensor> { ["count"] = tensor(1L), ["glob_mean"] = null!, ["glob_std"] = ones(4) }),
            Throws.ArgumentException.With.Message.Contains("glob_mean"));
    }
}
