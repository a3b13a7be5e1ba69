using System.Collections.Concurrent;

namespace SpeechBrain.Sharp.Parallelism;

/// <summary>
/// A background thread that waits for work. Threads are made when first asked for, one fewer than the machine has processors at most, and kept;
/// where all are busy, with another caller's work for instance, asking changes nothing and the caller does the work alone.
/// </summary>
internal sealed class Worker
{
    private static readonly ConcurrentBag<Worker> Idle = [];
    private static int made;

    private readonly SemaphoreSlim wake = new(0);
    private Call? current;

    // Without the context of whoever asks first, which would live as long as the thread.
    private Worker() =>
        new Thread(Serve) { IsBackground = true, Name = "SpeechBrain.Sharp worker" }.UnsafeStart();

    /// <summary>Asks an idle worker to run <paramref name="work"/>.</summary>
    /// <param name="work">May be run by the worker, or not at all; must not throw.</param>
    /// <returns>What the caller must <see cref="Call.Finish"/>; null if no worker is idle.</returns>
    internal static Call? Ask(Action work)
    {
        if (!Idle.TryTake(out var worker))
        {
            if (Interlocked.Increment(ref made) >= Environment.ProcessorCount)
            {
                Interlocked.Decrement(ref made);
                return null;
            }
            worker = new Worker();
        }
        var call = new Call(worker, work);
        Volatile.Write(ref worker.current, call);
        worker.wake.Release();
        return call;
    }

    // A worker that wakes late may find the work withdrawn, or already another's in its place: it takes what there is.
    private void Serve()
    {
        while (true)
        {
            wake.Wait();
            Interlocked.Exchange(ref current, null)?.Run();
        }
    }

    /// <summary>Work that a worker was asked to do.</summary>
    internal sealed class Call(Worker worker, Action work)
    {
        private const int Asked = 0, Begun = 1, Done = 2, Withdrawn = 3;

        private int state = Asked;

        /// <summary>Withdraws the work if the worker has not begun with it, and else waits for its end.</summary>
        internal void Finish()
        {
            if (Interlocked.CompareExchange(ref state, Withdrawn, Asked) != Asked)
            {
                var spin = new SpinWait();
                while (Volatile.Read(ref state) != Done)
                    spin.SpinOnce(sleep1Threshold: -1);
            }
            Idle.Add(worker);
        }

        internal void Run()
        {
            if (Interlocked.CompareExchange(ref state, Begun, Asked) != Asked)
                return;
            work();
            Volatile.Write(ref state, Done);
        }
    }
}
