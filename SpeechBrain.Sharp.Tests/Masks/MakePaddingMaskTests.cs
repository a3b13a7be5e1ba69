using NUnit.Framework;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Masks;

[TestFixture]
public sealed class MakePaddingMaskTests
{
    [Test]
    public void CountsPositionsBegun()
    {
        using var mask = Functional.MakePaddingMask(zeros(5, 5), tensor(new[] { 1f, 0.5f, 0.2f, 0f, 0.61f }));
        Assert.That(Noise.Bools(mask), Is.EqualTo(from length in (int[])[5, 3, 1, 0, 4] from t in Enumerable.Range(0, 5) select t < length));
    }

    [Test]
    public void EqualsALoopInFloat32()
    {
        float[] lengths = [.. Enumerable.Range(0, 101).Select(i => i / 100f)];
        using var relative = tensor(lengths);
        foreach (int time in (int[])[1, 3, 10, 999])
        {
            using var mask = Functional.MakePaddingMask(zeros(101, time), relative);
            Assert.That(
                Numbers.Values(mask.sum(1)),
                Is.EqualTo(lengths.Select(l => (double)Enumerable.Range(0, time).Count(t => t < (float)(l * time - 1e-6f)))), $"T {time}");
        }
    }

    [Test]
    public void EpsIsTakenOffTheProduct()
    {
        using var lengths = tensor(new[] { 0.5f, 0.8f });
        Assert.That(Numbers.Values(Functional.MakePaddingMask(zeros(2, 5), lengths, eps: 0.6).sum(1)), Is.EqualTo(new double[] { 2, 4 }), "1.9 and 3.4");
        // A product one unit of float32 above its integer: with eps it counts no further position.
        using var above = tensor(new[] { MathF.BitIncrement(0.75f) });
        Assert.That(Numbers.Values(Functional.MakePaddingMask(zeros(1, 4), above).sum(1)), Is.EqualTo(new double[] { 3 }));
    }

    [Test]
    public void MultipliesWithItsTensor()
    {
        using var lengths = tensor(new[] { 1f, 0.5f });
        Assert.That(Functional.MakePaddingMask(zeros(2, 4, 3), lengths).shape, Is.EqualTo(new long[] { 2, 4, 1 }));
        Assert.That(Functional.MakePaddingMask(zeros(2, 3, 4, 5), lengths, 2).shape, Is.EqualTo(new long[] { 2, 1, 4, 1 }));
        using var x = ones(2, 3, 4) * Functional.MakePaddingMask(zeros(2, 3, 4), lengths, 2);
        Assert.That(Numbers.Values(x.sum(1)), Is.EqualTo(new double[] { 3, 3, 3, 3, 3, 3, 0, 0 }));
    }

    [Test]
    public void WithoutLengthsEverythingIsValid()
    {
        using var mask = Functional.MakePaddingMask(zeros(2, 4, 3));
        Assert.That(mask.shape, Is.EqualTo(new long[] { 2, 4, 1 }));
        Assert.That(Noise.Bools(mask), Is.All.True);
    }

    [Test]
    public void UndoPaddingCutsEachItem()
    {
        using var scope = NewDisposeScope();
        var items = Functional.UndoPadding(arange(24.0).reshape(2, 6, 2), tensor(new[] { 0.5f, 0.25f }));
        Assert.That(items.Select(i => i.shape[0]), Is.EqualTo(new long[] { 3, 2 }), "1.5 rounds to 2");
        Assert.That(Numbers.Values(items[1]), Is.EqualTo(new double[] { 12, 13, 14, 15 }));
    }

    [Test]
    public void WrongArgumentsAreRefused()
    {
        Assert.That(() => Functional.MakePaddingMask(zeros(5)), Throws.ArgumentException.With.Message.Contains("[batch, time, ...]"));
        Assert.That(() => Functional.MakePaddingMask(zeros(2, 5), ones(3)), Throws.ArgumentException.With.Message.Contains("must be 2"));
        Assert.That(() => Functional.MakePaddingMask(zeros(2, 5), ones(2), 2), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => Functional.MakePaddingMask(zeros(2, 5), ones(2), 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => Functional.UndoPadding(zeros(2, 5), tensor(new[] { 1f, -1f })), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void CallsLeaveNothingBehind()
    {
        using var x = zeros(2, 5, 1);
        using var lengths = ones(2);
        LeakCheck.IsClean(() => Functional.MakePaddingMask(x, lengths));
        LeakCheck.IsClean(() => Functional.MakePaddingMask(x));
        LeakCheck.IsClean(() =>
        {
            foreach (var item in Functional.UndoPadding(x, lengths))
                item.Dispose();
        });
    }
}
