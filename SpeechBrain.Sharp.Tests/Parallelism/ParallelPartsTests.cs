using NUnit.Framework;
using SpeechBrain.Sharp.Parallelism;

namespace SpeechBrain.Sharp.Tests.Parallelism;

[TestFixture]
public sealed class ParallelPartsTests
{
    [Test]
    public void EveryPartIsDoneOnce([Values(0, 1, 2, 3, 8)] int threads, [Values(0, 1, 2, 7, 1000)] int parts)
    {
        int[] done = new int[parts];
        for (int repeat = 0; repeat < 20; repeat++)
            ParallelParts.Run(threads, parts, part => Interlocked.Increment(ref done[part]));
        Assert.That(done, Is.All.EqualTo(20));
    }

    [Test]
    public void ThePartsAreDoneWhenTheCallReturns()
    {
        for (int repeat = 0; repeat < 300; repeat++)
        {
            int[] done = new int[16];
            ParallelParts.Run(2, done.Length, part =>
            {
                Thread.SpinWait(2000);
                done[part] = 1;
            });
            Assert.That(done, Is.All.EqualTo(1), $"call {repeat}");
        }
    }

    [Test]
    public void OneThreadIsTheCallers()
    {
        int caller = Environment.CurrentManagedThreadId;
        var seen = new HashSet<int>();
        ParallelParts.Run(1, 50, _ => seen.Add(Environment.CurrentManagedThreadId));
        Assert.That(seen, Is.EquivalentTo(new[] { caller }));
    }

    [Test]
    public void AnotherThreadHelps()
    {
        if (Environment.ProcessorCount < 2)
            Assert.Ignore("one processor");
        // The first part ends only when another thread has begun the second: alone, the caller would never come to it.
        using var second = new ManualResetEventSlim();
        bool helped = false;
        ParallelParts.Run(2, 2, part =>
        {
            if (part == 1)
                second.Set();
            else
                helped = second.Wait(TimeSpan.FromSeconds(30));
        });
        Assert.That(helped, Is.True);
    }

    [Test]
    public void CallersAtTheSameTimeAllGetTheirWorkDone()
    {
        long[] sums = new long[6];
        var callers = Enumerable.Range(0, sums.Length).Select(caller => new Thread(() =>
        {
            for (int repeat = 0; repeat < 200; repeat++)
                ParallelParts.Run(3, 20, part => Interlocked.Add(ref sums[caller], part));
        })).ToList();
        callers.ForEach(thread => thread.Start());
        callers.ForEach(thread => thread.Join());
        Assert.That(sums, Is.All.EqualTo(200 * 190));
    }

    [Test]
    public void ACallInsideACallWorks()
    {
        int done = 0;
        ParallelParts.Run(2, 4, _ => ParallelParts.Run(2, 4, _ => Interlocked.Increment(ref done)));
        Assert.That(done, Is.EqualTo(16));
    }

    [Test]
    public void AnExceptionReachesTheCallerAndTheNextCallWorks([Values(1, 2)] int threads)
    {
        for (int repeat = 0; repeat < 50; repeat++)
        {
            Assert.That(
                () => ParallelParts.Run(threads, 10, part => throw new InvalidOperationException($"part {part}")),
                Throws.InvalidOperationException.With.Message.StartsWith("part "));
            int done = 0;
            ParallelParts.Run(threads, 10, _ => Interlocked.Increment(ref done));
            Assert.That(done, Is.EqualTo(10));
        }
    }
}
