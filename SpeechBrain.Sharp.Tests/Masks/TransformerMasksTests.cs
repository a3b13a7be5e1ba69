using NUnit.Framework;
using SpeechBrain.Sharp.Masks;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Masks;

[TestFixture]
public sealed class TransformerMasksTests
{
    private static readonly long?[] LeftContexts = [null, 0, 1, 2, 7];

    // Row by row, as the frames would ask: may row see column?
    private static bool[] NaiveChunkMask(long time, long chunk, long? left)
    {
        var masked = new bool[time * time];
        for (long row = 0; row < time; row++)
        {
            long begin = row / chunk * chunk;
            for (long column = 0; column < time; column++)
                masked[row * time + column] = column >= begin + chunk || (left is { } chunks && column < begin - chunks * chunk);
        }
        return masked;
    }

    [Test]
    public void ChunkMaskEqualsADoubleLoop([Range(1, 50)] int chunk)
    {
        for (long time = 0; time < 40; time++)
        {
            using var src = zeros([1, time, 1]);
            foreach (long? left in LeftContexts)
            {
                using var mask = Functional.MakeTransformerSrcMask(src, dynChunkTrainConfig: new(chunk, left))!;
                Assert.That(mask.dtype, Is.EqualTo(ScalarType.Bool));
                Assert.That(mask.shape, Is.EqualTo(new[] { time, time }));
                Assert.That(Noise.Bools(mask).AsSpan().SequenceEqual(NaiveChunkMask(time, chunk, left)), Is.True, $"T {time}, chunk {chunk}, left {left}");
            }
        }
    }

    [TestCaseSource(typeof(Devices), nameof(Devices.All))]
    public void EveryDeviceMakesTheSameMask(DeviceType type)
    {
        var device = Devices.Require(type);
        using var src = zeros([2, 37, 3], device: device);
        using var mask = Functional.MakeTransformerSrcMask(src, dynChunkTrainConfig: new(5, 2))!;
        Assert.That(mask.device_type, Is.EqualTo(type));
        Assert.That(Noise.Bools(mask), Is.EqualTo(NaiveChunkMask(37, 5, 2)));
    }

    [Test]
    public void HugeChunksAndContextsNeedNoMemory()
    {
        using var src = zeros(1, 9);
        using var wide = Functional.MakeTransformerSrcMask(src, dynChunkTrainConfig: new(long.MaxValue, 3))!;
        using var deep = Functional.MakeTransformerSrcMask(src, dynChunkTrainConfig: new(4, long.MaxValue))!;
        Assert.That(Noise.Bools(wide), Is.All.False);
        Assert.That(Noise.Bools(deep), Is.EqualTo(NaiveChunkMask(9, 4, null)));
    }

    [Test]
    public void MaskOwnsItsMemory()
    {
        using var src = zeros(1, 6);
        using var mask = Functional.MakeTransformerSrcMask(src, dynChunkTrainConfig: new(2, 1))!;
        Assert.That(mask.is_contiguous(), Is.True);
        mask[0, 0] = tensor(true);
        Assert.That(Noise.Bools(mask).Count(m => m), Is.EqualTo(NaiveChunkMask(6, 2, 1).Count(m => m) + 1), "no cell shares its memory with another");
    }

    [Test]
    public void LookaheadMaskIsZeroUpToTheDiagonal([Values(0, 1, 2, 7)] int time)
    {
        using var mask = Functional.GetLookaheadMask(zeros(2, time));
        Assert.That(mask.dtype, Is.EqualTo(ScalarType.Float32));
        Assert.That(mask.shape, Is.EqualTo(new long[] { time, time }));
        Assert.That(Numbers.Values(mask), Is.EqualTo(from row in Enumerable.Range(0, time) from column in Enumerable.Range(0, time) select column > row ? double.NegativeInfinity : 0));
    }

    [Test]
    public void WithoutChunksAndCausalityThereIsNoMask()
    {
        Assert.That(Functional.MakeTransformerSrcMask(zeros(1, 5)), Is.Null);
        using var causal = Functional.MakeTransformerSrcMask(zeros(1, 3), causal: true)!;
        Assert.That(causal.dtype, Is.EqualTo(ScalarType.Float32));
    }

    [Test]
    public void AllMasksOfAPass()
    {
        using var scope = NewDisposeScope();
        var masks = Functional.MakeTransformerSrcTgtMasks(
            zeros(3, 8, 2), tensor(new long[,] { { 5, 1, 9 }, { 4, 9, 9 }, { 9, 9, 9 } }), tensor(new[] { 0.75f, 0f, 1f }), padIdx: 9, dynChunkTrainConfig: new(3, 1));
        Assert.That(Noise.Bools(masks.SrcKeyPaddingMask!), Is.EqualTo(from length in (int[])[6, 0, 8] from t in Enumerable.Range(0, 8) select t >= length));
        Assert.That(Noise.Bools(masks.TgtKeyPaddingMask!), Is.EqualTo(new[] { false, false, true, false, true, true, true, true, true }));
        Assert.That(Noise.Bools(masks.SrcMask!), Is.EqualTo(NaiveChunkMask(8, 3, 1)));
        Assert.That(masks.TgtMask!.shape, Is.EqualTo(new long[] { 3, 3 }));
    }

    [Test]
    public void WhatIsNotGivenIsNotMasked()
    {
        var masks = Functional.MakeTransformerSrcTgtMasks(zeros(3, 8, 2));
        Assert.That(masks, Is.EqualTo(new TransformerMasks(null, null, null, null)));
    }

    [Test]
    public void KeyPaddingMaskNeedsAllFeaturesToBePadding()
    {
        using var x = zeros(1, 3, 2, 2);
        x[0, 1, 1, 0] = tensor(4f);
        Assert.That(Noise.Bools(Functional.GetKeyPaddingMask(x, 0)), Is.EqualTo(new[] { true, false, true }));
        Assert.That(Noise.Bools(Functional.GetKeyPaddingMask(x.flatten(2), 0)), Is.EqualTo(new[] { true, false, true }));
        Assert.That(Noise.Bools(Functional.GetKeyPaddingMask(tensor(new long[,] { { 3, 7, 7 } }), 7)), Is.EqualTo(new[] { false, true, true }));
    }

    [Test]
    public void WrongArgumentsAreRefused()
    {
        var src = zeros(2, 5, 1);
        Assert.That(() => Functional.MakeTransformerSrcMask(src, true, new(2)), Throws.ArgumentException.With.Message.Contains("exclude each other"));
        Assert.That(() => Functional.MakeTransformerSrcMask(zeros(5)), Throws.ArgumentException.With.Message.Contains("[batch, time, ...]"));
        Assert.That(() => Functional.GetLookaheadMask(zeros(5)), Throws.ArgumentException);
        Assert.That(() => Functional.GetKeyPaddingMask(zeros(5), 0), Throws.ArgumentException.With.Message.Contains("[batch, time]"));
        Assert.That(() => Functional.MakeTransformerSrcTgtMasks(src, wavLen: ones(3)), Throws.ArgumentException.With.Message.Contains("must be 2"));
        Assert.That(() => Functional.MakeTransformerSrcTgtMasks(src, wavLen: tensor(new[] { 1f, 1.5f })), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => Functional.MakeTransformerSrcTgtMasks(src, zeros(3, 4)), Throws.ArgumentException.With.Message.Contains("batch size"));
        Assert.That(() => Functional.MakeTransformerSrcTgtMasks(src, zeros([4])), Throws.ArgumentException.With.Message.Contains("tokens"));
    }

    [Test]
    public void CallsLeaveNothingBehind()
    {
        using var src = zeros(2, 9, 3);
        using var tokens = zeros([2, 4], ScalarType.Int64);
        using var lengths = ones(2);
        LeakCheck.IsClean(() => Functional.MakeTransformerSrcMask(src, dynChunkTrainConfig: new(2, 1))!);
        LeakCheck.IsClean(() => Functional.GetLookaheadMask(src));
        LeakCheck.IsClean(() => Functional.GetKeyPaddingMask(src, 0));
        LeakCheck.IsClean(() =>
        {
            var masks = Functional.MakeTransformerSrcTgtMasks(src, tokens, lengths, dynChunkTrainConfig: new(2));
            foreach (var mask in (Tensor?[])[masks.SrcKeyPaddingMask, masks.TgtKeyPaddingMask, masks.SrcMask, masks.TgtMask])
                mask!.Dispose();
        });
    }
}
