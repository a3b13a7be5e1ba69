using NUnit.Framework;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static SpeechBrain.Sharp.Tests.Conformer.ConformerTesting;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Conformer;

[TestFixture]
public sealed class RelShiftTests
{
    [Test]
    public void GivesEachQueryTheScoreOfEachKeysOffset([Values(1, 2, 3, 8)] int time)
    {
        using var scope = NewDisposeScope();
        var x = Noise(time, 2, 3, time, 2 * time - 1);
        var y = Functional.RelShift(x);
        Assert.That(y.shape, Is.EqualTo(new long[] { 2, 3, time, time }));
        for (int i = 0; i < time; i++)
            for (int j = 0; j < time; j++)
                AssertClose(y[.., .., i, j], x[.., .., i, time - 1 - i + j], 0);
    }

    [Test]
    public void IsAViewOfAContiguousTensor()
    {
        using var scope = NewDisposeScope();
        var x = zeros(4, 7);
        var y = Functional.RelShift(x);
        x.fill_(5);
        AssertClose(y, full(4, 4, 5f), 0);
    }

    [Test]
    public void CopesWithATensorThatIsNotContiguous()
    {
        using var scope = NewDisposeScope();
        var x = Noise(3, 7, 4);
        AssertClose(Functional.RelShift(x.t()), Functional.RelShift(x.t().contiguous()), 0);
    }

    [Test]
    public void GradientIsThatOfTheSelectedElements([Values(1, 2, 5)] int time) =>
        GradCheck.Check(x => Functional.RelShift(x[0] * 1.0), Noise(7, 2, time, 2 * time - 1));

    [Test]
    public void LeavesNothingBehind()
    {
        using var x = zeros(2, 4, 7);
        LeakCheck.IsClean(() => Functional.RelShift(x));
    }

    [TestCase(4, 8)]
    [TestCase(4, 6)]
    [TestCase(0, 0)]
    public void RefusesOtherSizes(long time, long offsets)
    {
        using var x = zeros(2, time, offsets);
        Assert.That(() => Functional.RelShift(x), Throws.ArgumentException.With.Message.Contains("2 time - 1"));
    }

    [Test]
    public void RefusesAVector()
    {
        using var x = zeros(3);
        Assert.That(() => Functional.RelShift(x), Throws.ArgumentException);
    }
}
