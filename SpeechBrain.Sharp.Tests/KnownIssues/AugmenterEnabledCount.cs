using NUnit.Framework;
using SpeechBrain.Sharp.Augment;
using SpeechBrain.Sharp.Tests.Augment;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.KnownIssues;

/// <summary>
/// https://github.com/speechbrain/speechbrain/blob/v1.1.0/speechbrain/augment/augmenter.py: minimum and maximum are bounded
/// by all augmentations before the disabled ones are left out, so parallel augmentation repeats labels more often than data.
/// </summary>
[TestFixture]
public sealed class AugmenterEnabledCount
{
    [Test]
    public void LabelsAreRepeatedAsOftenAsData()
    {
        using var scope = NewDisposeScope();
        using var augmenter = new Augmenter(
            [new Gain(2), new Gain(3), new Gain(5)],
            parallelAugment: true, minAugmentations: 3, maxAugmentations: 3, enableAugmentations: [true, false, true]);
        using var batch = new AugmentedBatch(ones(2, 8));
        var y = augmenter.Apply(batch, augmenter.Sample(new Generator(1), batch));
        Assert.That(y.Data.shape[0], Is.EqualTo(4));
        Assert.That(Augmenter.ReplicateLabels(y, arange(2L)).data<long>().ToArray(), Is.EqualTo(new long[] { 0, 1, 0, 1 }));
    }
}
