using NUnit.Framework;
using SpeechBrain.Sharp.Augment;
using SpeechBrain.Sharp.Tests.Augment;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.KnownIssues;

/// <summary>
/// https://github.com/speechbrain/speechbrain/blob/v1.1.0/speechbrain/augment/augmenter.py: with parallel_augment_fixed_bs
/// each augmentation gets its share of the examples, but lengths and labels come back for all of them each: for three augmentations three times
/// as many as there are rows. See also https://github.com/speechbrain/speechbrain/pull/2717.
/// </summary>
[TestFixture]
public sealed class AugmenterFixedBatchRows
{
    [Test]
    public void EveryRowHasItsLengthAndItsLabel()
    {
        using var scope = NewDisposeScope();
        using var augmenter = new Augmenter([new Gain(2), new Gain(3)], parallelAugment: true, parallelAugmentFixedBs: true, minAugmentations: 2);
        using var batch = new AugmentedBatch(ones(4, 8), [8, 6, 4, 2]);
        var y = augmenter.Apply(batch, augmenter.Sample(new Generator(1), batch));
        Assert.That(y.Data.shape[0], Is.EqualTo(4));
        Assert.That(y.Lengths, Is.EqualTo(batch.Lengths));
        Assert.That(Augmenter.ReplicateLabels(y, arange(4L)).data<long>().ToArray(), Is.EqualTo(new long[] { 0, 1, 2, 3 }));
    }
}
