using NUnit.Framework;
using SpeechBrain.Sharp.Data;

namespace SpeechBrain.Sharp.Tests.KnownIssues;

/// <summary>
/// SpeechBrain's DynamicBatchSampler (1.1.0, dataio/sampler.py) draws with seed + epoch, and on one device nobody tells it the epoch: the composition
/// of batches is the same in every epoch, and their order from the second on.
/// </summary>
[TestFixture]
public sealed class FrozenShuffling
{
    [Test]
    public void EveryEpochIsDrawnAnewAndAlwaysTheSame()
    {
        double[] lengths = [.. Enumerable.Range(0, 60).Select(i => 1 + i * 7 % 13 * 0.5)];
        var sampler = new DynamicBatchSampler(lengths, 30, 6);
        var again = new DynamicBatchSampler(lengths, 30, 6);
        var compositions = new HashSet<string>();
        for (int epoch = 0; epoch < 10; epoch++)
        {
            var batches = sampler.Batches(epoch);
            Assert.That(again.Batches(epoch), Is.EqualTo(batches), "from the epoch alone, with nothing kept between calls");
            compositions.Add(string.Join(";", batches.Select(b => string.Join(",", b.Order())).Order()));
        }
        Assert.That(compositions, Has.Count.EqualTo(10));
    }
}
