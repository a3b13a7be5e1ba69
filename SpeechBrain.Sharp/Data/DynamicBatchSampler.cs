using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Data;

/// <summary>
/// Groups items of like length, many short ones or few long ones a batch. The batches of an epoch depend on the arguments, the seed and the epoch
/// alone: nothing is kept between calls, so a run that is resumed gets the batches that it would have had.
/// </summary>
/// <remarks>
/// <para>
/// SpeechBrain 1.1.0, <c>dataio/sampler.py, DynamicBatchSampler</c>: items go, in shuffled order, to the bucket whose right edge is the first not
/// below their length; a bucket that has <c>maxBatchLength / edge</c> items (at least 1, at most <c>maxBatchEx</c>) becomes a batch; items longer
/// than the last edge are batches of their own; what is left in the buckets follows. So the length of a batch, <b>padding included</b>, is at most
/// <c>maxBatchLength</c>, but for single items that are longer.
/// </para>
/// <para>
/// Deviation: SpeechBrain draws with the seed and the epoch that <c>set_epoch</c> was last given, which on one device nobody calls, so that the
/// composition of its batches never changes and their order stays from the second epoch on. Here every epoch is drawn anew; the batches of an epoch
/// equal those after <c>set_epoch(epoch)</c> there, and <c>Batches(0)</c> are SpeechBrain's first.
/// </para>
/// <code>
/// var sampler = new DynamicBatchSampler(durations, maxBatchLength: 600, numBuckets: 200);
/// foreach (int[] indices in sampler.Batches(epoch).Skip(batchesDone)) ...
/// </code>
/// </remarks>
public sealed class DynamicBatchSampler
{
    private readonly double[] lengths;
    private readonly double[] bucketBoundaries;
    private readonly int[] bucketLens;
    private readonly bool shuffle;
    private readonly BatchOrdering batchOrdering;
    private readonly bool dropLast;
    private readonly long seed;

    /// <summary>Buckets whose edges are quantiles of a lognormal distribution: narrow where speech corpora have most items.</summary>
    /// <param name="lengths">The items' lengths in any unit, for example seconds; finite, at least 0.</param>
    /// <param name="maxBatchLength">The most that a batch may have, padding included, in the same unit; above 0. Also the last edge.</param>
    /// <param name="numBuckets">How many buckets, at least 1: few mix more, many pad less.</param>
    /// <param name="shuffle">Whether items are drawn in random order; else in the order of the list.</param>
    /// <param name="batchOrdering">In what order batches come.</param>
    /// <param name="maxBatchEx">The most items that a batch may have, at least 1; null: as many as <paramref name="maxBatchLength"/> allows.</param>
    /// <param name="dropLast">Whether batches that did not fill up are left out.</param>
    /// <param name="seed">Added to the epoch, it seeds the drawing; with the epoch at least 0.</param>
    /// <exception cref="ArgumentException">An argument is outside its range.</exception>
    public DynamicBatchSampler(
        IReadOnlyList<double> lengths, double maxBatchLength, int numBuckets, bool shuffle = true, BatchOrdering batchOrdering = BatchOrdering.Random,
        int? maxBatchEx = null, bool dropLast = false, long seed = 42)
        : this(lengths, maxBatchLength, LognormalBoundaries(maxBatchLength, numBuckets), shuffle, batchOrdering, maxBatchEx, dropLast, seed)
    {
    }

    /// <summary>Buckets of given edges.</summary>
    /// <param name="lengths">The items' lengths in any unit, for example seconds; finite, at least 0.</param>
    /// <param name="maxBatchLength">The most that a batch may have, padding included, in the same unit; above 0.</param>
    /// <param name="bucketBoundaries">The right edges of the buckets, above 0 and ascending, at least one.</param>
    /// <param name="shuffle">Whether items are drawn in random order; else in the order of the list.</param>
    /// <param name="batchOrdering">In what order batches come.</param>
    /// <param name="maxBatchEx">The most items that a batch may have, at least 1; null: as many as <paramref name="maxBatchLength"/> allows.</param>
    /// <param name="dropLast">Whether batches that did not fill up are left out.</param>
    /// <param name="seed">Added to the epoch, it seeds the drawing; with the epoch at least 0.</param>
    /// <exception cref="ArgumentException">An argument is outside its range.</exception>
    public DynamicBatchSampler(
        IReadOnlyList<double> lengths, double maxBatchLength, IReadOnlyList<double> bucketBoundaries, bool shuffle = true,
        BatchOrdering batchOrdering = BatchOrdering.Random, int? maxBatchEx = null, bool dropLast = false, long seed = 42)
    {
        ArgumentNullException.ThrowIfNull(lengths);
        ArgumentNullException.ThrowIfNull(bucketBoundaries);
        Require.Positive(maxBatchLength, nameof(maxBatchLength));
        Require.Defined(batchOrdering, nameof(batchOrdering));
        Require.Range(seed, nameof(seed), 0);
        if (maxBatchEx is { } most)
            Require.Range(most, nameof(maxBatchEx), 1);
        foreach (var (i, length) in lengths.Index())
            if (!double.IsFinite(length) || length < 0)
                throw new ArgumentException($"Length {i} is {length}; lengths are finite and 0 or more. Leave the item out.", nameof(lengths));
        if (bucketBoundaries.Count == 0)
            throw new ArgumentException("There is no bucket; give at least one right edge.", nameof(bucketBoundaries));
        foreach (var (i, edge) in bucketBoundaries.Index())
        {
            if (!double.IsFinite(edge) || edge <= (i == 0 ? 0 : bucketBoundaries[i - 1]))
                throw new ArgumentException(
                    $"Edge {i} of the buckets is {edge}{(i == 0 ? "" : $", after {bucketBoundaries[i - 1]}")}; "
                    + "edges are finite, above 0 and ascending.", nameof(bucketBoundaries));
        }
        this.lengths = [.. lengths];
        this.bucketBoundaries = [.. bucketBoundaries];
        int limit = maxBatchEx ?? int.MaxValue;
        bucketLens = [.. bucketBoundaries.Select(edge => (int)Math.Min(limit, Math.Max(1, Math.Floor(maxBatchLength / edge)))), 1];
        (this.shuffle, this.batchOrdering, this.dropLast, this.seed) = (shuffle, batchOrdering, dropLast, seed);
    }

    /// <summary>The right edges of the buckets; an item of exactly that length belongs to the bucket.</summary>
    public IReadOnlyList<double> BucketBoundaries => bucketBoundaries;

    /// <summary>The most items in a batch of each bucket, and last of those that are longer than every edge, 1.</summary>
    public IReadOnlyList<int> BucketLens => bucketLens;

    /// <summary>The batches of an epoch. Each item is in exactly one, unless unfilled ones are left out.</summary>
    /// <param name="epoch">0 or more; the same epoch always gives the same batches.</param>
    /// <returns>Indices into the list of lengths, a batch an array.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The epoch is below 0.</exception>
    public IReadOnlyList<int[]> Batches(int epoch)
    {
        Require.Range(epoch, nameof(epoch), 0);
        List<int[]> batches = [];
        var buckets = bucketLens.Select(_ => new List<int>()).ToArray();
        foreach (int item in shuffle ? Permutation(lengths.Length, epoch) : Enumerable.Range(0, lengths.Length))
        {
            int bucket = Bucket(lengths[item]);
            buckets[bucket].Add(item);
            if (buckets[bucket].Count >= bucketLens[bucket])
            {
                batches.Add([.. buckets[bucket]]);
                buckets[bucket].Clear();
            }
        }
        if (!dropLast)
            batches.AddRange(buckets.Where(b => b.Count > 0).Select(b => b.ToArray()));
        // Both sorts are stable.
        return batchOrdering switch
        {
            BatchOrdering.Ascending => [.. batches.OrderBy(Longest)],
            BatchOrdering.Descending => [.. batches.OrderByDescending(Longest)],
            _ => [.. Permutation(batches.Count, epoch).Select(i => batches[i])],
        };
    }

    private double Longest(int[] batch) => batch.Max(i => lengths[i]);

    private int Bucket(double length)
    {
        int found = Array.BinarySearch(bucketBoundaries, length);
        return found >= 0 ? found : ~found;
    }

    // A generator of its own for each use, as in SpeechBrain, so that its orders can be compared.
    private int[] Permutation(int count, int epoch)
    {
        using var generator = new Generator((ulong)(seed + epoch), CPU);
        using var order = randperm(count, dtype: ScalarType.Int64, generator: generator);
        return [.. order.data<long>().Select(i => (int)i)];
    }

    // Quantiles of the lognormal distribution at k / (n + 1), exp(sqrt(2) * erfinv(2 k / (n + 1) - 1)), scaled so that the last is the longest batch.
    private static double[] LognormalBoundaries(double maxBatchLength, int numBuckets)
    {
        Require.Positive(maxBatchLength, nameof(maxBatchLength));
        Require.Range(numBuckets, nameof(numBuckets), 1, 1_000_000);
        using var scope = NewDisposeScope();
        double[] quantiles = arange(1, numBuckets + 1, dtype: ScalarType.Float64).mul(2.0 / (numBuckets + 1)).sub(1).erfinv().mul(Math.Sqrt(2)).exp()
            .data<double>().ToArray();
        return [.. quantiles.Select(q => q * maxBatchLength / quantiles[^1])];
    }
}
