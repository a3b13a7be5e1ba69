using NUnit.Framework;
using SpeechBrain.Sharp.Augment;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Augment;

[TestFixture]
public sealed class RandomShiftTests
{
    private static readonly long[][] Shapes = [[3, 20], [3, 20, 4], [3, 20, 4, 2]];

    [Test]
    public void EachExampleTurnsAsRollTurnsIt([ValueSource(nameof(Shapes))] long[] shape, [Values(1, 2, 3)] int dim)
    {
        if (dim >= shape.Length)
            Assert.Ignore("the shape has no such dimension");
        using var scope = NewDisposeScope();
        using var op = new RandomShift(-100, 100, dim);
        long[] shifts = [3, -45, 0], lengths = [20, 13, 1];
        var batch = new AugmentedBatch(Noise.Normal(shape), lengths);
        var y = op.Apply(batch, new RandomShiftParameters([.. shifts]));
        Assert.That(y.Lengths, Is.EqualTo(lengths));
        for (int i = 0; i < 3; i++)
        {
            long end = dim == 1 ? lengths[i] : 20;
            var row = batch.Data.narrow(0, i, 1);
            var expected = cat([row.narrow(1, 0, end).roll(shifts[i], dim), row.narrow(1, end, 20 - end)], 1);
            Assert.That(Numbers.Values(y.Data[i]), Is.EqualTo(Numbers.Values(expected)), $"example {i}");
        }
    }

    [TestCase(7, new long[] { 20, 20, 12 })]
    [TestCase(-7, new long[] { 13, 6, 0 })]
    public void PaddingTurnsAlongAndLengthsMoveWhereAskedFor(long shift, long[] expected)
    {
        using var scope = NewDisposeScope();
        using var op = new RandomShift(shift, shift, perBatch: true, rollPadding: true);
        var batch = new AugmentedBatch(Noise.Normal([3, 20, 4]), [20, 13, 5]);
        var draw = op.Sample(new Generator(1), batch);
        var y = op.Apply(batch, draw);
        Assert.That(Numbers.Values(y.Data), Is.EqualTo(Numbers.Values(batch.Data.roll(shift, 1))));
        Assert.That(y.Lengths, Is.EqualTo(expected).And.EqualTo(op.OutputShape(batch.Shape, draw).Lengths));
        Assert.That(op.ChangesTime);
        var each = op.Apply(batch, new RandomShiftParameters([shift, shift, shift]));
        Assert.That(Numbers.Values(each.Data), Is.EqualTo(Numbers.Values(y.Data)), "one for each example");
        using var features = new RandomShift(shift, shift, 2, perBatch: true, rollPadding: true);
        Assert.That(features.Apply(batch, draw).Lengths, Is.EqualTo(batch.Lengths), "features have no lengths");
    }

    [Test]
    public void BothBoundsAreDrawn()
    {
        using var op = new RandomShift(-1, 2);
        var draw = op.Sample(new Generator(1), new BatchShape([100, 9], [.. Enumerable.Repeat(9L, 100)]));
        Assert.That(draw.Shift.Distinct().Order(), Is.EqualTo(new[] { -1, 0, 1, 2 }));
    }

    [Test]
    public void BadArgumentsAreRefused()
    {
        using var scope = NewDisposeScope();
        Refusal.Of(() => _ = new RandomShift(3, 2), "maxShift must lie in [3,");
        Refusal.Of(() => _ = new RandomShift(dim: 4), "dim must lie in [1, 3]");
        using var features = new RandomShift(0, 1, 2);
        Refusal.Of(() => features.Sample(new Generator(1), new BatchShape([2, 9], [9, 9])), "RandomShift takes");
        using var op = new RandomShift(0, 1);
        Refusal.Of(() => op.Apply(new AugmentedBatch(zeros(2, 9)), new RandomShiftParameters([1, 2, 3])), "3 values for a batch of 2");
        Refusal.Of(() => Functional.RandomShift(zeros(9), tensor([1L])), "rank 2 to 4");
        Refusal.Of(() => Functional.RandomShift(zeros(2, 9), tensor([1L]), dim: 2), "dim must lie in [1, 1]");
        Refusal.Of(() => Functional.RandomShift(zeros(2, 9), tensor([1, 2])), "int64");
    }
}
