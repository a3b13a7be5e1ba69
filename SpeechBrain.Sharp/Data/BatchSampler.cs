using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Data;

/// <summary>
/// Groups utterances of like duration, so that little of a batch is padding. The composition and order of an epoch's batches depend on the seed and
/// the epoch alone: nothing is kept between calls, and a run that is resumed gets the batches it would have had.
/// </summary>
/// <remarks>
/// Shuffled: utterances are sorted by duration and cut into buckets of <c>bucketBatches</c> batches; each bucket is shuffled and cut into batches,
/// and the batches are shuffled. Not shuffled: batches of utterances in order of duration, shortest first.
/// </remarks>
public sealed class BatchSampler
{
    private readonly int[] byDuration;
    private readonly int batchSize;
    private readonly int bucketBatches;
    private readonly bool shuffle;
    private readonly long seed;

    /// <summary>Prepares to group utterances.</summary>
    /// <param name="durations">Seconds, one for each utterance, finite and at least 0.</param>
    /// <param name="batchSize">Utterances a batch, at least 1; the last batch of a bucket may be smaller.</param>
    /// <param name="shuffle">Whether an epoch differs from the next.</param>
    /// <param name="bucketBatches">
    /// Batches that share a bucket, at least 1: 1 keeps neighbours in duration together for ever (least padding), many mix freely.
    /// </param>
    /// <param name="seed">Added to the epoch, it seeds the shuffling.</param>
    /// <exception cref="ArgumentException">An argument is outside its range.</exception>
    public BatchSampler(IReadOnlyList<double> durations, int batchSize, bool shuffle = true, int bucketBatches = 4, long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(durations);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(bucketBatches, 1);
        for (var i = 0; i < durations.Count; i++)
        {
            if (!double.IsFinite(durations[i]) || durations[i] < 0)
                throw new ArgumentException($"Duration {i} is {durations[i]}; durations are seconds, 0 or more.", nameof(durations));
        }

        // OrderBy is stable: utterances of one duration keep the order of the list.
        byDuration = [.. Enumerable.Range(0, durations.Count).OrderBy(i => durations[i])];
        this.batchSize = batchSize;
        this.bucketBatches = bucketBatches;
        this.shuffle = shuffle;
        this.seed = seed;
    }

    /// <summary>The batches of an epoch; every utterance is in exactly one of them.</summary>
    /// <param name="epoch">0 or more; the same epoch always gives the same batches.</param>
    /// <returns>Indices into the list of durations, a batch an array.</returns>
    public IReadOnlyList<int[]> Batches(int epoch)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        if (!shuffle)
            return [.. byDuration.Chunk(batchSize)];

        using var generator = new Generator((ulong)(seed + epoch), CPU);
        var batches = byDuration.Chunk((int)Math.Min((long)batchSize * bucketBatches, Array.MaxLength)).SelectMany(bucket => Permute(bucket, generator).Chunk(batchSize)).ToArray();
        return Permute(batches, generator);
    }

    private static T[] Permute<T>(T[] items, Generator generator)
    {
        using var order = randperm(items.Length, dtype: int64, generator: generator);
        return [.. order.data<long>().Select(i => items[i])];
    }
}
