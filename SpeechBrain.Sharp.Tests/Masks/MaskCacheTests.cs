using NUnit.Framework;
using SpeechBrain.Sharp.Masks;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Masks;

[TestFixture]
[NonParallelizable]
public sealed class MaskCacheTests
{
    private static Tensor Get(MaskCache? cache, long time, DynChunkTrainConfig config)
    {
        using var src = zeros(1, time);
        return Functional.MakeTransformerSrcMask(src, dynChunkTrainConfig: config, cache: cache)!;
    }

    [Test]
    public void GivesTheMasksThatAreMadeWithoutIt([Values(1, 2, 7, 16, 100)] int chunk, [Values(null, 0L, 1L, 3L)] long? left)
    {
        using var cache = new MaskCache();
        for (long time = 0; time < 70; time += 3)
        {
            using Tensor cached = Get(cache, time, new(chunk, left)), own = Get(null, time, new(chunk, left));
            Assert.That(cached.shape, Is.EqualTo(own.shape));
            Assert.That(Noise.Bools(cached), Is.EqualTo(Noise.Bools(own)), $"T {time}");
        }
        Assert.That(cache.Misses, Is.EqualTo(4), "16, 32, 64 and 128 frames");
    }

    [Test]
    public void GivesLookaheadMasks([Values(0, 1, 16, 17, 40)] int time)
    {
        using var cache = new MaskCache();
        using var x = zeros(2, time);
        using Tensor own = Functional.GetLookaheadMask(x), cached = Functional.GetLookaheadMask(x, cache);
        using var causal = Functional.MakeTransformerSrcMask(x, causal: true, cache: cache)!;
        Assert.That(cached.dtype, Is.EqualTo(ScalarType.Float32));
        Assert.That(Numbers.Values(cached), Is.EqualTo(Numbers.Values(own)));
        Assert.That(Numbers.Values(causal), Is.EqualTo(Numbers.Values(own)));
    }

    [Test]
    public void ARepeatedShapeIsAView()
    {
        using var meter = new OperatorMeter();
        using var cache = new MaskCache();
        using var src = zeros(4, 300, 8);
        var config = new DynChunkTrainConfig(16, 4);
        void Make() => Functional.MakeTransformerSrcMask(src, dynChunkTrainConfig: config, cache: cache)!.Dispose();

        Make();
        var counts = meter.Count(Make);
        Assert.That(counts, Is.EqualTo(new OperatorCounts(1, 0, 0, 0)), "as_strided: no kernel, no memory");
        Assert.That((cache.Hits, cache.Misses, cache.Count), Is.EqualTo((1L, 1L, 1)));
    }

    [Test]
    public void AShorterShapeIsAViewToo()
    {
        using var meter = new OperatorMeter();
        using var cache = new MaskCache();
        using (Get(cache, 500, new(16, 4)))
        using (var src = zeros(1, 300))
        {
            var counts = meter.Count(() => Functional.MakeTransformerSrcMask(src, dynChunkTrainConfig: new(16, 4), cache: cache)!.Dispose());
            Assert.That(counts.Operators, Is.EqualTo(1));
        }
    }

    [Test]
    public void MasksShareMemoryAndDisposingOfOneHarmsNobody()
    {
        using var cache = new MaskCache();
        var first = Get(cache, 5, new(2, 0));
        using var second = Get(cache, 5, new(2, 0));
        first[0, 0] = tensor(true);
        Assert.That(Noise.Bools(second)[0], Is.True, "one memory (which a caller must not write into)");
        first[0, 0] = tensor(false);
        first.Dispose();
        using (NewDisposeScope())
            Get(cache, 5, new(2, 0));
        cache.Clear();
        using var own = Get(null, 5, new(2, 0));
        Assert.That(Noise.Bools(second), Is.EqualTo(Noise.Bools(own)));
    }

    [Test]
    public void KeepsNoMoreThanItsLimit()
    {
        // Masks of 16 frames are 256 bytes each.
        using var cache = new MaskCache(600);
        for (int chunk = 1; chunk <= 5; chunk++)
            Get(cache, 10, new(chunk)).Dispose();
        Assert.That((cache.Count, cache.Bytes, cache.Evictions), Is.EqualTo((2, 512L, 3L)));

        Get(cache, 10, new(4)).Dispose();
        Get(cache, 10, new(6)).Dispose();
        Get(cache, 10, new(4)).Dispose();
        Assert.That(cache.Hits, Is.EqualTo(2), "the one used longest ago goes");
    }

    [Test]
    public void AMaskAboveTheLimitIsMadeAtEachCall()
    {
        using var cache = new MaskCache(255);
        for (int i = 0; i < 2; i++)
        {
            using Tensor mask = Get(cache, 9, new(2, 1)), own = Get(null, 9, new(2, 1));
            Assert.That(Noise.Bools(mask), Is.EqualTo(Noise.Bools(own)));
        }
        Assert.That((cache.Count, cache.Bytes, cache.Misses), Is.EqualTo((0, 0L, 2L)));
        // The square of this length does not fit 64 bits: it is refused by libtorch, not by a wrapped number of bytes.
        Assert.That(() => cache.Get(1L << 33, new(2), CPU, MaskForm.Bool, ScalarType.Bool), Throws.Exception);
    }

    [Test]
    public void AfterDisposalNothingIsKept()
    {
        var cache = new MaskCache();
        using var before = Get(cache, 5, new(2));
        cache.Dispose();
        using var after = Get(cache, 5, new(2));
        Assert.That(Noise.Bools(after), Is.EqualTo(Noise.Bools(before)));
        Assert.That((cache.Count, cache.Bytes), Is.EqualTo((0, 0L)));
    }

    [Test]
    public void ThreadsShareIt()
    {
        using var cache = new MaskCache(40_000);
        var wrong = new System.Collections.Concurrent.ConcurrentBag<string>();
        var threads = Enumerable.Range(0, 6).Select(seed => new Thread(() =>
        {
            var random = new Random(seed);
            for (int i = 0; i < 200; i++)
            {
                long time = random.Next(1, 120), chunk = random.Next(1, 9);
                using Tensor cached = Get(cache, time, new(chunk, 1)), own = Get(null, time, new(chunk, 1));
                if (!Noise.Bools(cached).SequenceEqual(Noise.Bools(own)))
                    wrong.Add($"T {time}, chunk {chunk}");
            }
        })).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        Assert.That(wrong, Is.Empty);
        Assert.That(cache.Bytes, Is.LessThanOrEqualTo(40_000));
    }

    [Test]
    public void MasksOutliveACacheThatAnotherThreadClearsAndDisposesOf()
    {
        var cache = new MaskCache(40_000);
        using var stop = new ManualResetEventSlim();
        var clearing = new Thread(() =>
        {
            while (!stop.Wait(TimeSpan.FromMilliseconds(0.1)))
                cache.Clear();
            cache.Dispose();
        });
        using var own = Get(null, 90, new(3, 1));
        bool[] expected = Noise.Bools(own);
        clearing.Start();
        for (int i = 0; i < 300; i++)
        {
            if (i == 200)
                stop.Set();
            using var mask = Get(cache, 90, new(3, 1));
            Assert.That(Noise.Bools(mask).SequenceEqual(expected), Is.True, $"call {i}");
        }
        clearing.Join();
        Assert.That(cache.Bytes, Is.Zero);
    }

    [Test]
    public void AMaskMadeInInferenceModeServesTraining()
    {
        using var scope = NewDisposeScope();
        using var cache = new MaskCache();
        using (inference_mode())
            Functional.GetLookaheadMask(zeros(1, 3), cache);
        using var scores = zeros(3, 3, requires_grad: true);
        using var mask = Functional.GetLookaheadMask(zeros(1, 3), cache);
        scores.add(mask).softmax(-1).mul(arange(9).view(3, 3)).sum().backward();
        Assert.That(scores.grad!.isfinite().all().item<bool>(), Is.True);
    }

    [Test]
    public void AllMasksOfAPassComeFromIt()
    {
        using var scope = NewDisposeScope();
        using var cache = new MaskCache();
        for (int i = 0; i < 2; i++)
            Functional.MakeTransformerSrcTgtMasks(zeros(2, 9, 1), zeros([2, 4], ScalarType.Int64), ones(2), dynChunkTrainConfig: new(2), cache: cache);
        Assert.That((cache.Misses, cache.Hits), Is.EqualTo((2L, 2L)));
    }

    [Test]
    public void CallsLeaveNothingBehind()
    {
        using var cache = new MaskCache();
        using var src = zeros(1, 12);
        LeakCheck.IsClean(() => Functional.MakeTransformerSrcMask(src, dynChunkTrainConfig: new(3), cache: cache)!);
    }

    [Test]
    public void WrongArgumentsAreRefused()
    {
        Assert.That(() => new MaskCache(-1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => Functional.MakeTransformerSrcMask(zeros(5), dynChunkTrainConfig: new(2), cache: MaskCache.Shared), Throws.ArgumentException);
    }
}
