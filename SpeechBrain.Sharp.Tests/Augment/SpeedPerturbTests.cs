using NUnit.Framework;
using SpeechBrain.Sharp.Augment;
using SpeechBrain.Sharp.Resampling;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Augment;

[TestFixture]
public sealed class SpeedPerturbTests
{
    [TestCase(90, 9, 10)]
    [TestCase(95, 19, 20)]
    [TestCase(105, 21, 20)]
    [TestCase(110, 11, 10)]
    public void UsesTheExactRatio(int speed, long orig, long @new)
    {
        using var perturb = new SpeedPerturb(16000, [speed]);
        Assert.That(perturb.Resamplers[speed].Kernel.Ratio, Is.EqualTo(new SampleRateRatio(orig, @new)));
        var parameters = new SpeedPerturbParameters(speed);
        using var x = Noise.Normal([2, 1003]);
        using var y = perturb.Apply(x, parameters);
        using var expected = Functional.Resample(x, orig, @new);
        Assert.That(y.shape[1], Is.EqualTo((1003 * 100 + speed - 1) / speed));
        Assert.That(perturb.OutputLength(1003, parameters), Is.EqualTo(y.shape[1]));
        Assert.That(Numbers.Values(y), Is.EqualTo(Numbers.Values(expected)));
    }

    [Test]
    public void FasterIsShorter()
    {
        using var perturb = new SpeedPerturb(8000);
        Assert.That(perturb.Speeds, Is.EqualTo(new[] { 90, 100, 110 }));
        Assert.That(perturb.OutputLength(99000, new(110)), Is.EqualTo(90000));
        Assert.That(perturb.OutputLength(99000, new(90)), Is.EqualTo(110000));
        using var x = Noise.Normal([1, 50]);
        using var same = perturb.Apply(x, new(100));
        Assert.That(Numbers.Values(same), Is.EqualTo(Numbers.Values(x)));
    }

    [TestCase(8000, 128, 6250)]     // exactly
    [TestCase(1600, 95, 1684)]
    [TestCase(100, 8, 1250)]
    [TestCase(1, 8, 12)]            // 12.5: half to even, down
    [TestCase(3, 8, 38)]            // 37.5: half to even, up
    public void RoundedRatesAreSpeechBrains(long origFreq, int speed, long expected)
    {
        using var perturb = new SpeedPerturb(origFreq, [speed], roundedRates: true);
        Assert.That(perturb.Resamplers[speed].NewFreq, Is.EqualTo(expected));
    }

    [Test]
    public void EachExampleHasItsOwnSpeed([Values] bool gradient, [Values(1, 2)] long channels)
    {
        using var perturb = new SpeedPerturb(16000, [90, 95, 100, 105]);
        int[] speeds = [105, 95, 100, 95, 90];
        long[] lengths = [400, 333, 250, 0, 17];
        var parameters = new SpeedPerturbParameters(speeds);
        using var x = channels == 1 ? Noise.Normal([5, 400]) : Noise.Normal([5, 400, channels]);
        using var input = x.clone().requires_grad_(gradient);
        using var scope = NewDisposeScope();
        var (y, changed, relative) = perturb.Apply(input, lengths, parameters);
        Assert.That(y.requires_grad, Is.EqualTo(gradient));
        Assert.That(changed, Is.EqualTo(speeds.Select((speed, i) => (lengths[i] * 100 + speed - 1) / speed)));
        Assert.That(y.shape[1], Is.EqualTo(changed.Max()));
        Assert.That(Numbers.Values(relative), Is.EqualTo(changed.Select(length => (double)length / changed.Max())).Within(1e-6));
        for (int i = 0; i < speeds.Length; i++)
        {
            // What lies after the example's end has no part in it.
            var alone = Functional.Resample(x.narrow(0, i, 1).narrow(1, 0, lengths[i]), speeds[i], 100);
            Assert.That(Numbers.Values(y.narrow(0, i, 1).narrow(1, 0, changed[i])), Is.EqualTo(Numbers.Values(alone)).Within(4e-6), $"example {i}");
            Assert.That(Numbers.Values(y.narrow(0, i, 1).narrow(1, changed[i], y.shape[1] - changed[i])), Is.All.Zero, "padding");
        }
        var filled = perturb.Apply(input, parameters);
        Assert.That(filled.shape[1], Is.EqualTo((400 * 100 + 89) / 90), "the slowest");
        var third = Functional.Resample(x.narrow(0, 3, 1), 95, 100);
        Assert.That(Numbers.Values(filled.narrow(0, 3, 1).narrow(1, 0, third.shape[1])), Is.EqualTo(Numbers.Values(third)).Within(4e-6));
    }

    [Test]
    public void GradientsOfAMixedBatchStayWithTheirExamples()
    {
        using var perturb = new SpeedPerturb(16000, [95, 100, 105]);
        using var x = Noise.Normal([3, 40]).requires_grad_();
        var (y, _, _) = perturb.Apply(x, [40, 30, 40], new SpeedPerturbParameters(105, 95, 100));
        y[1].sum().backward();
        double[] gradient = Numbers.Values(x.grad!);
        Assert.That(gradient[..40].Concat(gradient[70..]), Is.All.Zero, "other examples, and what lies after the end");
        Assert.That(gradient[45..60], Is.All.GreaterThan(0.5));
        y.Dispose();
    }

    [Test]
    public void MixedRoundedRatesAreSpeechBrains()
    {
        using var perturb = new SpeedPerturb(16000, [95, 105], roundedRates: true);
        using var x = Noise.Normal([2, 500]);
        var (y, lengths, relative) = perturb.Apply(x, [500, 500], new SpeedPerturbParameters(95, 105));
        using var slow = Functional.Resample(x.narrow(0, 0, 1), 16000, 16842);
        using var fast = Functional.Resample(x.narrow(0, 1, 1), 16000, 15238);
        Assert.That(lengths, Is.EqualTo(new[] { slow.shape[1], fast.shape[1] }));
        Assert.That(Numbers.Values(y[0]), Is.EqualTo(Numbers.Values(slow)));
        Assert.That(Numbers.Values(y[1])[..(int)lengths[1]], Is.EqualTo(Numbers.Values(fast)));
        y.Dispose();
        relative.Dispose();
    }

    [Test]
    public void ADrawForEachExample()
    {
        using var perturb = new SpeedPerturb(16000, [95, 100, 105]);
        using var generator = new Generator(2);
        var draw = perturb.Sample(generator, 50);
        Assert.That(draw.Speeds.Count, Is.EqualTo(50));
        Assert.That(draw.Speeds.Distinct(), Is.EquivalentTo(new[] { 95, 100, 105 }));
        using var again = new Generator(2);
        Assert.That(perturb.Sample(again, 50), Is.EqualTo(draw), "equal draws are equal records");
        Assert.That(perturb.Sample(again, 50), Is.Not.EqualTo(draw));
        Assert.That(new SpeedPerturbParameters(95, 105).ToString(), Is.EqualTo("SpeedPerturbParameters { Speeds = 95, 105 }"));
    }

    [Test]
    public void ADrawDependsOnTheGeneratorAlone()
    {
        using var perturb = new SpeedPerturb(16000, [95, 100, 105]);
        int[] Draw(ulong seed)
        {
            using var generator = new Generator(seed);
            return [.. Enumerable.Range(0, 60).Select(_ => perturb.Sample(generator).SpeedOf(0))];
        }
        int[] draws = Draw(3);
        manual_seed(99);
        Assert.That(Draw(3), Is.EqualTo(draws), "the global generator has no part in it");
        Assert.That(Draw(4), Is.Not.EqualTo(draws));
        Assert.That(draws.Distinct(), Is.EquivalentTo(new[] { 95, 100, 105 }));
    }

    [Test]
    public void ADrawDoesNotTouchTheGlobalGenerator()
    {
        using var perturb = new SpeedPerturb(16000);
        using var generator = new Generator(1);
        manual_seed(5);
        using var expected = rand(4);
        manual_seed(5);
        perturb.Sample(generator);
        using var got = rand(4);
        Assert.That(Numbers.Values(got), Is.EqualTo(Numbers.Values(expected)));
    }

    [Test]
    public void WrongArgumentsAreRefused()
    {
        Assert.That(() => new SpeedPerturb(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new SpeedPerturb(16000, []), Throws.ArgumentException.With.Message.Contains("empty"));
        Assert.That(() => new SpeedPerturb(16000, [100, 0]), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("at least 1"));
        using var perturb = new SpeedPerturb(16000, [95, 105]);
        Assert.That(() => perturb.Apply(zeros([1, 9]), new(100)), Throws.ArgumentException.With.Message.Contains("95, 105"));
        Assert.That(() => perturb.Apply(zeros([9]), new(95)), Throws.ArgumentException.With.Message.Contains("[batch, time]"));
        Assert.That(() => perturb.Sample(null!), Throws.ArgumentNullException);
        Assert.That(() => perturb.Apply(zeros([3, 9]), new(95, 105)), Throws.ArgumentException.With.Message.Contains("2 speeds for a batch of 3"));
        Assert.That(() => perturb.Apply(zeros([2, 9]), [9], new(95, 105)), Throws.ArgumentException.With.Message.Contains("one for each example"));
        Assert.That(() => perturb.Apply(zeros([2, 9]), [9, 10], new(95, 105)),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains("lengths[1]"));
        Assert.That(() => new SpeedPerturbParameters(), Throws.ArgumentException.With.Message.Contains("empty"));
    }

    [Test]
    public void CallsLeaveNothingBehind()
    {
        using var perturb = new SpeedPerturb(16000);
        using var generator = new Generator(1);
        using var x = Noise.Normal([2, 100]);
        LeakCheck.IsClean(() => perturb.Apply(x, new(90)));
        LeakCheck.IsClean(() => perturb.Apply(x, new(100)));
        LeakCheck.IsClean(() => perturb.Apply(x, new(100, 110)));
        using var needs = x.clone().requires_grad_();
        LeakCheck.IsClean(() => perturb.Apply(needs, new(100, 110)));
        LeakCheck.IsClean(() =>
        {
            perturb.Sample(generator);
        });
    }
}
