using NUnit.Framework;
using SpeechBrain.Sharp.Tests.Testing;
using SpeechBrain.Sharp.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Training;

[TestFixture]
public sealed class WeightUpdateTests
{
    private static double[] All(double value) => [.. Enumerable.Repeat(value, 6)];

    [Test]
    public void SeveralBatchesMakeTheUpdateOfTheirMean()
    {
        using var slope = new Slope(new() { GradAccumulationFactor = 3, MaxGradNorm = 0 });
        Assert.That(slope.Batch(1, loss: 5), Is.EqualTo(new WeightUpdateResult(5, true, false, null, 1)));
        Assert.That((slope.Batch(4).Stepped, slope.Update.Waiting, slope.Update.OptimizerSteps), Is.EqualTo((false, 2, 0L)));
        Assert.That(slope.Weights, Is.All.Zero);
        var last = slope.Batch(7);
        Assert.That((last.Stepped, slope.Update.Waiting, slope.Update.OptimizerSteps), Is.EqualTo((true, 0, 1L)));
        Assert.That(last.GradNorm, Is.EqualTo(4 * Math.Sqrt(6)).Within(1e-12));
        Assert.That(slope.Weights, Is.EqualTo(All(-4)).Within(1e-12));
    }

    [Test]
    public void AccumulatingPartsEqualsTheWholeBatchForAdamWToo()
    {
        using var scope = NewDisposeScope();
        var data = Noise.Normal([12, 4]);
        double[] whole = Train(1, 12), parts = Train(4, 3);
        Assert.That(parts, Is.EqualTo(whole).Within(1e-6));

        double[] Train(int factor, int rows)
        {
            random.manual_seed(5);
            using var model = nn.Sequential(("a", nn.Linear(4, 6)), ("b", nn.Tanh()), ("c", nn.Linear(6, 1)));
            Parameter[] weights = [.. model.parameters()];
            using var optimizer = optim.AdamW(weights, 0.1);
            using var update = new WeightUpdate(optimizer, weights, new() { GradAccumulationFactor = factor, MaxGradNorm = 0.1 });
            for (int epoch = 0; epoch < 5; epoch++)
                for (int row = 0; row < 12; row += rows)
                    update.Backward((model.call(data[row..(row + rows)]) - 1).square().mean(), []);
            Assert.That(update.OptimizerSteps, Is.EqualTo(5));
            return [.. weights.SelectMany(w => Numbers.Values(w))];
        }
    }

    [Test]
    public void LeftoversMakeTheUpdateOfTheirOwnMean([Values] bool knownToBeLast)
    {
        using var slope = new Slope(new() { GradAccumulationFactor = 4, MaxGradNorm = 0 });
        slope.Batch(1);
        bool stepped = knownToBeLast ? slope.Batch(3, lastOfEpoch: true).Stepped : !slope.Batch(3).Stepped && slope.Update.EndEpoch();
        Assert.That(stepped, Is.True);
        Assert.That(slope.Weights, Is.EqualTo(All(-2)).Within(1e-12), "the mean of two, not a quarter of their sum");
        Assert.That(slope.Update.EndEpoch(), Is.False, "nothing waits any more");
        Assert.That((slope.Update.Waiting, slope.Update.OptimizerSteps), Is.EqualTo((0, 1L)));
    }

    [Test]
    public void LeftoversAreThrownAwayAsInSpeechBrainIfAskedTo([Values] bool knownToBeLast)
    {
        using var slope = new Slope(new() { GradAccumulationFactor = 2, MaxGradNorm = 0, UseLeftovers = false }, new NoamScheduler(1, 1));
        slope.Batch(1);
        slope.Batch(1);
        double[] before = slope.Weights;
        Assert.That(slope.Batch(50, lastOfEpoch: knownToBeLast).Stepped, Is.False);
        if (!knownToBeLast)
            Assert.That(slope.Update.EndEpoch(), Is.False);
        Assert.That((slope.Update.Waiting, slope.Update.OptimizerSteps), Is.EqualTo((0, 1L)));
        Assert.That(slope.Weights, Is.EqualTo(before));
        slope.Batch(0);
        slope.Batch(0);
        Assert.That(slope.Weights, Is.EqualTo(before), "the gradient of 50 is forgotten");
    }

    [Test]
    public void ALongGradientIsShortenedOverAllGroups()
    {
        using var slope = new Slope(new() { MaxGradNorm = 3 });
        var result = slope.Batch(100);
        Assert.That(result.GradNorm, Is.EqualTo(100 * Math.Sqrt(6)).Within(1e-9), "before clipping");
        Assert.That(slope.Weights, Is.EqualTo(All(-3 / Math.Sqrt(6))).Within(1e-6));

        using var shorter = new Slope(new() { MaxGradNorm = 3 });
        shorter.Batch(1);
        Assert.That(shorter.Weights, Is.EqualTo(All(-1)), "a short one stays as it is, bit for bit");
    }

    [Test]
    public void AZeroThresholdSwitchesClippingOff()
    {
        using var slope = new Slope(new() { MaxGradNorm = 0 });
        slope.Batch(1e6);
        Assert.That(slope.Weights, Is.EqualTo(All(-1e6)));
    }

    [Test]
    public void ABatchThatIsNotFiniteHarmsNothingThatWaits([Values(0, 1, 2)] int place, [Values] bool steep)
    {
        using var bad = new Slope(new() { GradAccumulationFactor = 3, MaxGradNorm = 0 });
        using var good = new Slope(new() { GradAccumulationFactor = 2, MaxGradNorm = 0 });
        for (int update = 0; update < 2; update++)
        {
            for (int batch = 0; batch < 3; batch++)
            {
                if (batch != place)
                    bad.Batch(batch * 0.25);
                else if (steep)
                    Assert.That(bad.Steep() is { Finite: false, Loss: 0 }, Is.True);
                else
                    Assert.That(bad.Batch(double.NaN).Finite, Is.False);
                if (batch != place)
                    good.Batch(batch * 0.25);
            }
        }
        Assert.That(bad.Weights, Is.EqualTo(good.Weights).Within(1e-15), "as if it had not been there");
        Assert.That(bad.Update.OptimizerSteps, Is.EqualTo(2));
        Assert.That((bad.Update.SkippedLosses, bad.Update.SkippedGradients), Is.EqualTo(steep ? (0L, 2L) : (2L, 0L)));
    }

    [Test]
    public void WithNoGoodBatchThereIsNoUpdate()
    {
        using var slope = new Slope(new() { GradAccumulationFactor = 2 }, new NoamScheduler(1, 4));
        slope.Batch(double.NaN);
        var result = slope.Batch(1, loss: double.PositiveInfinity, lastOfEpoch: true);
        Assert.That(result, Is.EqualTo(new WeightUpdateResult(double.PositiveInfinity, false, false, null, 1)));
        Assert.That(slope.Update.OptimizerSteps, Is.Zero);
        Assert.That(slope.Optimizer.ParamGroups.First().LearningRate, Is.EqualTo(1), "nor does the rate change");
        Assert.That(slope.Weights, Is.All.Zero);
    }

    [Test]
    public void GradientsWhoseSumOverflowsAreSkippedTogether()
    {
        using var slope = new Slope(new() { GradAccumulationFactor = 2, NonfinitePatience = 2 });
        slope.Batch(8e153, id: "first");
        var result = slope.Batch(8e153, id: "second"); // 6 * (8e153 / 2)^2 is a float64, 6 * (8e153)^2 is not
        Assert.That((result.Finite, result.Stepped, slope.Update.SkippedGradients), Is.EqualTo((true, false, 1L)));
        Assert.That(slope.Weights, Is.All.Zero);
        Assert.That(slope.Log.Single(), Does.Contain("gradient norm Infinity").And.Contain("first, second"));
        Assert.That(slope.Batch(1).Stepped, Is.False, "the next update begins anew");
        slope.Batch(1);
        slope.Batch(8e153, id: "third");
        Assert.That(slope.Batch(8e153, id: "fourth", lastOfEpoch: true).Stepped, Is.False);
        Assert.That(slope.Log[^1], Does.Contain("third, fourth").And.Not.Contain("second"));
    }

    [Test]
    public void SkippedBatchesAreNamedAndTheirNumberIsLimited()
    {
        using var slope = new Slope(new() { NonfinitePatience = 2 });
        slope.Batch(double.NaN, id: "84-1-0");
        slope.Steep("84-1-1");
        Assert.That(slope.Log, Has.Count.EqualTo(2));
        Assert.That(slope.Log[0], Does.Contain("1 of 2").And.Contain("loss NaN").And.Contain("84-1-0"));
        Assert.That(slope.Log[1], Does.Contain("2 of 2").And.Contain("loss 0").And.Contain("gradient norm Infinity").And.Contain("84-1-1"));
        slope.Batch(1);
        double[] before = slope.Weights;
        Assert.That(() => slope.Batch(double.NaN, id: "84-1-2"), Throws.TypeOf<NotFiniteNumberException>()
            .With.Message.Contains("84-1-0").And.Message.Contains("84-1-1").And.Message.Contains("84-1-2").And.Message.Contains("patience"));
        Assert.That(slope.Weights, Is.EqualTo(before));
        Assert.That(slope.Batch(0).Stepped, Is.True, "who goes on all the same may");
        Assert.That(slope.Update.SkippedThisEpoch.Select(b => b.UtteranceIds[0]), Is.EqualTo(new[] { "84-1-0", "84-1-1", "84-1-2" }));
    }

    [Test]
    public void EachEpochHasItsOwnPatience([Values] bool knownToBeLast)
    {
        using var slope = new Slope(new() { NonfinitePatience = 1 });
        for (int epoch = 0; epoch < 3; epoch++)
        {
            slope.Batch(double.NaN, id: $"{epoch}", lastOfEpoch: knownToBeLast);
            if (!knownToBeLast)
                slope.Update.EndEpoch();
            Assert.That(slope.Update.SkippedThisEpoch.Single().UtteranceIds, Is.EqualTo(new[] { $"{epoch}" }), "to be read at the epoch's end");
        }
        slope.Batch(1);
        Assert.That(slope.Update.SkippedThisEpoch, Is.Empty);
        Assert.That(slope.Update.SkippedLosses, Is.EqualTo(3));
    }

    [Test]
    public void LongListsOfUtterancesAreCutShort() => Assert.That(
        new SkippedBatch(double.NaN, 1, [.. Enumerable.Range(100, 20).Select(i => $"u{i}")]).ToString(),
        Does.Contain("u100, ").And.Contain("u115 and 4 more").And.Not.Contain("u116"));

    [Test]
    public void TheScheduleComesBeforeTheStepOrAsInSpeechBrainAfterIt()
    {
        var noam = new NoamScheduler(1, 4);
        using var first = new Slope(schedule: new NoamScheduler(1, 4));
        Assert.That(Enumerable.Range(0, 6).Select(_ => first.Batch(0).LearningRate), Is.EqualTo(Enumerable.Range(1, 6).Select(n => noam.LrAt(n))));
        using var after = new Slope(new() { ScheduleFirst = false }, new NoamScheduler(1, 4));
        Assert.That(Enumerable.Range(0, 6).Select(_ => after.Batch(0).LearningRate),
            Is.EqualTo(Enumerable.Range(0, 6).Select(n => n == 0 ? 1.0 : noam.LrAt(n))));
        Assert.That(after.Optimizer.ParamGroups.Select(g => g.LearningRate), Is.All.EqualTo(noam.LrAt(6)));
    }

    [Test]
    public void AParameterThatSomeBatchesDoNotUseIsSummedOverTheOthers([Values(0, 1, 2)] int bad)
    {
        using var slope = new Slope(new() { GradAccumulationFactor = 3, MaxGradNorm = 0 });
        int vector = 0;
        for (int batch = 0; batch < 3; batch++)
        {
            using var scope = NewDisposeScope();
            slope.Update.Backward(batch == bad ? slope.Matrix.sum() * double.NaN : slope.Vector.sum() * (3 * ++vector), ["a"]);
        }
        Assert.That(slope.Update.OptimizerSteps, Is.EqualTo(1));
        Assert.That(slope.Weights, Is.EqualTo(new[] { 0, 0, 0, 0, -4.5, -4.5 }).Within(1e-12));
    }

    [Test]
    public void ParametersOfTwoTypesAreClippedTogether()
    {
        using var scope = NewDisposeScope();
        using var single = new Parameter(zeros(9));
        using var twice = new Parameter(zeros(16, ScalarType.Float64));
        using var optimizer = optim.SGD([single, twice], 1.0);
        using var update = new WeightUpdate(optimizer, [single, twice], new() { MaxGradNorm = 1 });
        Assert.That(update.Backward(single.sum() + twice.sum(), []).GradNorm, Is.EqualTo(5).Within(1e-6));
        Assert.That(Numbers.Values(single).Concat(Numbers.Values(twice)), Is.All.EqualTo(-0.2).Within(1e-6));
    }

    [TestCaseSource(typeof(Devices), nameof(Devices.All))]
    public void EachBatchReadsTheDeviceOnce(DeviceType type)
    {
        var device = Devices.Require(type);
        using var meter = new OperatorMeter();
        using var figures = zeros(3, ScalarType.Float64, device);
        var once = meter.Count(() =>
        {
            using var host = figures.cpu();
            host.data<double>().ToArray();
        });
        foreach (var (factor, scaled) in ((int, bool)[])[(1, false), (3, false), (3, true)])
        {
            using var slope = new Slope(
                new() { GradAccumulationFactor = factor }, new NoamScheduler(1, 4), scaled ? new GradScaler() : null, device);
            for (int i = 0; i < 7; i++)
            {
                var counts = meter.Count(() => slope.Batch(i == 4 ? double.NaN : i, lastOfEpoch: i == 6));
                Assert.That(
                    (counts.HostCopies, counts.Synchronizations), Is.EqualTo((once.HostCopies, once.Synchronizations)), $"factor {factor}, batch {i}");
            }
        }
    }

    [TestCaseSource(typeof(Devices), nameof(Devices.All))]
    public void WorksOnTheDevice(DeviceType type)
    {
        using var slope = new Slope(new() { GradAccumulationFactor = 2, MaxGradNorm = 1 }, device: Devices.Require(type));
        slope.Batch(3);
        slope.Batch(double.NaN);
        slope.Batch(5);
        slope.Batch(7);
        Assert.That(slope.Update.OptimizerSteps, Is.EqualTo(2));
        Assert.That(slope.Weights, Is.EqualTo(All(-2 / Math.Sqrt(6))).Within(1e-6));
    }

    [Test]
    public void NoTensorIsLeftBehind([Values(1, 3)] int factor)
    {
        using var slope = new Slope(new() { GradAccumulationFactor = factor, NonfinitePatience = 9 }, scaler: new GradScaler());
        LeakCheck.IsClean(() =>
        {
            for (int i = 0; i < 5; i++)
                slope.Batch(i == 2 ? double.NaN : i);
            slope.Steep();
            slope.Batch(1, lastOfEpoch: true);
        });
    }

    [Test]
    public void WhatWaitsIsFreedWithTheUpdate()
    {
        using var scope = NewDisposeScope();
        long before = LeakCheck.Live();
        using (var slope = new Slope(new() { GradAccumulationFactor = 3 }))
        {
            slope.Batch(1);
            Assert.That(LeakCheck.Live(), Is.GreaterThan(before));
        }
        Assert.That(LeakCheck.Live(), Is.EqualTo(before));
    }

    [Test]
    public void BadArgumentsAreRefused()
    {
        using var scope = NewDisposeScope();
        using var slope = new Slope();
        Parameter[] weights = [slope.Matrix, slope.Vector];
        Refusal.Of(() => slope.Update.Backward(slope.Matrix, []), "[2, 2] Float64 on cpu; it must be one number");
        Refusal.Of(() => slope.Update.Backward(slope.Matrix.sum().to(ScalarType.BFloat16), []), "BFloat16");
        Refusal.Of(() => slope.Update.Backward(slope.Matrix.detach().sum(), []), "no history");
        Refusal.Of(() => slope.Update.Backward(null!, []), "loss");
        Refusal.Of(() => slope.Update.Backward(slope.Matrix.sum(), null!), "utteranceIds");
        Assert.That(
            () => slope.Update.Backward(ones(1, requires_grad: true).sum(), []),
            Throws.InvalidOperationException.With.Message.Contains("none of the parameters"));
        Refusal.Of(() => new WeightUpdate(slope.Optimizer, []), "no parameters");
        Refusal.Of(() => new WeightUpdate(slope.Optimizer, weights[..1]), "1 tensors of 4 numbers");
        Refusal.Of(() => _ = new WeightUpdateOptions { GradAccumulationFactor = 0 }, "GradAccumulationFactor must be at least 1");
        Refusal.Of(() => _ = new WeightUpdateOptions { MaxGradNorm = double.NaN }, "MaxGradNorm");
        Refusal.Of(() => _ = new WeightUpdateOptions { NonfinitePatience = -1 }, "NonfinitePatience must be at least 0");
    }
}
