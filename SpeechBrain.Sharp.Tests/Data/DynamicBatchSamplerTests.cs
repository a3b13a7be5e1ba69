using NUnit.Framework;
using SpeechBrain.Sharp.Data;
using SpeechBrain.Sharp.Tests.Testing;

namespace SpeechBrain.Sharp.Tests.Data;

[TestFixture]
public sealed class DynamicBatchSamplerTests
{
    private static readonly double[] Lengths = [.. Enumerable.Range(0, 500).Select(i => 0.4 + i * 37 % 101 * 0.17)];

    [Test]
    public void EveryItemIsInOneBatchAndNoBatchIsTooLong([Values] bool shuffle, [Values] BatchOrdering ordering, [Values(null, 7)] int? maxBatchEx)
    {
        var sampler = new DynamicBatchSampler(Lengths, 60, 12, shuffle, ordering, maxBatchEx);
        for (int epoch = 0; epoch < 3; epoch++)
        {
            var batches = sampler.Batches(epoch);
            Assert.That(batches.SelectMany(b => b).Order(), Is.EqualTo(Enumerable.Range(0, Lengths.Length)));
            foreach (int[] batch in batches)
            {
                Assert.That(batch.Length * batch.Max(i => Lengths[i]), Is.LessThanOrEqualTo(60), "padding included");
                Assert.That(batch, Has.Length.LessThanOrEqualTo(maxBatchEx ?? int.MaxValue));
            }
            double[] longest = [.. batches.Select(b => b.Max(i => Lengths[i]))];
            if (ordering == BatchOrdering.Ascending)
                Assert.That(longest, Is.Ordered.Ascending);
            if (ordering == BatchOrdering.Descending)
                Assert.That(longest, Is.Ordered.Descending);
        }
    }

    [Test]
    public void TheLastEdgeIsTheLongestBatchAndMiddleEdgesAreTheMediansShare()
    {
        // The median of the lognormal distribution is 1, and the middle one of 3 quantiles; the last is at 3/4: exp(0.67448975).
        var edges = new DynamicBatchSampler([], 100, 3).BucketBoundaries;
        Assert.That(edges[2], Is.EqualTo(100).Within(1e-12));
        Assert.That(edges[1], Is.EqualTo(100 / Math.Exp(0.6744897501960817)).Within(1e-9));
        Assert.That(edges[0] * edges[2], Is.EqualTo(edges[1] * edges[1]).Within(1e-8), "the distribution's logarithm is symmetric");
    }

    [Test]
    public void AnItemOfAnEdgesLengthBelongsBelowAndLongOnesAreAlone()
    {
        var sampler = new DynamicBatchSampler([5, 5, 5.1, 30, 10, 31], 10, [5.0, 10.0], shuffle: false, BatchOrdering.Ascending);
        Assert.That(sampler.BucketLens, Is.EqualTo(new[] { 2, 1, 1 }));
        Assert.That(sampler.Batches(0), Is.EqualTo(new int[][] { [0, 1], [2], [4], [3], [5] }));
    }

    [Test]
    public void UnfilledBatchesCanBeDropped()
    {
        var sampler = new DynamicBatchSampler([1, 1, 1, 1, 1], 2, [1.0], shuffle: false, BatchOrdering.Ascending, dropLast: true);
        Assert.That(sampler.Batches(0), Is.EqualTo(new int[][] { [0, 1], [2, 3] }));
        Assert.That(new DynamicBatchSampler([], 2, [1.0]).Batches(0), Is.Empty);
    }

    [Test]
    public void BadArgumentsAreRefused()
    {
        Refusal.Of(() => new DynamicBatchSampler([1, double.NaN], 10, 3), "Length 1 is NaN");
        Refusal.Of(() => new DynamicBatchSampler([-1], 10, 3), "Length 0 is -1");
        Refusal.Of(() => new DynamicBatchSampler([1], 0, 3), "maxBatchLength");
        Refusal.Of(() => new DynamicBatchSampler([1], 10, 0), "numBuckets");
        Refusal.Of(() => new DynamicBatchSampler([1], 10, []), "no bucket");
        Refusal.Of(() => new DynamicBatchSampler([1], 10, [5.0, 5.0]), "Edge 1 of the buckets is 5, after 5");
        Refusal.Of(() => new DynamicBatchSampler([1], 10, [0.0]), "Edge 0 of the buckets is 0");
        Refusal.Of(() => new DynamicBatchSampler([1], 10, 3, maxBatchEx: 0), "maxBatchEx");
        Refusal.Of(() => new DynamicBatchSampler([1], 10, 3, batchOrdering: (BatchOrdering)9), "batchOrdering");
        Refusal.Of(() => new DynamicBatchSampler([1], 10, 3, seed: -1), "seed");
        Refusal.Of(() => new DynamicBatchSampler([1], 10, 3).Batches(-1), "epoch");
    }

    [Test]
    public void NoTensorIsLeft() => LeakCheck.IsClean(() => { new DynamicBatchSampler(Lengths, 60, 12).Batches(1); });
}
