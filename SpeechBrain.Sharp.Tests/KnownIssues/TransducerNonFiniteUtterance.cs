using NUnit.Framework;
using SpeechBrain.Sharp.Tests.Testing;
using SpeechBrain.Sharp.Tests.Transducer;
using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.KnownIssues;

/// <summary>
/// https://github.com/k2-fsa/icefall/issues/569: a loss that is not finite ends a training run, and says neither which utterance it was nor lets the
/// others go on. And of our own: NaN in the padding of the logits gave a gradient of NaN there by tensor operations, though the loss was right.
/// </summary>
[TestFixture(TransducerLossEngine.Cpu)]
[TestFixture(TransducerLossEngine.Tensor)]
public sealed class TransducerNonFiniteUtterance(TransducerLossEngine engine)
{
    [Test]
    public void TheOthersGoOnAndTheBadOneIsNamedAndCounted()
    {
        using var scope = NewDisposeScope();
        using var skipped = new SkippedUtterances();
        var batch = TransducerBatch.Draw([5, 4, 5], [2, 3, 1], 6);
        batch.Logits[1, 2, 1, 0] = tensor(double.NaN, dtype: ScalarType.Float64);
        var leaf = batch.Logits.requires_grad_();
        var loss = Functional.TransducerLoss(
            leaf, batch.Targets, batch.Frames, batch.Labels, options: new() { Engine = engine, SkipNonFinite = skipped });
        loss.backward();
        Assert.That(loss.item<double>(), Is.EqualTo((NaiveLoss(0) + NaiveLoss(2)) / 2).Within(1e-12));
        Assert.That(Numbers.Values(leaf.grad!), Has.None.NaN);
        Assert.That(skipped.Count, Is.EqualTo(1));
        Refusal.Of(() => TransducerLoss.Validate(leaf, batch.Targets, tensor(batch.Frames), tensor(batch.Labels)), "utterance 1");

        double NaiveLoss(int b) => new TransducerBatch(
            batch.Logits[b..(b + 1)].detach(), batch.Targets[b..(b + 1)], [batch.Frames[b]], [batch.Labels[b]], batch.Blank).NaiveLosses()[0];
    }

    [Test]
    public void NaNInThePaddingHasNoGradient()
    {
        using var scope = NewDisposeScope();
        var batch = TransducerBatch.Draw([5, 4], [2, 3], 6);
        batch.Logits[0, .., 3..] = tensor(double.NaN, dtype: ScalarType.Float64);
        batch.Logits[1, 4..] = tensor(double.NaN, dtype: ScalarType.Float64);
        var leaf = batch.Logits.requires_grad_();
        Functional.TransducerLoss(leaf, batch.Targets, batch.Frames, batch.Labels, options: new() { Engine = engine }).backward();
        Assert.That(Numbers.Values(leaf.grad!), Has.None.NaN);
        Assert.That(Numbers.Values(leaf.grad![0, .., 3..]), Has.All.Zero);
    }
}
