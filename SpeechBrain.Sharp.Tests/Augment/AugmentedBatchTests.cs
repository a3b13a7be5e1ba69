using NUnit.Framework;
using SpeechBrain.Sharp.Augment;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Augment;

[TestFixture]
public sealed class AugmentedBatchTests
{
    [Test]
    public void LengthsAreThereThreeTimes()
    {
        using var scope = NewDisposeScope();
        var batch = new AugmentedBatch(zeros(3, 10), [10, 4, 0]);
        Assert.That(batch.Lengths, Is.EqualTo(new long[] { 10, 4, 0 }));
        Assert.That(batch.DeviceLengths.data<long>().ToArray(), Is.EqualTo(new long[] { 10, 4, 0 }));
        Assert.That(batch.RelativeLengths().data<float>().ToArray(), Is.EqualTo(new[] { 1f, 0.4f, 0f }));
        Assert.That(batch.Shape.IsFull, Is.False);
        var whole = new AugmentedBatch(zeros(3, 10, 2));
        Assert.That(whole.Shape.IsFull);
        Assert.That(whole.DeviceLengths.data<long>().ToArray(), Is.EqualTo(new long[] { 10, 10, 10 }));
        Assert.That(whole.Sources, Is.EqualTo(new[] { 0, 1, 2 }));
    }

    [Test]
    public void RelativeLengthsRoundHalvesToEven()
    {
        using var scope = NewDisposeScope();
        var batch = AugmentedBatch.FromRelative(zeros(3, 5), [1, 0.5f, 0.7f]);
        Assert.That(batch.Lengths, Is.EqualTo(new long[] { 5, 2, 4 }));
    }

    [Test]
    public void SilenceReachesWhatLiesBehindTheEnd()
    {
        using var scope = NewDisposeScope();
        var batch = new AugmentedBatch(ones(2, 3), [3, 1]);
        Assert.That(Numbers.Values(batch.Silence(batch.Data)), Is.EqualTo(new double[] { 1, 1, 1, 1, 0, 0 }));
        // NaN in the padding too, which a product with 0 would keep.
        var nan = new AugmentedBatch(full([1, 3, 1], float.NaN), [0]);
        Assert.That(Numbers.Values(nan.Silence(nan.Data)), Is.All.Zero);
    }

    [Test]
    public void BatchesArePutTogether()
    {
        using var scope = NewDisposeScope();
        var a = AugmentedBatch.FromRelative(ones(2, 9), [1, 0.5f]);
        var b = new AugmentedBatch(ones(1, 14) * 2, [10], [1]);
        var both = AugmentedBatch.Concatenate(a, b);
        Assert.That(both.Lengths, Is.EqualTo(new long[] { 9, 4, 10 }));
        Assert.That(both.Sources, Is.EqualTo(new[] { 0, 1, 1 }));
        Assert.That(Numbers.Values(both.Data[0]), Is.EqualTo(Enumerable.Repeat(1.0, 9).Concat(Enumerable.Repeat(0.0, 5))));
        Assert.That(Numbers.Values(both.Data[2]), Is.All.EqualTo(2));
        Assert.That(both.RelativeLengths().data<float>().ToArray(), Is.EqualTo(new[] { 9f / 14, 4f / 14, 10f / 14 }));
        var frames = AugmentedBatch.Concatenate(new AugmentedBatch(ones(1, 2, 3)), new AugmentedBatch(ones(1, 4, 3)));
        Assert.That(frames.Data.shape, Is.EqualTo(new long[] { 2, 4, 3 }));
        Assert.That(Numbers.Values(frames.Data[0].narrow(0, 2, 2)), Is.All.Zero);
        Refusal.Of(() => AugmentedBatch.Concatenate(a, frames), "must agree");
        Refusal.Of(() => AugmentedBatch.Concatenate([]), "at least one");
    }

    [Test]
    public void TheCallersTensorStaysTheCallers()
    {
        using var data = zeros(2, 4);
        using (var batch = new AugmentedBatch(data))
            Assert.That(batch.Data.shape, Is.EqualTo(data.shape));
        Assert.That(data.IsInvalid, Is.False);
        LeakCheck.IsClean(() => new AugmentedBatch(data, [4, 2]).Dispose());
        LeakCheck.IsClean(() => AugmentedBatch.FromRelative(data, [1, 0.5f]).Dispose());
    }

    [Test]
    public void WrongBatchesAreRefused()
    {
        using var scope = NewDisposeScope();
        Refusal.Of(() => _ = new AugmentedBatch(zeros(4)), "[batch, time]");
        Refusal.Of(() => _ = new AugmentedBatch(zeros(0, 4)), "batch must lie in [1");
        Refusal.Of(() => _ = new AugmentedBatch(zeros(2, 4), [4]), "1 values for a batch of 2");
        Refusal.Of(() => _ = new AugmentedBatch(zeros(2, 4), [4, 5]), "lengths[1] must lie in [0, 4]");
        Refusal.Of(() => _ = new AugmentedBatch(zeros(2, 4), [4, -1]), "lengths[1] must lie in [0, 4]");
        Refusal.Of(() => _ = new AugmentedBatch(zeros(2, 4), null, [0]), "one for each row");
        Refusal.Of(() => AugmentedBatch.FromRelative(zeros(2, 4), [1, 1.5f]), "relative length in [0, 1]");
        Refusal.Of(() => new AugmentedBatch(zeros(2, 4)).With(zeros(2, 5)), "must be 4");
        Refusal.Of(() => _ = new BatchShape([2], [1, 1]), "[batch, time]");
    }
}
