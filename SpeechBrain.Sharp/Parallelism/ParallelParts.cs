using System.Runtime.ExceptionServices;

namespace SpeechBrain.Sharp.Parallelism;

/// <summary>
/// A call's work in numbered parts, done by the caller and whichever of the <see cref="Worker"/> threads come in time.
/// </summary>
/// <remarks>
/// Written for calls of a few milliseconds. <see cref="Parallel"/> and the thread pool start their second thread 0.1 ms after the first at best
/// and, measured on two cores, often 1 to 3 ms after it: when such a call is over. Threads of our own, parked on a semaphore, start in 0.06 ms,
/// and no call waits for one that has not begun. For work on memory only: dispose scopes, gradient modes and generators belong to the
/// caller's thread.
/// </remarks>
internal sealed class ParallelParts
{
    private readonly Action<long> body;
    private readonly long[] next, end;
    private int members;
    private ExceptionDispatchInfo? failure;

    private ParallelParts(int threads, long parts, Action<long> body)
    {
        this.body = body;
        next = new long[threads];
        end = new long[threads];
        for (int i = 0; i < threads; i++)
            (next[i], end[i]) = (parts * i / threads, parts * (i + 1) / threads);
    }

    /// <summary>Runs <paramref name="body"/> once for each part, on this thread and at most <paramref name="threads"/> - 1 others.</summary>
    /// <param name="threads">Threads in all; 1 or less: this one alone.</param>
    /// <param name="parts">How many parts there are. Several a thread even out what one thread loses by starting late.</param>
    /// <param name="body">Does one part, given its number. If it throws, the parts not yet begun are left out and its exception is rethrown.</param>
    internal static void Run(int threads, long parts, Action<long> body)
    {
        threads = (int)Math.Min(threads, parts);
        if (threads <= 1)
        {
            for (long part = 0; part < parts; part++)
                body(part);
            return;
        }
        var work = new ParallelParts(threads, parts, body);
        var calls = new Worker.Call?[threads - 1];
        for (int i = 0; i < calls.Length; i++)
            calls[i] = Worker.Ask(work.TakeParts);
        work.TakeParts();
        foreach (var call in calls)
            call?.Finish();
        work.failure?.Throw();
    }

    // Each thread begins with a run of neighbouring parts of its own, so that two do not touch one page of fresh memory at the same time, and
    // then helps with the others' runs.
    private void TakeParts()
    {
        int own = Interlocked.Increment(ref members) - 1;
        try
        {
            for (int i = 0; i < next.Length; i++)
            {
                int run = (own + i) % next.Length;
                for (long part; failure is null && (part = Interlocked.Increment(ref next[run]) - 1) < end[run];)
                    body(part);
            }
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(e), null);
        }
    }
}
