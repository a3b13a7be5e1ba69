using NUnit.Framework;
using SpeechBrain.Sharp.Conformer;
using SpeechBrain.Sharp.Masks;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static SpeechBrain.Sharp.Tests.Conformer.ConformerTesting;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Conformer;

[TestFixture]
public sealed class AttentionMaskTests
{
    [Test]
    public void MasksWhatEitherMaskMasks()
    {
        using var scope = NewDisposeScope();
        using var zero = zeros(1, 7, 1);
        var chunks = Functional.MakeTransformerSrcMask(zero, false, new DynChunkTrainConfig(3, 1))!;
        var padding = Padding(7, 7, 2, 0);
        var mask = AttentionMask.From(chunks, padding)!;
        for (int b = 0; b < 3; b++)
            for (int i = 0; i < 7; i++)
            {
                bool alive = false;
                for (int j = 0; j < 7; j++)
                {
                    bool masked = chunks[i, j].item<bool>() || padding[b, j].item<bool>();
                    alive |= !masked;
                    Assert.That(mask.Additive[b, i, j].item<float>(), masked ? Is.LessThan(-1e30f) : Is.EqualTo(0f));
                }
                Assert.That(mask.Alive![b, i, 0].item<float>(), Is.EqualTo(alive ? 1 : 0));
            }
        AssertClose(mask.Padding!, padding.unsqueeze(-1), 0);
    }

    [Test]
    public void OneMaskAloneStaysSmall()
    {
        using var scope = NewDisposeScope();
        Assert.That(AttentionMask.From(null, Padding(5, 5, 3))!.Additive.shape, Is.EqualTo(new long[] { 2, 1, 5 }));
        Assert.That(AttentionMask.From(zeros([5, 5], ScalarType.Bool), null)!.Additive.shape, Is.EqualTo(new long[] { 1, 5, 5 }));
        Assert.That(AttentionMask.From(null, null), Is.Null);
    }

    [Test]
    public void AnAdditiveMaskKeepsItsFiniteValues()
    {
        using var scope = NewDisposeScope();
        var bias = tensor(new[,] { { 0.5, double.NegativeInfinity }, { double.NegativeInfinity, double.NegativeInfinity } });
        var mask = AttentionMask.From(bias, null, ScalarType.Float64)!;
        Assert.That(mask.Additive[0, 0, 0].item<double>(), Is.EqualTo(0.5));
        Assert.That(mask.Additive[0, 0, 1].item<double>(), Is.LessThan(-1e30).And.GreaterThan(double.NegativeInfinity));
        AssertClose(mask.Alive!, tensor(new double[] { 1, 0 }).view(1, 2, 1), 0);
    }

    [Test]
    public void TheLookaheadMaskEqualsChunksOfOneFrame()
    {
        using var scope = NewDisposeScope();
        using var zero = zeros(1, 6, 1);
        var padding = Padding(6, 6, 4);
        var causal = AttentionMask.From(Functional.MakeTransformerSrcMask(zero, true), padding)!;
        var chunks = AttentionMask.From(Functional.MakeTransformerSrcMask(zero, false, new DynChunkTrainConfig(1)), padding)!;
        AssertClose(causal.Additive, chunks.Additive, 0);
        AssertClose(causal.Alive!, chunks.Alive!, 0);
    }

    [Test]
    public void IsFiniteInEveryType([Values(ScalarType.Float32, ScalarType.Float64, ScalarType.BFloat16, ScalarType.Float16)] ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var mask = AttentionMask.From(ones([3, 3], ScalarType.Bool), null, dtype)!;
        Assert.That(mask.Additive.dtype, Is.EqualTo(dtype));
        var lowest = mask.Additive.to(ScalarType.Float64).sub(1000);
        Assert.That(lowest.to(dtype).isfinite().all().item<bool>(), "a score added to it stays finite");
    }

    [Test]
    public void AMaskOfACacheIsConvertedOnce([Values] bool causal, [Values(ScalarType.Float32, ScalarType.BFloat16)] ScalarType dtype)
    {
        using var meter = new OperatorMeter();
        using var cache = new MaskCache();
        using var x = zeros(2, 21, 1);
        var config = causal ? null : new DynChunkTrainConfig(4, 1);
        using (NewDisposeScope())
        {
            var own = AttentionMask.From(Functional.MakeTransformerSrcMask(x, causal, config), null, dtype)!;
            var cached = AttentionMask.From(Functional.MakeTransformerSrcMask(x, causal, config, cache), null, dtype)!;
            AssertClose(cached.Additive, own.Additive, 0);
            AssertClose(own.Alive!, ones(1, 21, 1).to(dtype), 0);
            Assert.That(cached.Alive, Is.Null, "every query of such a mask has a key");
        }
        using var mask = Functional.MakeTransformerSrcMask(x, causal, config, cache);
        var counts = meter.Count(() =>
        {
            using var scope = NewDisposeScope();
            AttentionMask.From(mask, null, dtype);
        });
        Assert.That(counts.Operators, Is.EqualTo(3), "views: of the cached mask, with a dimension for the batch, and one for the heads");
        Assert.That(cache.Misses, Is.EqualTo(2));
    }

    [Test]
    public void AMaskOfACacheJoinsWithPadding([Values] bool causal)
    {
        using var scope = NewDisposeScope();
        using var cache = new MaskCache();
        using var x = zeros(1, 9, 1);
        var padding = Padding(9, 9, 3, 0);
        var config = causal ? null : new DynChunkTrainConfig(2, 1);
        var own = AttentionMask.From(Functional.MakeTransformerSrcMask(x, causal, config), padding)!;
        var cached = AttentionMask.From(Functional.MakeTransformerSrcMask(x, causal, config, cache), padding)!;
        AssertClose(cached.Additive, own.Additive, 0);
        AssertClose(cached.Alive!, own.Alive!, 0);
    }

    [Test]
    public void LivesInTheCallersScope()
    {
        var srcMask = zeros([3, 3], ScalarType.Bool);
        var padding = Padding(3, 3, 1);
        LeakCheck.IsClean(() =>
        {
            using var scope = NewDisposeScope();
            var mask = AttentionMask.From(srcMask, padding)!;
            Assert.That(mask.Additive.IsInvalid || mask.PerHead.IsInvalid || mask.Alive!.IsInvalid || mask.Padding!.IsInvalid, Is.False);
        });
        srcMask.Dispose();
        padding.Dispose();
    }

    [Test]
    public void RefusesMasksOfOtherKinds()
    {
        using var scope = NewDisposeScope();
        Assert.That(() => AttentionMask.From(zeros([3, 4], ScalarType.Bool), null), Throws.ArgumentException);
        Assert.That(() => AttentionMask.From(zeros([3, 3], ScalarType.Int64), null), Throws.ArgumentException);
        Assert.That(() => AttentionMask.From(zeros([2, 3, 3], ScalarType.Bool), null), Throws.ArgumentException);
        Assert.That(() => AttentionMask.From(null, zeros(2, 3)), Throws.ArgumentException.With.Message.Contains("True = padding"));
        Assert.That(() => AttentionMask.From(null, zeros([3], ScalarType.Bool)), Throws.ArgumentException);
        Assert.That(() => AttentionMask.From(zeros([3, 3], ScalarType.Bool), zeros([2, 4], ScalarType.Bool)), Throws.ArgumentException);
    }
}
