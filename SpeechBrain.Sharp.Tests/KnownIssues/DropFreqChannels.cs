using NUnit.Framework;
using SpeechBrain.Sharp.Augment;
using SpeechBrain.Sharp.Tests.Testing;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.KnownIssues;

/// <summary>
/// https://github.com/speechbrain/speechbrain/blob/v1.1.0/speechbrain/augment/time_domain.py, DropFreq: channels and time interleave, one
/// channel loses its axis, and a frequency of 0 makes NaN.
/// </summary>
[TestFixture]
public sealed class DropFreqChannels
{
    private static readonly DropFreqParameters Draw = new([[0.2, 0.6]]);

    [Test]
    public void EachChannelIsFilteredForItself()
    {
        using var scope = NewDisposeScope();
        using var op = new DropFreq();
        var x = Noise.Normal([2, 500, 3]);
        var y = op.Apply(new AugmentedBatch(x), Draw).Data;
        for (int channel = 0; channel < 3; channel++)
            Numbers.AssertClose(
                Numbers.Values(y.select(2, channel)),
                Numbers.Values(op.Apply(new AugmentedBatch(x.select(2, channel)), Draw).Data), 1e-5, 1e-6);
    }

    [Test]
    public void OneChannelKeepsItsAxis()
    {
        using var scope = NewDisposeScope();
        using var op = new DropFreq();
        Assert.That(op.Apply(new AugmentedBatch(zeros(2, 500, 1)), Draw).Data.shape, Is.EqualTo(new long[] { 2, 500, 1 }));
    }

    [Test]
    public void TheLowestFrequencyMakesNoNaN()
    {
        using var scope = NewDisposeScope();
        using var op = new DropFreq(0, 0);
        var batch = new AugmentedBatch(Noise.Normal([2, 500]));
        Assert.That(Numbers.Values(op.Apply(batch, op.Sample(new Generator(1), batch)).Data), Has.All.Matches<double>(double.IsFinite));
    }
}
