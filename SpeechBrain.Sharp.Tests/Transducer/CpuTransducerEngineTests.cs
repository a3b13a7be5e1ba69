using NUnit.Framework;
using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static SpeechBrain.Sharp.Tests.Testing.Numbers;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Transducer;

[TestFixture]
public sealed class CpuTransducerEngineTests
{
    [Test]
    public void AWeightedGradientTakesThePlaceOfTheLogits([Values] bool inPlace)
    {
        using var scope = NewDisposeScope();
        var batch = TransducerBatch.Draw([7, 1, 4, 5], [0, 5, 3, 1], 21, blank: 3);
        var logits = batch.Logits.to(ScalarType.Float32);
        double[] weights = [0.5, -2, 0, 1];
        var gradient = inPlace ? logits : full_like(logits, double.NaN);
        double[] losses = CpuTransducerEngine.LossAndGradient(logits, Targets(batch), weights, gradient, TransducerGradientOptions.None);
        AssertClose(losses, batch.NaiveLosses(), 1e-6, 0);
        var expected = tensor(batch.NaiveGradient()).reshape(batch.Logits.shape) * tensor(weights).reshape(-1, 1, 1, 1);
        AssertClose(Values(gradient), Values(expected), 1e-5, 1e-6);
    }

    private static CpuTransducerTargets Targets(TransducerBatch batch)
    {
        int[][] labels = [.. batch.Labels.Select((count, b) => OfUtterance(batch.Targets[b], count))];
        return new(batch.Frames, labels, batch.Blank);

        static int[] OfUtterance(Tensor targets, long count) => count == 0 ? [] : [.. targets.data<long>().Take((int)count).Select(l => (int)l)];
    }
}
