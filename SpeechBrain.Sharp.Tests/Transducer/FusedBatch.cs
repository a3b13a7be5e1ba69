using SpeechBrain.Sharp.Conformer;
using SpeechBrain.Sharp.Tests.Testing;
using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static SpeechBrain.Sharp.Tests.Testing.Numbers;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Transducer;

/// <summary>Everything that the fused loss takes, drawn from a seed; float64 on the CPU.</summary>
internal sealed record FusedBatch(
    Tensor Encoded, Tensor Predicted, TransducerJoint Joint, Tensor Weight, Tensor? Bias, Tensor Targets, long[] Frames, long[] Labels, int Blank)
{
    public static FusedBatch Draw(
        long[] frames, long[] labels, int outputs, int width = 6, int blank = 0, Activation? activation = null, JointKind kind = JointKind.Sum,
        bool bias = true)
    {
        var lattice = TransducerBatch.Draw(frames, labels, outputs, blank);
        var type = ScalarType.Float64;
        return new(
            Noise.Normal([frames.Length, frames.Max(), width], 1, type), Noise.Normal([frames.Length, labels.Max() + 1, width], 2, type),
            new TransducerJoint(joint: kind, nonlinearity: activation ?? Activation.GELU),
            Noise.Normal([outputs, kind == JointKind.Sum ? width : 2 * width], 3, type), bias ? Noise.Normal([outputs], 4, type) : null,
            lattice.Targets, frames, labels, blank);
    }

    public FusedBatch To(ScalarType type, Device device) => this with
    {
        Encoded = Encoded.to(type, device, copy: true),
        Predicted = Predicted.to(type, device, copy: true),
        Weight = Weight.to(type, device, copy: true),
        Bias = Bias?.to(type, device, copy: true),
        Targets = Targets.to(device),
    };

    public Tensor Fused(
        LossReduction reduction = LossReduction.Mean, bool normalizeByFrames = false, long? budget = null, TransducerLossOptions? options = null) =>
        Functional.FusedTransducerLoss(
            Encoded, Predicted, Joint, Weight, Bias, Targets, Frames, Labels, Blank, reduction, normalizeByFrames, options, budget);

    /// <summary>The same from the logits of the whole batch.</summary>
    public Tensor Unfused(
        LossReduction reduction = LossReduction.Mean, bool normalizeByFrames = false, TransducerLossOptions? options = null)
    {
        var logits = Joint.call(Encoded.unsqueeze(2), Predicted.unsqueeze(1))!.matmul(Weight.t());
        return Functional.TransducerLoss(
            Bias is null ? logits : logits + Bias, Targets, Frames, Labels, Blank, reduction, normalizeByFrames, options);
    }

    /// <summary>Values of a loss, and of the gradients of <c>sum(loss * factors)</c> by all inputs, one after another.</summary>
    public (double[] Loss, double[] Gradients) Evaluate(Func<FusedBatch, Tensor> loss, params double[] factors)
    {
        using var scope = NewDisposeScope();
        var leaves = this with
        {
            Encoded = Encoded.clone().requires_grad_(),
            Predicted = Predicted.clone().requires_grad_(),
            Weight = Weight.clone().requires_grad_(),
            Bias = Bias?.clone().requires_grad_(),
        };
        var value = loss(leaves);
        (factors.Length == 0 ? value.sum() : (value * tensor(factors, dtype: value.dtype, device: value.device)).sum()).backward();
        Tensor?[] all = [leaves.Encoded, leaves.Predicted, leaves.Weight, leaves.Bias];
        return (Values(value), [.. all.Where(t => t is not null).SelectMany(t => Values(t!.grad!))]);
    }
}
