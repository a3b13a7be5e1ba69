using NUnit.Framework;
using SpeechBrain.Sharp.Resampling;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Resampling;

[TestFixture]
public sealed class KernelCacheTests
{
    private static SincKernel Kernel(long orig, long @new) => new(new SampleRateRatio(orig, @new));

    [Test]
    public void ATableIsMadeOnce()
    {
        using var cache = new KernelCache();
        cache.Get(Kernel(20, 19), ResamplingForm.Conv1d, ScalarType.Float32, CPU).Dispose();
        cache.Get(Kernel(40, 38), ResamplingForm.Conv1d, ScalarType.Float32, CPU).Dispose();
        Assert.That((cache.Hits, cache.Misses, cache.Count, cache.Bytes), Is.EqualTo((1L, 1L, 1, 19L * 34 * 4)));
        cache.Get(Kernel(20, 19), ResamplingForm.Conv1d, ScalarType.Float64, CPU).Dispose();
        cache.Get(Kernel(20, 19), ResamplingForm.Banded, ScalarType.Float32, CPU).Dispose();
        cache.Get(new SincKernel(new SampleRateRatio(20, 19), rolloff: 0.9), ResamplingForm.Conv1d, ScalarType.Float32, CPU).Dispose();
        Assert.That((cache.Hits, cache.Misses, cache.Count), Is.EqualTo((1L, 4L, 4)), "type, form and filter are parts of the key");
    }

    [Test]
    public void TheLimitHoldsAndTheOldestGoes()
    {
        long one = Kernel(20, 19).TableBytes(ScalarType.Float32);
        using var cache = new KernelCache(2 * one + 100);
        void Use(double rolloff) =>
            cache.Get(new SincKernel(new SampleRateRatio(20, 19), rolloff: rolloff), ResamplingForm.Conv1d, ScalarType.Float32, CPU).Dispose();
        Use(0.99);
        Use(0.985);
        Use(0.99);
        Use(0.98);
        Assert.That((cache.Count, cache.Evictions, cache.Bytes), Is.EqualTo((2, 1L, 2 * one)));
        Use(0.99);
        Assert.That(cache.Hits, Is.EqualTo(2), "0.99 was used since 0.985");
        Use(0.985);
        Assert.That(cache.Misses, Is.EqualTo(4), "0.985 had gone");
    }

    [Test]
    public void WhatIsLargerThanTheLimitIsNotKept()
    {
        using var cache = new KernelCache(10);
        using var table = cache.Get(Kernel(20, 19), ResamplingForm.Conv1d, ScalarType.Float32, CPU);
        Assert.That((cache.Count, cache.Bytes), Is.EqualTo((0, 0L)));
        using var y = table.Apply(ones([1, 40]));
        Assert.That(y.shape[1], Is.EqualTo(38));
    }

    [TestCase(ResamplingForm.Conv1d)]
    [TestCase(ResamplingForm.Banded)]
    [TestCase(ResamplingForm.Polyphase)]
    public void ATableInUseOutlivesItsEviction(ResamplingForm form)
    {
        using var cache = new KernelCache();
        using var x = Noise.Normal([1, 100]);
        using var table = cache.Get(Kernel(20, 19), form, ScalarType.Float32, CPU);
        using var before = table.Apply(x);
        cache.Clear();
        Assert.That((cache.Count, cache.Bytes), Is.EqualTo((0, 0L)));
        using var after = table.Apply(x);
        Assert.That(Numbers.Values(after), Is.EqualTo(Numbers.Values(before)));
        // And the cache outlives what its callers do.
        cache.Get(Kernel(20, 19), form, ScalarType.Float32, CPU).Dispose();
        using (NewDisposeScope())
            cache.Get(Kernel(20, 19), form, ScalarType.Float32, CPU);
        using var again = cache.Get(Kernel(20, 19), form, ScalarType.Float32, CPU);
        using var y = again.Apply(x);
        Assert.That(Numbers.Values(y), Is.EqualTo(Numbers.Values(before)));
    }

    [Test]
    public void FunctionalUsesTheSharedCache()
    {
        using var x = Noise.Normal([1, 100]);
        Functional.Resample(x, 33, 32).Dispose();
        long hits = KernelCache.Shared.Hits;
        Functional.Resample(x, 33, 32).Dispose();
        Assert.That(KernelCache.Shared.Hits, Is.EqualTo(hits + 1));
    }

    [Test]
    public void NothingIsLeftBehind() => LeakCheck.IsClean(() =>
    {
        using var cache = new KernelCache();
        cache.Get(Kernel(20, 19), ResamplingForm.Banded, ScalarType.Float32, CPU).Dispose();
        cache.Get(Kernel(20, 19), ResamplingForm.Conv1d, ScalarType.Float32, CPU).Dispose();
    });

    [Test]
    public void WrongUseIsRefused()
    {
        Assert.That(() => new KernelCache(-1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        var cache = new KernelCache();
        cache.Dispose();
        Assert.That(() => cache.Get(Kernel(2, 1), ResamplingForm.Banded, ScalarType.Float32, CPU), Throws.InstanceOf<ObjectDisposedException>());
    }
}
