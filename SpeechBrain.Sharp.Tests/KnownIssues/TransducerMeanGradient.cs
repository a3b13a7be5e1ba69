using NUnit.Framework;
using SpeechBrain.Sharp.Tests.Testing;
using SpeechBrain.Sharp.Tests.Transducer;
using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static SpeechBrain.Sharp.Tests.Testing.Numbers;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.KnownIssues;

/// <summary>
/// https://github.com/speechbrain/speechbrain/blob/v1.1.0/speechbrain/integrations/numba/transducer_loss.py: under "mean" the value is the mean over
/// the batch of NLL / T, while the gradient is that of the plain sum of NLL, so the effective learning rate grows with the batch.
/// </summary>
[TestFixture]
public sealed class TransducerMeanGradient
{
    [Test]
    public void TheGradientIsThatOfTheValue()
    {
        using var scope = NewDisposeScope();
        var batch = TransducerBatch.Draw([4, 3, 4], [2, 1, 3], 4, seed: 21);
        GradCheck.Check(x => Functional.TransducerLoss(x[0], batch.Targets, batch.Frames, batch.Labels, normalizeByFrames: true), batch.Logits);
    }

    [Test]
    public void TwiceTheSameBatchHasTheSameMeanAndHalfTheGradientOfEach()
    {
        using var scope = NewDisposeScope();
        var batch = TransducerBatch.Draw([4], [2], 4, seed: 21);
        var twice = new TransducerBatch(cat([batch.Logits, batch.Logits]), cat([batch.Targets, batch.Targets]), [4, 4], [2, 2], batch.Blank);
        var (one, oneGradient) = Evaluate(batch);
        var (both, bothGradient) = Evaluate(twice);
        Assert.That(both, Is.EqualTo(one).Within(1e-14));
        AssertClose(bothGradient, [.. oneGradient.Concat(oneGradient).Select(g => g / 2)], 1e-12, 1e-15);
    }

    private static (double Loss, double[] Gradient) Evaluate(TransducerBatch batch)
    {
        var leaf = batch.Logits.clone().requires_grad_();
        var loss = Functional.TransducerLoss(leaf, batch.Targets, batch.Frames, batch.Labels);
        loss.backward();
        return (loss.item<double>(), Values(leaf.grad!));
    }
}
