using TorchSharp;

namespace SpeechBrain.Sharp.Data;

/// <summary>
/// Reads batches of utterances ahead of their use: audio is decoded by worker threads, in the order of the batches and a bounded number of them.
/// Batches are the same whatever the number of threads.
/// </summary>
/// <remarks>
/// <para>
/// No file stops it silently. What can't be used is left out, named and counted, up to <see cref="BatchLoaderOptions.MaxSkippedShare"/>; beyond it,
/// and where something other than a file fails, the loop that takes the batches gets an exception with the file's name. What takes long is named
/// after <see cref="BatchLoaderOptions.SlowAfter"/>.
/// </para>
/// <para>
/// Each sample is written once, by the decoder, into the padded batch. The batches handed out belong to the thread that takes them, but to none of
/// its dispose scopes: dispose each.
/// </para>
/// <code>
/// using var loader = new BatchLoader(utterances, tokenizer, 16000, new() { Workers = 4, Device = device });
/// foreach (var batch in loader.Load(sampler.Batches(epoch).Skip(batchesDone)))
///     using (batch)
///         Train(batch);
/// </code>
/// Corresponds to SpeechBrain 1.1.0, <c>dataio/dataloader.py, SaveableDataLoader</c>, which resumes by reading what was done and throwing it away.
/// </remarks>
public sealed class BatchLoader : IDisposable
{
    private readonly IReadOnlyList<Utterance> utterances;
    private readonly ITokenizer tokenizer;
    private readonly int sampleRate;
    private readonly BatchLoaderOptions options;
    private readonly object gate = new();
    private readonly SortedDictionary<int, SkippedUtterance> skipped = [];
    private readonly HashSet<DecodingThreads> running = [];
    private bool disposed;

    /// <summary>Prepares to load; no file is touched.</summary>
    /// <param name="utterances">
    /// What batches are made of, for example a manifest. Durations, in seconds, need not be exact, but the loader is fastest where they are.
    /// </param>
    /// <param name="tokenizer">For the transcripts; called by several threads at once, which this library's own allow.</param>
    /// <param name="sampleRate">Hz, above 0; audio of another rate can't be used.</param>
    /// <param name="options">The defaults when null.</param>
    /// <exception cref="ArgumentException">An argument or option is outside its range, or an utterance's duration is no time.</exception>
    public BatchLoader(IReadOnlyList<Utterance> utterances, ITokenizer tokenizer, int sampleRate, BatchLoaderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(utterances);
        ArgumentNullException.ThrowIfNull(tokenizer);
        Require.Range(sampleRate, nameof(sampleRate), 1);
        options ??= new();
        Require.Range(options.Workers, nameof(options.Workers), 0, 1024);
        Require.Range(options.Prefetch, nameof(options.Prefetch), 0, 1_000_000);
        Require.Range(options.MaxSkippedShare, nameof(options.MaxSkippedShare), 0, 1);
        Require.Range(options.MinSeconds, nameof(options.MinSeconds), 0);
        if (double.IsNaN(options.MaxSeconds) || options.MaxSeconds < options.MinSeconds)
            throw new ArgumentOutOfRangeException(
                nameof(options), options.MaxSeconds, FormattableString.Invariant($"MaxSeconds must be at least MinSeconds, {options.MinSeconds}."));
        if (options.SlowAfter <= TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(options), options.SlowAfter, "SlowAfter must be above 0.");
        if (options.GiveUpAfter <= TimeSpan.Zero && options.GiveUpAfter != Timeout.InfiniteTimeSpan)
            throw new ArgumentOutOfRangeException(nameof(options), options.GiveUpAfter, "GiveUpAfter must be above 0, or Timeout.InfiniteTimeSpan.");
        foreach (var utterance in utterances)
        {
            if (!(utterance.Duration >= 0 && utterance.Duration <= Array.MaxLength / sampleRate))
                throw new ArgumentException(
                    FormattableString.Invariant($"{utterance.Id} ('{utterance.Path}') has the duration {utterance.Duration}; ")
                    + $"durations are seconds, 0 to {Array.MaxLength / sampleRate}. Correct the manifest.", nameof(utterances));
        }

        (this.utterances, this.tokenizer, this.sampleRate, this.options) = (utterances, tokenizer, sampleRate, options);
    }

    /// <summary>What was left out so far, in the order of the utterances.</summary>
    public IReadOnlyList<SkippedUtterance> Skipped
    {
        get
        {
            lock (gate)
                return [.. skipped.Values];
        }
    }

    /// <summary>
    /// Loads batches. Worker threads run from the first batch asked for to the end of the loop, however it ends. Batches of which no utterance can be
    /// used are left out; <see cref="PaddedBatch.Place"/> tells which one a batch is. To resume an epoch, give the batches that are left.
    /// </summary>
    /// <param name="batches">
    /// Indices into the list of utterances, a batch an array of at least one; asked for on the thread that takes the batches.
    /// </param>
    /// <param name="cancellationToken">Ends the loading, also while a batch is waited for.</param>
    /// <returns>The batches in order, on the device of the options; dispose each.</returns>
    /// <exception cref="InvalidDataException">
    /// More utterances can't be used than may be left out; the message names the one that is too many and says why.
    /// </exception>
    /// <exception cref="InvalidOperationException">Something other than a file failed; the message names the utterance.</exception>
    /// <exception cref="TimeoutException">A file took longer than the options allow; the message names it.</exception>
    /// <exception cref="ArgumentException">A batch is empty or holds an index that is not in the list.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The loader was disposed.</exception>
    public IEnumerable<PaddedBatch> Load(IEnumerable<int[]> batches, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batches);
        ObjectDisposedException.ThrowIf(disposed, this);
        return LoadInOrder(batches, cancellationToken);
    }

    /// <summary>Stops all loading that is under way; its threads have ended then.</summary>
    public void Dispose()
    {
        DecodingThreads[] all;
        lock (gate)
        {
            disposed = true;
            all = [.. running];
        }

        foreach (var threads in all)
            threads.Dispose();
    }

    private IEnumerable<PaddedBatch> LoadInOrder(IEnumerable<int[]> batches, CancellationToken cancellationToken)
    {
        var threads = Start();
        var ahead = new Queue<LoadingBatch>();
        try
        {
            using var source = batches.GetEnumerator();
            var place = 0;
            for (var more = true; more || ahead.Count > 0;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                // One is waited for, and Prefetch are decoded while it is used.
                while (more && ahead.Count <= options.Prefetch && (more = source.MoveNext()))
                {
                    var next = Prepare(source.Current, place++);
                    ahead.Enqueue(next);
                    threads.Add(next);
                }

                if (ahead.Count > 0 && Take(ahead, threads, cancellationToken) is { } batch)
                    yield return batch;
            }
        }
        finally
        {
            threads.Dispose();
            foreach (var batch in ahead)
                threads.Release(batch);
            lock (gate)
                running.Remove(threads);
        }
    }

    private DecodingThreads Start()
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            var threads = new DecodingThreads(options.Workers);
            running.Add(threads);
            return threads;
        }
    }

    private LoadingBatch Prepare(int[] indices, int place)
    {
        if (indices is not { Length: > 0 })
            throw new ArgumentException($"Batch {place} is empty; give it at least one utterance.", "batches");
        foreach (var index in indices)
            if (index < 0 || index >= utterances.Count)
                throw new ArgumentException(
                    $"Batch {place} holds the index {index}; the {utterances.Count} utterances are 0 to {utterances.Count - 1}.", "batches");
        return new LoadingBatch(place, indices, utterances, tokenizer, sampleRate, options);
    }

    private PaddedBatch? Take(Queue<LoadingBatch> ahead, DecodingThreads threads, CancellationToken cancellationToken)
    {
        var batch = ahead.Peek();
        threads.WaitFor(batch, new SlowFileWatch(batch, options).Look, cancellationToken);
        foreach (var utterance in batch.Utterances)
            Judge(utterance);
        ahead.Dequeue();
        if (batch.Utterances.All(utterance => utterance.Reason is not null))
        {
            batch.Dispose();
            return null;
        }

        var host = batch.Finish();
        if (options.Device is not { type: not DeviceType.CPU } device)
            return host;
        using (host)
            return host.ToDevice(device);
    }

    // By the thread that takes the batches and in their order, so that the same utterance exceeds the share whatever the number of threads.
    private void Judge(LoadingUtterance loaded)
    {
        var utterance = loaded.Utterance;
        if (loaded.Reason is not { } reason)
        {
            if (loaded.Failure is { } failure)
                throw new InvalidOperationException($"Utterance {utterance.Id} ('{utterance.Path}') could not be loaded: {failure.Message}", failure);
            return;
        }

        reason = reason.TrimEnd('.');
        var entry = new SkippedUtterance(utterance, reason);
        int count;
        lock (gate)
        {
            if (!skipped.TryAdd(loaded.Index, entry))
                return;
            count = skipped.Count;
        }

        options.OnSkipped?.Invoke(entry);
        if (count > options.MaxSkippedShare * utterances.Count)
            throw new InvalidDataException(
                FormattableString.Invariant($"Utterance {utterance.Id} can't be used: {reason}. That makes {count} of {utterances.Count}, more than ")
                + FormattableString.Invariant($"MaxSkippedShare = {options.MaxSkippedShare} allows; see to them, or raise it to leave them out."),
                loaded.Failure);
    }
}
