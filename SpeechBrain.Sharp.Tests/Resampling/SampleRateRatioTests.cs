using NUnit.Framework;
using SpeechBrain.Sharp.Resampling;

namespace SpeechBrain.Sharp.Tests.Resampling;

[TestFixture]
public sealed class SampleRateRatioTests
{
    [TestCase(16000, 15200, 20, 19)]
    [TestCase(16000, 16842, 8000, 8421)]
    [TestCase(44100, 16000, 441, 160)]
    [TestCase(8000, 8000, 1, 1)]
    [TestCase(3, 2, 3, 2)]
    [TestCase(long.MaxValue, 1, long.MaxValue, 1)]
    public void IsInLowestTerms(long origFreq, long newFreq, long orig, long @new)
    {
        var ratio = new SampleRateRatio(origFreq, newFreq);
        Assert.That((ratio.Orig, ratio.New), Is.EqualTo((orig, @new)));
        Assert.That(ratio.IsIdentity, Is.EqualTo(origFreq == newFreq));
        Assert.That(ratio.ToString(), Is.EqualTo($"{orig}:{@new}"));
        Assert.That(ratio, Is.EqualTo(new SampleRateRatio(orig, @new)), "records of equal terms are equal");
    }

    [Test]
    public void OutputLengthIsTheCeilingOfTheExactQuotient()
    {
        foreach (var (orig, @new) in ((long, long)[])[(20, 19), (19, 20), (2, 1), (1, 3), (8000, 8421), (441, 160), (1, 1)])
            for (long length = 0; length < 2000; length += 7)
                Assert.That(new SampleRateRatio(orig, @new).OutputLength(length), Is.EqualTo((@new * length + orig - 1) / orig), $"{orig}:{@new}, {length}");
    }

    // Lengths at which 32-bit floats, or 64-bit products, lose the last sample.
    [TestCase(20, 19, 16777221, 15938360)]
    [TestCase(1, 3, 3_000_000_000_000_000_000, 9_000_000_000_000_000_000)]
    [TestCase(999_999_937, 999_999_893, 9_000_000_000_000, 8_999_999_604_000)]
    public void OutputLengthOfLongSignalsIsExact(long orig, long @new, long length, long expected)
    {
        var exact = (System.Numerics.BigInteger)@new * length;
        Assert.That((System.Numerics.BigInteger)expected, Is.EqualTo((exact + orig - 1) / orig), "the row itself");
        Assert.That(new SampleRateRatio(orig, @new).OutputLength(length), Is.EqualTo(expected));
    }

    [Test]
    public void OutputLengthThatDoesNotFitThrows() =>
        Assert.That(() => new SampleRateRatio(1, 4).OutputLength(long.MaxValue / 2), Throws.TypeOf<OverflowException>());

    [TestCase(0, 16000, "origFreq")]
    [TestCase(16000, 0, "newFreq")]
    [TestCase(-8000, 16000, "origFreq")]
    public void RatesBelowOneAreRefused(long origFreq, long newFreq, string name) => Assert.That(
        () => new SampleRateRatio(origFreq, newFreq), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("at least 1").And.Property("ParamName").EqualTo(name));

    [TestCase(8000, 8421, 1000)]
    [TestCase(8000, 7619, 50)]
    [TestCase(355, 113, 40)]
    [TestCase(1000003, 999983, 5000)]
    [TestCase(1, 1000, 30)]
    public void NearestIsTheBestOfAllSmallRatios(long orig, long @new, long limit)
    {
        var ratio = new SampleRateRatio(orig, @new);
        bool found = ratio.TryNearest(r => Math.Max(r.Orig, r.New) <= limit, out var nearest);
        // Every fraction below the limit, by force.
        double best = double.PositiveInfinity;
        for (long o = 1; o <= limit; o++)
            foreach (long n in (long[])[Math.Clamp(o * @new / orig, 1, limit), Math.Clamp(o * @new / orig + 1, 1, limit)])
                best = Math.Min(best, Math.Abs((double)n / o / ((double)@new / orig) - 1));
        Assert.That(found, Is.True);
        Assert.That(Math.Max(nearest!.Orig, nearest.New), Is.LessThanOrEqualTo(limit));
        Assert.That(ratio.RelativeError(nearest), Is.EqualTo(best).Within(1e-12));
    }

    [Test]
    public void NearestToACheapRatioIsItself()
    {
        Assert.That(new SampleRateRatio(20, 19).TryNearest(_ => true, out var nearest), Is.True);
        Assert.That(nearest, Is.EqualTo(new SampleRateRatio(20, 19)));
    }

    [Test]
    public void NearestMayNotExist() => Assert.That(new SampleRateRatio(20, 19).TryNearest(_ => false, out _), Is.False);
}
