using NUnit.Framework;
using SpeechBrain.Sharp.Serialization;
using SpeechBrain.Sharp.Tests.Testing;
using SpeechBrain.Sharp.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Training;

[TestFixture]
public sealed class GradScalerTests
{
    [Test]
    public void ItGrowsAfterSoManyUpdatesAndFallsAtAnOverflow()
    {
        var scaler = new GradScaler(initScale: 1024, growthFactor: 2, backoffFactor: 0.25, growthInterval: 3);
        Assert.That(After(false, false), Is.EqualTo((1024, 2)));
        Assert.That(After(false), Is.EqualTo((2048, 0)), "the third");
        Assert.That(After(false, true), Is.EqualTo((512, 0)), "an overflow begins the count anew");
        Assert.That(After(false, false, false, false), Is.EqualTo((1024, 1)));

        (double, long) After(params bool[] overflows)
        {
            foreach (bool overflow in overflows)
                scaler.Update(overflow);
            return (scaler.Scale, scaler.GrowthTracker);
        }
    }

    [Test]
    public void ItStaysAFiniteNumberAboveZero()
    {
        var greatest = new GradScaler(initScale: 3e38, growthInterval: 1);
        greatest.Update(false);
        Assert.That(greatest.Scale, Is.EqualTo((double)3e38f));
        var least = new GradScaler(initScale: 1e-37);
        for (int i = 0; i < 200; i++)
            least.Update(true);
        Assert.That(least.Scale, Is.GreaterThan(0));
    }

    [Test]
    public void ScaledAndUnscaledIsWhatItWas()
    {
        using var scope = NewDisposeScope();
        var x = Noise.Normal([50]).requires_grad_();
        var scaler = new GradScaler();
        scaler.ScaleLoss(x.square().sum()).backward();
        Assert.That(Numbers.Values(x.grad!)[0], Is.EqualTo(2 * 65536 * Numbers.Values(x)[0]).Within(1e-2));
        scaler.Unscale(x.grad!);
        Assert.That(Numbers.Values(x.grad!), Is.EqualTo(Numbers.Values(x * 2)), "bit for bit: the scale is a power of 2");
    }

    [Test]
    public void AScaleChangesNoUpdate()
    {
        double[] plain = Train(null, half: false, out _), scaled = Train(new GradScaler(growthInterval: 2), half: false, out _);
        Assert.That(scaled, Is.EqualTo(plain), "bit for bit: clipping sees unscaled gradients, and scales are powers of 2");
    }

    [Test]
    public void GradientsThatWouldVanishInFloat16AreKept()
    {
        // 1e-8 is less than half of float16's smallest number.
        Assert.That(Tiny(null), Is.Zero);
        Assert.That(Tiny(new GradScaler()), Is.EqualTo(1e-8).Within(1e-11));

        static double Tiny(GradScaler? scaler)
        {
            using var scope = NewDisposeScope();
            using var weight = new Parameter(zeros(1));
            using var optimizer = optim.SGD([weight], 1.0);
            using var update = new WeightUpdate(optimizer, [weight], scaler: scaler);
            update.Backward(weight.to(ScalarType.Float16).to(ScalarType.Float32).sum() * 1e-8, ["a"]);
            return -weight.item<float>();
        }
    }

    [Test]
    public void AnOverflowLowersTheScaleUntilTheBatchFits()
    {
        var scaler = new GradScaler(initScale: Math.Pow(2, 24));
        double[] weights = Train(scaler, half: true, out var update);
        Assert.That(update.Overflows, Is.GreaterThan(2));
        Assert.That((update.SkippedGradients, update.SkippedThisEpoch.Count), Is.EqualTo((0L, 0)), "an overflow is no fault of the batch");
        Assert.That(scaler.Scale, Is.EqualTo(Math.Pow(2, 24 - update.Overflows)));
        Assert.That(update.OptimizerSteps, Is.EqualTo(20 - update.Overflows));
        Assert.That(weights, Has.None.NaN);
    }

    [Test]
    public void WithAccumulationTheOverflowingBatchAloneIsLeftOut()
    {
        using var slope = new Slope(new() { GradAccumulationFactor = 2, MaxGradNorm = 0 }, scaler: new GradScaler(initScale: Math.Pow(2, 126)));
        slope.Batch(2);
        var last = slope.Batch(1e280, id: "84-1-1");
        Assert.That((last.Finite, last.Stepped), Is.EqualTo((false, true)), "1e280 * 2^126 is beyond float64");
        Assert.That((slope.Update.OptimizerSteps, slope.Update.Overflows), Is.EqualTo((1L, 1L)));
        Assert.That(slope.Log.Single(), Does.Contain("overflowed at a loss scale of 8.5").And.Contain("84-1-1"));
        Assert.That(slope.Weights, Is.All.EqualTo(-2), "the mean of the other alone");
    }

    [Test]
    public void ItGrowsWithUpdatesNotWithBatches()
    {
        var scaler = new GradScaler(8, growthInterval: 3);
        using var slope = new Slope(new() { GradAccumulationFactor = 2 }, scaler: scaler);
        for (int i = 0; i < 5; i++)
            slope.Batch(1);
        Assert.That((scaler.Scale, scaler.GrowthTracker), Is.EqualTo((8, 2)));
        slope.Batch(1);
        Assert.That((scaler.Scale, scaler.GrowthTracker), Is.EqualTo((16, 0)));
    }

    [Test]
    public void AnOverflowWithoutAScaleCountsForThePatience()
    {
        using var slope = new Slope(new() { NonfinitePatience = 0 }, scaler: new GradScaler(initScale: 1));
        Assert.That(() => slope.Steep(), Throws.TypeOf<NotFiniteNumberException>());
    }

    [Test]
    public void ItIsSavedInPyTorchsFormat()
    {
        using var folder = new TestFolder();
        var scaler = new GradScaler(2048, growthInterval: 10) { GrowthTracker = 7 };
        Recoverable.Scaler("scaler", scaler).Save(folder["scaler.ckpt"]);
        var values = (OrderedDictionary<object, object?>)SpeechBrainCheckpoint.Load(folder["scaler.ckpt"])!;
        Assert.That(values, Is.EqualTo(new OrderedDictionary<object, object?>
        {
            ["scale"] = 2048.0,
            ["growth_factor"] = 2.0,
            ["backoff_factor"] = 0.5,
            ["growth_interval"] = 10L,
            ["_growth_tracker"] = 7L,
        }));
        var other = new GradScaler(growthInterval: 10);
        Recoverable.Scaler("scaler", other).Prepare(folder["scaler.ckpt"])();
        Assert.That((other.Scale, other.GrowthTracker), Is.EqualTo((2048, 7)));
        Assert.That(() => Recoverable.Scaler("scaler", new GradScaler(growthInterval: 7)).Prepare(folder["scaler.ckpt"]),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("after 7 updates").And.Message.Contains("interval"));
    }

    [Test]
    public void BadArgumentsAreRefused()
    {
        Refusal.Of(() => _ = new GradScaler(initScale: 0), "initScale");
        Refusal.Of(() => _ = new GradScaler(initScale: 1e300), "initScale");
        Refusal.Of(() => _ = new GradScaler(growthFactor: 1), "growthFactor must be above 1");
        Refusal.Of(() => _ = new GradScaler(backoffFactor: 1), "backoffFactor must be below 1");
        Refusal.Of(() => _ = new GradScaler(growthInterval: 0), "growthInterval");
        Refusal.Of(() => new GradScaler().Scale = double.NaN, "Scale");
        Refusal.Of(() => new GradScaler().GrowthTracker = 2000, "[0, 1999]");
    }

    /// <summary>Twenty batches of a model whose gradients may pass through float16.</summary>
    private static double[] Train(GradScaler? scaler, bool half, out WeightUpdate update)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(5);
        using var model = nn.Linear(4, 3);
        Parameter[] weights = [.. model.parameters()];
        using var optimizer = optim.AdamW(weights, 0.05);
        update = new WeightUpdate(optimizer, weights, new() { MaxGradNorm = 0.2, Log = _ => { } }, scaler: scaler);
        var data = Noise.Normal([20, 6, 4]);
        for (int i = 0; i < 20; i++)
            update.Backward(model.call(data[i]).to(half ? ScalarType.Float16 : ScalarType.Float32).to(ScalarType.Float32).square().mean(), [$"{i}"]);
        update.Dispose();
        return [.. weights.SelectMany(w => Numbers.Values(w))];
    }
}
