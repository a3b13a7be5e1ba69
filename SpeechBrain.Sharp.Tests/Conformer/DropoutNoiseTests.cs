using NUnit.Framework;
using SpeechBrain.Sharp.Conformer;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static SpeechBrain.Sharp.Tests.Conformer.ConformerTesting;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Conformer;

[TestFixture]
[NonParallelizable]
public sealed class DropoutNoiseTests
{
    // Lengths around a vector and around a block, and several of them.
    private static readonly long[] Lengths = [1, 15, 16, 17, 65535, 65536, 65537, 400_001];

    [TestCaseSource(nameof(Lengths))]
    public void AnElementIsZeroOrWhatIsLeftOfOne(long length)
    {
        manual_seed(1);
        using var noise = DropoutNoise.Noise([length], 0.2);
        Assert.That(Numbers.Values(noise), Is.All.EqualTo(0).Or.EqualTo(1.25));
    }

    [Test]
    public void ElementsAreDroppedWithTheProbability([Values(0.001, 0.1, 0.5, 0.999)] double probability)
    {
        manual_seed(2);
        const int count = 1_000_000;
        using var noise = DropoutNoise.Noise([count], probability);
        double[] values = Numbers.Values(noise);
        double sigma = Math.Sqrt(probability * (1 - probability) / count);
        Assert.That(values.Count(v => v == 0) / (double)count, Is.EqualTo(probability).Within(5 * sigma));
    }

    [Test]
    public void NeighboursAndLanesAreIndependent([Values(1, 2, 7, 16, 32, 65536)] int distance)
    {
        manual_seed(3);
        const int count = 1_000_000;
        const double probability = 0.3;
        using var noise = DropoutNoise.Noise([count], probability);
        double[] values = Numbers.Values(noise);
        int both = Enumerable.Range(0, count - distance).Count(i => values[i] == 0 && values[i + distance] == 0);
        double expected = probability * probability, sigma = Math.Sqrt(expected * (1 - expected) / count);
        Assert.That(both / (double)(count - distance), Is.EqualTo(expected).Within(6 * sigma));
    }

    [Test]
    public void TorchsSeedRepeatsIt()
    {
        double[] Draw(long seed)
        {
            manual_seed(seed);
            using var noise = DropoutNoise.Noise([200], 0.5);
            using var second = DropoutNoise.Noise([200], 0.5);
            Assert.That(Numbers.Values(noise), Is.Not.EqualTo(Numbers.Values(second)), "two calls draw different noise");
            return Numbers.Values(noise);
        }

        Assert.That(Draw(7), Is.EqualTo(Draw(7)));
        Assert.That(Draw(7), Is.Not.EqualTo(Draw(8)));
    }

    [Test]
    public void ValueAndGradientAreTheNoise([Values(ScalarType.Float32, ScalarType.Float64, ScalarType.BFloat16)] ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var x = Noise(4, dtype, 30, 40).requires_grad_();
        var y = DropoutNoise.Apply(x.alias(), 0.25, training: true);
        y.sum().backward();
        Assert.That(y.dtype, Is.EqualTo(dtype));
        AssertClose(x.grad!.mul(x.detach()), y.detach(), 1e-2);
        Assert.That(y.eq(0).sum().item<long>(), Is.InRange(200, 400));
    }

    [Test]
    public void WithoutTrainingOrProbabilityItIsTheArgument()
    {
        using var x = ones(3);
        Assert.That(DropoutNoise.Apply(x, 0.5, training: false), Is.SameAs(x));
        Assert.That(DropoutNoise.Apply(x, 0, training: true), Is.SameAs(x));
    }

    [Test]
    public void EverythingIsDroppedAtProbabilityOne()
    {
        using var dropped = DropoutNoise.Apply(ones(9), 1, training: true);
        Assert.That(Numbers.Values(dropped), Is.All.Zero);
    }

    [Test]
    public void LeavesTheResultAlone() => LeakCheck.IsClean(() => DropoutNoise.Apply(ones(40, 50), 0.1, training: true));
}
