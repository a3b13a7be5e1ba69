using NUnit.Framework;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Masks;

[TestFixture]
public sealed class MasksUnionTests
{
    [Test]
    public void EqualsALoop([Values] bool withAttention, [Values] bool withPadding)
    {
        const int B = 3, T = 7, H = 2;
        using var src = zeros(B, T);
        using var attention = Functional.MakeTransformerSrcMask(src, dynChunkTrainConfig: new(2, 1))!;
        using var padding = Functional.GetMaskFromLengths(tensor(new long[] { 7, 4, 0 }), T);
        bool[] a = Noise.Bools(attention), p = Noise.Bools(padding);
        using var kept = Functional.MasksUnion(B, T, H, withAttention ? attention : null, withPadding ? padding : null);
        if (!withAttention && !withPadding)
        {
            Assert.That(kept, Is.Null);
            return;
        }
        Assert.That(kept!.shape, Is.EqualTo(new long[] { B, H, T, T }));
        Assert.That(kept.dtype, Is.EqualTo(ScalarType.Bool));
        Assert.That(
            Noise.Bools(kept),
            Is.EqualTo(
                from b in Enumerable.Range(0, B)
                from h in Enumerable.Range(0, H)
                from q in Enumerable.Range(0, T)
                from k in Enumerable.Range(0, T)
                select !(withAttention && a[q * T + k]) && !(withPadding && p[b * T + k])));
    }

    [Test]
    public void AdditiveMasksCountMinusInfinityAsMasked()
    {
        using var lookahead = Functional.GetLookaheadMask(zeros(1, 4));
        lookahead[3, 0] = tensor(-5f);
        using var kept = Functional.MasksUnion(1, 4, 1, lookahead, null)!;
        Assert.That(Noise.Bools(kept), Is.EqualTo(from q in Enumerable.Range(0, 4) from k in Enumerable.Range(0, 4) select k <= q));
    }

    [Test]
    public void HeadsShareTheirMemory()
    {
        using var padding = Functional.GetMaskFromLengths(tensor(new long[] { 2 }), 3);
        using var kept = Functional.MasksUnion(1, 3, 8, null, padding)!;
        Assert.That(kept.stride()[1], Is.Zero);
    }

    [Test]
    public void WrongMasksAreRefused()
    {
        using var square = zeros([4, 4], ScalarType.Bool);
        Assert.That(() => Functional.MasksUnion(2, 5, 1, square, null), Throws.ArgumentException.With.Message.Contains("[5, 5]"));
        Assert.That(() => Functional.MasksUnion(2, 4, 1, null, square), Throws.ArgumentException.With.Message.Contains("[2, 4]"));
        Assert.That(() => Functional.MasksUnion(4, 4, 1, null, zeros(4, 4)), Throws.ArgumentException.With.Message.Contains("bool"));
        Assert.That(() => Functional.MasksUnion(4, 4, 1, zeros([4, 4], ScalarType.Int64), null), Throws.ArgumentException);
        Assert.That(() => Functional.MasksUnion(4, 4, 0, square, null), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void LeavesNothingBehind()
    {
        using var square = zeros([4, 4], ScalarType.Bool);
        using var padding = zeros([2, 4], ScalarType.Bool);
        LeakCheck.IsClean(() => Functional.MasksUnion(2, 4, 3, square, padding)!);
        LeakCheck.IsClean(() => Functional.MasksUnion(2, 4, 3, null, padding)!);
    }
}
