using NUnit.Framework;
using SpeechBrain.Sharp.Resampling;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Resampling;

[TestFixture]
public sealed class StreamingResampleTests
{
    private static readonly (long Orig, long New)[] Rates = [(16000, 16842), (20, 19), (2, 1), (1, 3), (441, 160), (160, 441), (50, 1), (1, 1)];

    private static IEnumerable<TestCaseData> Rows =>
        from rate in Rates
        from dtype in (ScalarType[])[ScalarType.Float32, ScalarType.Float64, ScalarType.BFloat16]
        select new TestCaseData(rate.Orig, rate.New, dtype);

    [TestCaseSource(nameof(Rows))]
    public void ChunksOfAnySizeGiveTheSamplesOfTheWhole(long origFreq, long newFreq, ScalarType dtype)
    {
        using var x = Noise.Normal([2, 3001], dtype: dtype);
        using var whole = Functional.Resample(x, origFreq, newFreq);
        foreach (int size in (int[])[1, 7, 160, 1024, 5000])
        {
            using var stream = new StreamingResample(origFreq, newFreq);
            using var joined = Join(stream, x, size);
            Assert.That(joined.shape, Is.EqualTo(whole.shape));
            Assert.That(Numbers.Values(joined), Is.EqualTo(Numbers.Values(whole)), $"chunks of {size}, to the bit");
        }
    }

    [Test]
    public void ChannelsAndEmptyChunksMayCome()
    {
        using var x = Noise.Normal([2, 300, 3]);
        using var whole = Functional.Resample(x, 20, 19);
        using var stream = new StreamingResample(20, 19);
        using var scope = NewDisposeScope();
        var parts = new List<Tensor>();
        foreach (var (start, length) in ((long, long)[])[(0, 0), (0, 200), (0, 0), (200, 100)])
            parts.Add(stream.Push(x.narrow(1, start, length)));
        parts.Add(stream.Flush());
        Assert.That(Numbers.Values(cat(parts, 1)), Is.EqualTo(Numbers.Values(whole)));
    }

    [Test]
    public void AnOutputComesWithItsLastTap()
    {
        var kernel = new SincKernel(new SampleRateRatio(20, 19));
        using var stream = new StreamingResample(20, 19);
        using var zero = zeros([1, 1]);
        for (long received = 1; received < 100; received++)
        {
            stream.Push(zero).Dispose();
            Assert.That(stream.Received, Is.EqualTo(received));
            if (stream.Emitted > 0)
                Assert.That(kernel.FirstTap(stream.Emitted - 1) + kernel.Reach, Is.LessThanOrEqualTo(received), "all its taps are there");
            Assert.That(kernel.FirstTap(stream.Emitted) + kernel.Reach, Is.GreaterThan(received), "no output waits longer than it must");
        }
        stream.Flush().Dispose();
        Assert.That((stream.Received, stream.Emitted), Is.EqualTo((0L, 0L)), "a new signal");
    }

    [Test]
    public void TheStateGoesOnInAnotherStream()
    {
        using var x = Noise.Normal([1, 2000]);
        using var whole = Functional.Resample(x, 8000, 8421);
        using var first = new StreamingResample(8000, 8421);
        using var second = new StreamingResample(8000, 8421);
        using var a = first.Push(x.narrow(1, 0, 777));
        var state = first.StateDict();
        first.Push(x.narrow(1, 0, 500)).Dispose();      // the state is a copy
        second.LoadStateDict(state);
        using var b = second.Push(x.narrow(1, 777, 1223));
        using var c = second.Flush();
        using var joined = cat([a, b, c], 1);
        Assert.That(Numbers.Values(joined), Is.EqualTo(Numbers.Values(whole)));

        using var other = new StreamingResample(20, 19);
        Assert.That(() => other.LoadStateDict(state), Throws.ArgumentException.With.Message.Contains("20:19"));
        Assert.That(() => other.LoadStateDict(new Dictionary<string, Tensor>()), Throws.ArgumentException.With.Message.Contains("counts"));
        using var fresh = new StreamingResample(20, 19);
        other.LoadStateDict(fresh.StateDict());
        Assert.That(other.Received, Is.Zero);
    }

    [Test]
    public void WrongUseIsRefused()
    {
        using var stream = new StreamingResample(20, 19);
        Assert.That(() => stream.Flush(), Throws.InvalidOperationException);
        Assert.That(() => stream.Push(zeros([9])), Throws.ArgumentException.With.Message.Contains("[batch, time]"));
        Assert.That(() => stream.Push(zeros([1, 9], ScalarType.Int32)), Throws.ArgumentException.With.Message.Contains("float32"));
        stream.Push(zeros([1, 9])).Dispose();
        Assert.That(() => stream.Push(zeros([2, 9])), Throws.ArgumentException.With.Message.Contains("Reset()"));
        Assert.That(() => stream.Push(zeros([1, 9], ScalarType.Float64)), Throws.ArgumentException.With.Message.Contains("Reset()"));
        Assert.That(() => stream.Push(zeros([1, 9, 2])), Throws.ArgumentException.With.Message.Contains("Reset()"));
        stream.Reset();
        stream.Push(zeros([2, 9])).Dispose();
        stream.Dispose();
        Assert.That(() => stream.Push(zeros([2, 9])), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => new StreamingResample(0, 1), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void NothingIsLeftBehind()
    {
        using var x = Noise.Normal([1, 300]);
        LeakCheck.IsClean(() =>
        {
            using var stream = new StreamingResample(20, 19);
            using var y = Join(stream, x, 100);
        });
    }

    private static Tensor Join(StreamingResample stream, Tensor x, long size)
    {
        using var scope = NewDisposeScope();
        var parts = new List<Tensor>();
        for (long at = 0; at < x.shape[1]; at += size)
            parts.Add(stream.Push(x.narrow(1, at, Math.Min(size, x.shape[1] - at))));
        parts.Add(stream.Flush());
        return cat(parts, 1).MoveToOuterDisposeScope();
    }
}
