namespace SpeechBrain.Sharp.Data;

/// <summary>
/// Threads that decode the utterances of batches, the earliest batch's first. A thread takes one utterance at a time, so that the first batch is
/// there soon, and a slow file holds up its own batch only.
/// </summary>
/// <remarks>
/// <para>
/// These threads see no tensor. TorchSharp's dispose scopes belong to a thread and are not locked: a tensor made in a worker's scope could not be
/// passed on safely, and one made outside any scope would be missing from the consumer's statistics. So the consumer makes a batch's tensor
/// before the batch is decoded, and disposes of it; in between the workers write samples to its memory, which the batch keeps alive.
/// </para>
/// <para>One lock guards all that is shared: what waits, and how much of each batch remains.</para>
/// </remarks>
internal sealed class DecodingThreads : IDisposable
{
    // A thread that is stuck in a system call (a network file system that is gone) can't be ended; it is left behind, harmless, after this.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private const int LongestWait = 3_600_000;

    private readonly object gate = new();
    private readonly Queue<(LoadingBatch Batch, LoadingUtterance Utterance)> waiting = new();
    private readonly Thread[] threads;
    private bool stopped;

    /// <param name="count">Threads; with 0 the thread that waits for a batch decodes it.</param>
    internal DecodingThreads(int count)
    {
        threads = [.. Enumerable.Range(0, count).Select(i => new Thread(Work) { IsBackground = true, Name = $"BatchLoader {i}" })];
        // Without the context of whoever loads: nothing of it belongs to these threads.
        foreach (var thread in threads)
            thread.UnsafeStart();
    }

    /// <summary>Has a batch decoded, after those that were given before it.</summary>
    internal void Add(LoadingBatch batch)
    {
        lock (gate)
        {
            foreach (var utterance in batch.Utterances)
                waiting.Enqueue((batch, utterance));
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>Waits until a batch is decoded.</summary>
    /// <param name="batch">One that was added.</param>
    /// <param name="watch">Is called, on this thread, once it is not there at once and then whenever the time that it returned has passed.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="ObjectDisposedException">The threads were stopped.</exception>
    internal void WaitFor(LoadingBatch batch, Func<TimeSpan> watch, CancellationToken cancellationToken)
    {
        using var wake = cancellationToken.UnsafeRegister(_ => Wake(), null);
        while (threads.Length == 0 && batch.Remaining > 0 && !cancellationToken.IsCancellationRequested && Take(wait: false) is { } work)
            Load(work);
        while (true)
        {
            lock (gate)
            {
                cancellationToken.ThrowIfCancellationRequested();
                ObjectDisposedException.ThrowIf(stopped, typeof(BatchLoader));
                if (batch.Remaining == 0)
                    return;
            }

            // Outside the lock, since it calls what the user gave.
            var next = watch();
            lock (gate)
            {
                if (batch.Remaining > 0 && !stopped && !cancellationToken.IsCancellationRequested)
                    Monitor.Wait(gate, TimeSpan.FromMilliseconds(Math.Clamp(next.TotalMilliseconds, 1, LongestWait)));
            }
        }
    }

    /// <summary>Stops the threads, in the middle of a file too, and waits for their end.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            stopped = true;
            waiting.Clear();
            Monitor.PulseAll(gate);
        }

        var deadline = DateTime.UtcNow + Patience;
        foreach (var thread in threads.Where(thread => thread != Thread.CurrentThread))
            thread.Join(deadline - DateTime.UtcNow is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero);
    }

    /// <summary>
    /// Frees a batch that nobody will take, once the threads are stopped; one that a stuck thread may still write to is left to the collector.
    /// </summary>
    internal void Release(LoadingBatch batch)
    {
        lock (gate)
        {
            if (batch.UnderWay == 0)
                batch.Dispose();
        }
    }

    private void Wake()
    {
        lock (gate)
            Monitor.PulseAll(gate);
    }

    private void Work()
    {
        while (Take(wait: true) is { } work)
            Load(work);
    }

    private (LoadingBatch Batch, LoadingUtterance Utterance)? Take(bool wait)
    {
        lock (gate)
        {
            while (wait && waiting.Count == 0 && !stopped)
                Monitor.Wait(gate);
            if (!waiting.TryDequeue(out var work))
                return null;
            work.Batch.UnderWay++;
            return work;
        }
    }

    private void Load((LoadingBatch Batch, LoadingUtterance Utterance) work)
    {
        work.Utterance.Load(() => Volatile.Read(ref stopped));
        lock (gate)
        {
            work.Batch.UnderWay--;
            if (--work.Batch.Remaining == 0)
                Monitor.PulseAll(gate);
        }
    }
}
