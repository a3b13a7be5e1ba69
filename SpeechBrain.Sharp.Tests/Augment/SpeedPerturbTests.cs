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
    public void ADrawDependsOnTheGeneratorAlone()
    {
        using var perturb = new SpeedPerturb(16000, [95, 100, 105]);
        int[] Draw(ulong seed)
        {
            using var generator = new Generator(seed);
            return [.. Enumerable.Range(0, 60).Select(_ => perturb.Sample(generator).Speed)];
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
    }

    [Test]
    public void CallsLeaveNothingBehind()
    {
        using var perturb = new SpeedPerturb(16000);
        using var generator = new Generator(1);
        using var x = Noise.Normal([2, 100]);
        LeakCheck.IsClean(() => perturb.Apply(x, new(90)));
        LeakCheck.IsClean(() => perturb.Apply(x, new(100)));
        LeakCheck.IsClean(() =>
        {
            perturb.Sample(generator);
        });
    }
}
