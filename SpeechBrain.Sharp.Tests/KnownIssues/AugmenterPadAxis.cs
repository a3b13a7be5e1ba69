using NUnit.Framework;
using SpeechBrain.Sharp.Augment;
using SpeechBrain.Sharp.Tests.Testing;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.KnownIssues;

/// <summary>
/// https://github.com/speechbrain/speechbrain/blob/v1.1.0/speechbrain/augment/augmenter.py, concatenate_outputs: results of
/// different times are padded along the last axis, so with channels they cannot be put together, and the call raises.
/// </summary>
[TestFixture]
public sealed class AugmenterPadAxis
{
    [Test]
    public void WaveformsOfSeveralChannelsArePaddedAlongTime()
    {
        using var scope = NewDisposeScope();
        using var augmenter = new Augmenter([new SpeedPerturb(16000, [50])], concatOriginal: true);
        using var batch = new AugmentedBatch(Noise.Normal([2, 100, 3]));
        var y = augmenter.Apply(batch, augmenter.Sample(new Generator(1), batch));
        Assert.That(y.Data.shape, Is.EqualTo(new long[] { 4, 200, 3 }));
        Assert.That(y.Lengths, Is.EqualTo(new long[] { 100, 100, 200, 200 }));
        Assert.That(Numbers.Values(y.Data[..2, 100..]), Is.All.Zero);
    }
}
