using NUnit.Framework;
using SpeechBrain.Sharp.Tests.Testing;
using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static SpeechBrain.Sharp.Tests.Testing.Numbers;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Transducer;

[TestFixture]
public sealed class CpuTransducerEngineTests
{
    private static readonly TransducerGradientOptions AsItIs = new(FastEmit: 0, Clamp: double.PositiveInfinity);

    [Test]
    public void AWeightedGradientTakesThePlaceOfTheLogits([Values] bool inPlace)
    {
        using var scope = NewDisposeScope();
        var batch = TransducerBatch.Draw([7, 1, 4, 5], [0, 5, 3, 1], 21, blank: 3);
        var logits = batch.Logits.to(ScalarType.Float32);
        double[] weights = [0.5, -2, 0, 1];
        var gradient = inPlace ? logits : full_like(logits, double.NaN);
        double[] losses = CpuTransducerEngine.LossAndGradient(logits, Targets(batch), weights, gradient, AsItIs);
        AssertClose(losses, batch.NaiveLosses(), 1e-6, 0);
        var expected = tensor(batch.NaiveGradient()).reshape(batch.Logits.shape) * tensor(weights).reshape(-1, 1, 1, 1);
        AssertClose(Values(gradient), Values(expected), 1e-5, 1e-6);
    }

    /// <summary>A slice of a larger tensor, cropped to its own longest utterance, and half precision.</summary>
    [TestCase(ScalarType.Float32, 1e-5)]
    [TestCase(ScalarType.BFloat16, 1e-2)]
    public void AViewServesAsWell(ScalarType dtype, double tolerance)
    {
        using var scope = NewDisposeScope();
        var batch = TransducerBatch.Draw([5, 4], [2, 3], 9);
        var larger = full(2, 8, 6, 12, double.NaN, dtype: dtype);
        var logits = larger.narrow(1, 0, 5).narrow(2, 0, 4).narrow(3, 0, 9);
        logits.copy_(batch.Logits);
        using var rounded = batch with { Logits = logits.to(ScalarType.Float64).contiguous() };
        CpuTransducerEngine.LossAndGradient(logits, Targets(batch), [1, 1], logits, AsItIs);
        AssertClose(Values(logits), rounded.NaiveGradient(), tolerance, 1e-6);
        Assert.That(larger.isnan().sum().item<long>(), Is.EqualTo(larger.numel() - logits.numel()), "what lies around it is untouched");
    }

    [Test]
    public void OutputsThatAreNoNeighboursAreRefused()
    {
        using var scope = NewDisposeScope();
        var batch = TransducerBatch.Draw([4], [2], 5);
        var turned = batch.Logits.transpose(2, 3);
        Refusal.Of(
            () => CpuTransducerEngine.LossAndGradient(turned, Targets(batch), [1], turned, AsItIs),
            "as neighbours: contiguous()");
    }

    private static CpuTransducerTargets Targets(TransducerBatch batch)
    {
        int[][] labels = [.. batch.Labels.Select((count, b) => OfUtterance(batch.Targets[b], count))];
        return new(batch.Frames, labels, batch.Blank);

        static int[] OfUtterance(Tensor targets, long count) => count == 0 ? [] : [.. targets.data<long>().Take((int)count).Select(l => (int)l)];
    }
}
