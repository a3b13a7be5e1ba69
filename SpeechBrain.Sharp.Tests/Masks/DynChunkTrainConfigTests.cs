using NUnit.Framework;
using SpeechBrain.Sharp.Masks;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Masks;

[TestFixture]
public sealed class DynChunkTrainConfigTests
{
    [Test]
    public void LeftContextCountsChunks()
    {
        Assert.That(new DynChunkTrainConfig(16, 4).LeftContextSizeFrames, Is.EqualTo(64));
        Assert.That(new DynChunkTrainConfig(16, 0).LeftContextSizeFrames, Is.Zero);
        Assert.That(new DynChunkTrainConfig(16).LeftContextSizeFrames, Is.Null);
        Assert.That(new DynChunkTrainConfig(16, long.MaxValue).LeftContextSizeFrames, Is.EqualTo(long.MaxValue));
        Assert.That(new DynChunkTrainConfig(16).IsInfiniteLeftContext, Is.True);
        Assert.That(new DynChunkTrainConfig(16, 4), Is.EqualTo(new DynChunkTrainConfig(16, 4)));
    }

    [TestCase(0, 1, "chunkSize")]
    [TestCase(-4, 1, "chunkSize")]
    [TestCase(4, -1, "leftContextSize")]
    public void ValuesBelowTheirMinimumAreRefused(long chunk, long left, string name) => Assert.That(
        () => new DynChunkTrainConfig(chunk, left), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo(name));

    [Test]
    public void DrawsFollowTheDescription()
    {
        var sampler = new DynChunkTrainConfigRandomSampler(0.6, 8, 32, 0.75, 2, 4, new(32, 16), new(24, 8));
        using var generator = new Generator(1);
        var draws = Enumerable.Range(0, 4000).Select(_ => sampler.Sample(generator)).ToList();
        var chunked = draws.OfType<DynChunkTrainConfig>().ToList();
        Assert.That(chunked.Count / 4000.0, Is.EqualTo(0.6).Within(0.03));
        Assert.That(chunked.Select(c => c.ChunkSize).Distinct().Order(), Is.EqualTo(Enumerable.Range(8, 25)));
        Assert.That(chunked.Count(c => !c.IsInfiniteLeftContext) / (double)chunked.Count, Is.EqualTo(0.75).Within(0.03));
        Assert.That(chunked.Select(c => c.LeftContextSize).OfType<long>().Distinct().Order(), Is.EqualTo(new long[] { 2, 3, 4 }));
        Assert.That(sampler.TestConfig, Is.EqualTo(new DynChunkTrainConfig(32, 16)));
        Assert.That(sampler.ValidConfig, Is.EqualTo(new DynChunkTrainConfig(24, 8)));
    }

    [Test]
    public void DrawsAreSpeechBrains()
    {
        // rand(1), randint, rand(1), randint, each only where it matters: the same calls on a second generator.
        var sampler = new DynChunkTrainConfigRandomSampler(0.6, 8, 32, 0.75, 2, 4);
        using var generator = new Generator(11);
        using var torchs = new Generator(11);
        for (int i = 0; i < 50; i++)
        {
            using var scope = NewDisposeScope();
            DynChunkTrainConfig? expected = null;
            if (rand(1, generator: torchs).item<float>() < 0.6)
            {
                long chunk = randint(8, 33, [1], generator: torchs).item<long>();
                expected = new(chunk, rand(1, generator: torchs).item<float>() < 0.75 ? randint(2, 5, [1], generator: torchs).item<long>() : null);
            }
            Assert.That(sampler.Sample(generator), Is.EqualTo(expected));
        }
    }

    [Test]
    public void CertaintiesAreCertain()
    {
        using var generator = new Generator(1);
        var never = new DynChunkTrainConfigRandomSampler(0, 1, 1, 1, 0, 0);
        var always = new DynChunkTrainConfigRandomSampler(1, 24, 24, 0, 16, 16);
        for (int i = 0; i < 100; i++)
        {
            Assert.That(never.Sample(generator), Is.Null);
            Assert.That(always.Sample(generator), Is.EqualTo(new DynChunkTrainConfig(24)));
        }
    }

    [Test]
    public void WrongDistributionsAreRefused()
    {
        Assert.That(() => new DynChunkTrainConfigRandomSampler(1.1, 1, 1, 1, 0, 0), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("chunkwiseProb"));
        Assert.That(() => new DynChunkTrainConfigRandomSampler(1, 0, 1, 1, 0, 0), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("chunkSizeMin"));
        Assert.That(() => new DynChunkTrainConfigRandomSampler(1, 5, 4, 1, 0, 0), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("chunkSizeMax"));
        Assert.That(() => new DynChunkTrainConfigRandomSampler(1, 1, 1, 1, 2, 1), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("leftContextChunksMax"));
        Assert.That(() => new DynChunkTrainConfigRandomSampler(1, 1, 1, double.NaN, 0, 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void DrawingLeavesNothingBehind()
    {
        var sampler = new DynChunkTrainConfigRandomSampler(1, 8, 32, 1, 2, 4);
        using var generator = new Generator(1);
        LeakCheck.IsClean(() => { sampler.Sample(generator); });
    }
}
