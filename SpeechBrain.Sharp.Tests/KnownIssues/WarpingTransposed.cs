using NUnit.Framework;
using SpeechBrain.Sharp.Augment;
using SpeechBrain.Sharp.Tests.Testing;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.KnownIssues;

/// <summary>
/// https://github.com/speechbrain/speechbrain/blob/v1.1.0/speechbrain/augment/freq_domain.py, Warping: a spectrogram with
/// too few features for a warp of frequency comes back transposed.
/// </summary>
[TestFixture]
public sealed class WarpingTransposed
{
    [Test]
    public void TooFewFeaturesStayAsTheyAre()
    {
        using var scope = NewDisposeScope();
        using var warp = new Warping(5, dim: 2);
        using var batch = new AugmentedBatch(Noise.Normal([2, 30, 10]));
        var y = warp.Apply(batch, warp.Sample(new Generator(1), batch)).Data;
        Assert.That(y.shape, Is.EqualTo(batch.Data.shape));
        Assert.That(Numbers.Values(y), Is.EqualTo(Numbers.Values(batch.Data)));
    }
}
