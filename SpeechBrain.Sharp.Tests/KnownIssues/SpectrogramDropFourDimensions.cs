using NUnit.Framework;
using SpeechBrain.Sharp.Augment;
using SpeechBrain.Sharp.Tests.Testing;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.KnownIssues;

/// <summary>
/// https://github.com/speechbrain/speechbrain/blob/v1.1.0/speechbrain/augment/freq_domain.py, SpectrogramDrop: a
/// spectrogram of several channels loses a dimension, and its channels become examples.
/// </summary>
[TestFixture]
public sealed class SpectrogramDropFourDimensions
{
    [Test]
    public void ChannelsKeepTheirDimensionAndLoseTheSameFrames([Values(1, 2)] int dim)
    {
        using var scope = NewDisposeScope();
        using var drop = new SpectrogramDrop(dim: dim);
        var x = ones(2, 60, 20, 3);
        using var batch = new AugmentedBatch(x);
        var y = drop.Apply(batch, drop.Sample(new Generator(1), batch)).Data;
        Assert.That(y.shape, Is.EqualTo(x.shape));
        Assert.That(Numbers.Values(y), Has.Some.Zero);
        for (int channel = 1; channel < 3; channel++)
            Assert.That(Numbers.Values(y.select(3, channel)), Is.EqualTo(Numbers.Values(y.select(3, 0))));
    }
}
