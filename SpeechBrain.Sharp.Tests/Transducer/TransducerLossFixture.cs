using NUnit.Framework;
using SpeechBrain.Sharp.Tests.Testing;
using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static SpeechBrain.Sharp.Tests.Testing.Numbers;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Transducer;

/// <summary>The loss by one of its engines.</summary>
public abstract class TransducerLossFixture(TransducerLossEngine engine)
{
    protected static readonly LossReduction[] Reductions = [LossReduction.None, LossReduction.Sum, LossReduction.Mean];

    protected TransducerLossEngine Engine => engine;

    protected Tensor Loss(
        Tensor logits, Tensor targets, long[] frames, long[] labels, long blank = 0, LossReduction reduction = LossReduction.Mean,
        bool normalizeByFrames = false, TransducerLossOptions? options = null) =>
        Functional.TransducerLoss(logits, targets, frames, labels, blank, reduction, normalizeByFrames, (options ?? new()) with { Engine = engine });

    protected Tensor Loss(
        Tensor logits, Tensor targets, Tensor frames, Tensor labels, long blank = 0, LossReduction reduction = LossReduction.Mean,
        bool normalizeByFrames = false, TransducerLossOptions? options = null) =>
        Functional.TransducerLoss(logits, targets, frames, labels, blank, reduction, normalizeByFrames, (options ?? new()) with { Engine = engine });

    private protected Tensor Call(TransducerBatch batch, TransducerLossOptions? options = null) =>
        Loss(batch.Logits, batch.Targets, batch.Frames, batch.Labels, batch.Blank, options: options);

    private protected (double[] Losses, double[] Gradient) Evaluate(
        TransducerBatch batch, Device device, ScalarType dtype, LossReduction reduction = LossReduction.None, TransducerLossOptions? options = null)
    {
        using var scope = NewDisposeScope();
        var leaf = batch.Logits.to(dtype, device, copy: true).requires_grad_();
        var losses = Loss(leaf, batch.Targets.to(device), batch.Frames, batch.Labels, batch.Blank, reduction, options: options);
        losses.sum().backward();
        return (Values(losses), Values(leaf.grad!));
    }
}
