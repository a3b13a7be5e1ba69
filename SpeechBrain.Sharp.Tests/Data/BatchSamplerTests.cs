using NUnit.Framework;
using SpeechBrain.Sharp.Data;
using SpeechBrain.Sharp.Tests.Testing;

namespace SpeechBrain.Sharp.Tests.Data;

public sealed class BatchSamplerTests
{
    private static readonly double[] Durations = [.. Enumerable.Range(0, 103).Select(i => (i * 37 % 103) / 10.0)];

    private static string Text(IEnumerable<int[]> batches) => string.Join('|', batches.Select(batch => string.Join(' ', batch)));

    [Test]
    public void EveryUtteranceIsInOneBatch([Values] bool shuffle, [Values(1, 7, 103, 200)] int batchSize, [Values(0, 3)] int epoch)
    {
        var batches = new BatchSampler(Durations, batchSize, shuffle).Batches(epoch);
        Assert.That(batches.SelectMany(batch => batch).Order(), Is.EqualTo(Enumerable.Range(0, 103)));
        Assert.That(batches.Max(batch => batch.Length), Is.EqualTo(Math.Min(batchSize, 103)));
    }

    [Test]
    public void UnshuffledIsShortestFirst()
    {
        var batches = new BatchSampler([3, 1, 2, 1], 3, shuffle: false).Batches(5);
        Assert.That(Text(batches), Is.EqualTo("1 3 2|0"));
    }

    [Test]
    public void SeedAndEpochDetermineTheBatches()
    {
        string Draw(long seed, int epoch) => Text(new BatchSampler(Durations, 8, seed: seed).Batches(epoch));
        Assert.That(Draw(1, 0), Is.EqualTo(Draw(1, 0)));
        Assert.That(Draw(1, 0), Is.Not.EqualTo(Draw(1, 1)), "an epoch's batches differ from the next epoch's");
        Assert.That(Draw(1, 0), Is.Not.EqualTo(Draw(2, 0)));

        // Nothing is kept between calls: an epoch does not depend on those drawn before it.
        var sampler = new BatchSampler(Durations, 8, seed: 1);
        sampler.Batches(0);
        Assert.That(Text(sampler.Batches(1)), Is.EqualTo(Draw(1, 1)));
    }

    [Test]
    public void ABatchHoldsNeighboursInDuration()
    {
        // 4 batches of 5 share a bucket, so no batch spans more than 20 neighbours of the sorted list.
        var rank = Enumerable.Range(0, Durations.Length).OrderBy(i => Durations[i]).Index().ToDictionary(p => p.Item, p => p.Index);
        foreach (var batch in new BatchSampler(Durations, 5, bucketBatches: 4).Batches(0))
            Assert.That(batch.Max(i => rank[i]) - batch.Min(i => rank[i]), Is.LessThan(20));
    }

    [Test]
    public void CompositionChangesFromEpochToEpoch()
    {
        // SpeechBrain's sampler keeps the same batches for ever and only reorders them.
        var sampler = new BatchSampler(Durations, 5);
        var first = sampler.Batches(0).Select(batch => string.Join(' ', batch.Order())).ToHashSet();
        var second = sampler.Batches(1).Select(batch => string.Join(' ', batch.Order())).ToHashSet();
        Assert.That(first.Intersect(second).Count(), Is.LessThan(first.Count / 2));
    }

    [Test]
    public void NothingLeaks() => LeakCheck.IsClean(() => new BatchSampler(Durations, 5).Batches(0));

    [Test]
    public void NoUtterancesNoBatches() => Assert.That(new BatchSampler([], 5).Batches(0), Is.Empty);

    [TestCase(int.MaxValue, 4)]
    [TestCase(1, int.MaxValue)]
    public void NoBatchIsTooLarge(int batchSize, int bucketBatches) =>
        Assert.That(new BatchSampler(Durations, batchSize, bucketBatches: bucketBatches).Batches(0).Sum(b => b.Length), Is.EqualTo(Durations.Length));

    [Test]
    public void BadArgumentsAreRefused()
    {
        Assert.That(() => new BatchSampler([1], 0), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new BatchSampler([1], 1, bucketBatches: 0), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new BatchSampler([1, double.NaN], 1), Throws.ArgumentException.With.Message.Contains("Duration 1"));
        Assert.That(() => new BatchSampler([1, -2], 1), Throws.ArgumentException.With.Message.Contains("-2"));
        Assert.That(() => new BatchSampler([1], 1).Batches(-1), Throws.TypeOf<ArgumentOutOfRangeException>());
    }
}
