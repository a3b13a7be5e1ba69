using NUnit.Framework;
using SpeechBrain.Sharp.Augment;
using SpeechBrain.Sharp.Tests.Testing;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.KnownIssues;

/// <summary>
/// https://github.com/speechbrain/speechbrain/blob/v1.1.0/speechbrain/augment/time_domain.py, DropChunk: raises where an utterance is too
/// short for the allowed range and where noise does not fit, and measures loudness over the padding.
/// </summary>
[TestFixture]
public sealed class DropChunkRanges
{
    [Test]
    public void AShortUtteranceIsLeftAlone()
    {
        using var scope = NewDisposeScope();
        using var op = new DropChunk(10, 20, 1, 3, dropStart: 50);
        using var batch = new AugmentedBatch(ones(2, 100), [100, 40]);
        for (ulong seed = 0; seed < 20; seed++)
        {
            var y = op.Apply(batch, op.Sample(new Generator(seed), batch)).Data;
            Assert.That(Numbers.Values(y[0].narrow(0, 0, 50)), Is.All.EqualTo(1));
            Assert.That(Numbers.Values(y[0]), Has.Some.EqualTo(0));
            Assert.That(Numbers.Values(y[1]), Is.All.EqualTo(1));
        }
    }

    [TestCase(false)]
    [TestCase(true)]
    public void AChunkLongerThanTheUtteranceIsShortened(bool channels)
    {
        using var scope = NewDisposeScope();
        using var op = new DropChunk(500, 500, 1, 1, noiseFactor: 0.5);
        using var batch = new AugmentedBatch(channels ? ones(1, 100, 2) : ones(1, 100));
        double[] y = Numbers.Values(op.Apply(batch, op.Sample(new Generator(3), batch)).Data);
        // Uniform within twice the mean absolute value, which is 1, times 0.5.
        Assert.That(y, Is.All.InRange(-1.0, 1.0));
        Assert.That(y.Max() - y.Min(), Is.GreaterThan(1.5));
        Assert.That(y.Distinct().Count(), Is.GreaterThan(90));
    }

    [Test]
    public void NoiseIsAsLoudAsTheValidSamples()
    {
        using var scope = NewDisposeScope();
        using var op = new DropChunk(1000, 1000, 1, 1, noiseFactor: 1);
        var data = full([1, 4000], 100.0, ScalarType.Float32);
        data.narrow(1, 0, 1000).fill_(0.1);
        using var batch = new AugmentedBatch(data, [1000]);
        double[] noise = Numbers.Values(op.Apply(batch, op.Sample(new Generator(3), batch)).Data.narrow(1, 0, 1000));
        // A uniform distribution within 0.2 has a mean absolute value of 0.1; of 1000 samples it is known to 2 %.
        Assert.That(noise.Average(Math.Abs), Is.EqualTo(0.1).Within(0.01));
        Assert.That(noise, Is.All.InRange(-0.2, 0.2));
    }
}
