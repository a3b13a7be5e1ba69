using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp;

public static partial class Functional
{
    /// <summary>
    /// Joint, output layer and RNN-T loss in one, without the logits <c>[batch, T, U + 1, V]</c> of the batch: they exist for a slice at a time,
    /// one or a few utterances cropped to their own lengths, and their gradient takes their place. Value and gradients are those of
    /// <see cref="TransducerLoss(Tensor, Tensor, long[], long[], long, LossReduction, bool, TransducerLossOptions?)"/> on
    /// <c>linear(joint(encoded, predicted))</c>. Differentiable by encoded, predicted, weight and bias, once.
    /// </summary>
    /// <remarks>
    /// <para>
    /// Where a gradient is asked for, it is computed along with the value, and the backward pass only scales it: the forward pass takes the time of
    /// both. Of utterances with many nodes the joint is computed twice, which costs little; products with the output layer once, except in slices
    /// that a <paramref name="memoryBudget"/> cuts along time. With gradients disabled only the values are computed.
    /// </para>
    /// <para>
    /// The gradient by the logits is made before a factor on the loss is known. On a GPU in float16 what is below 6e-8 of it is lost, whatever the
    /// factor: train in bfloat16, or with
    /// <see cref="TransducerLoss(Tensor, Tensor, long[], long[], long, LossReduction, bool, TransducerLossOptions?)"/>.
    /// </para>
    /// <para>
    /// <see cref="TransducerMemoryPlan"/> tells the bytes beforehand. Runs on any device and never waits for it. Deterministic on the CPU,
    /// and as much so as the device's matrix products elsewhere.
    /// </para>
    /// </remarks>
    /// <param name="encoded">From the encoder <c>[batch, T, width]</c>, of any floating-point dtype. Padding should be finite.</param>
    /// <param name="predicted">From the predictor <c>[batch, U + 1, width]</c>, of the same dtype.</param>
    /// <param name="joint">The joint; one without a network inside.</param>
    /// <param name="weight">Of the output layer <c>[V, joint]</c>, of the same dtype.</param>
    /// <param name="bias">Of the output layer <c>[V]</c>; null if it has none.</param>
    /// <param name="targets">Labels <c>[batch, U]</c>, int64 or int32, on the same device; padding may hold any value.</param>
    /// <param name="inputLens">Frames of each utterance, 1 to T.</param>
    /// <param name="targetLens">Labels of each utterance, 0 to U.</param>
    /// <param name="blankIndex">Which of the V outputs is blank.</param>
    /// <param name="reduction">
    /// None (<c>[batch]</c>; the gradient of weight and bias is then kept of each utterance), sum, or mean: the sum divided by the batch.
    /// </param>
    /// <param name="normalizeByFrames">Divide each utterance's loss by its frames first.</param>
    /// <param name="options">The engine and what is rarely changed; utterances that are not finite are not left out here. Null: the defaults.</param>
    /// <param name="memoryBudget">See <see cref="TransducerMemoryPlan.For"/>; null: what the largest utterance needs.</param>
    /// <returns>The loss, float64 for float64 input and else float32: a scalar, or <c>[batch]</c> without reduction.</returns>
    /// <exception cref="ArgumentException">Shapes, dtypes, devices, lengths or the joint do not fit; a label on the CPU is blank.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A length, a label on the CPU, or the blank index is out of range; the budget is too small.
    /// </exception>
    public static Tensor FusedTransducerLoss(
        Tensor encoded, Tensor predicted, TransducerJoint joint, Tensor weight, Tensor? bias, Tensor targets, long[] inputLens, long[] targetLens,
        long blankIndex = 0, LossReduction reduction = LossReduction.Mean, bool normalizeByFrames = false,
        TransducerLossOptions? options = null, long? memoryBudget = null)
    {
        options ??= new();
        var inputs = new FusedJoint(encoded, predicted, joint, weight, bias);
        FusedTransducerArguments.Check(inputs, targets, blankIndex, reduction, options);
        using var scope = NewDisposeScope();
        BatchLengths.From(inputLens, nameof(inputLens), encoded, encoded.size(1), 1);
        BatchLengths.From(targetLens, nameof(targetLens), encoded, predicted.size(1) - 1, 0);
        if (targets.is_cpu())
            TransducerLossArguments.CheckLabels(targets, targetLens, weight.size(0), blankIndex);

        var gradients = new FusedGradients(inputs, reduction == LossReduction.None);
        var plan = TransducerMemoryPlan.For(
            inputLens, targetLens, weight.size(0), weight.size(1), inputs.Type, encoded.device, gradients.Any, reduction, memoryBudget);
        // The gradient is that of the value returned: each utterance counts in both as much as here.
        double[] weights = [.. inputLens.Select(t => (normalizeByFrames ? 1.0 / t : 1) / (reduction == LossReduction.Mean ? inputLens.Length : 1))];
        var goal = new FusedTargets(targets, inputLens, targetLens, weight.size(0), blankIndex, options);
        var losses = new FusedScores(inputs, goal, plan, gradients, weights).Losses();
        using var noGrad = no_grad();
        var weighted = losses * tensor(weights, dtype: losses.dtype, device: losses.device);
        var value = (reduction == LossReduction.None ? weighted : weighted.sum()).to(FusedGradients.Sums(encoded.dtype));
        var known = gradients.All();
        using var withGrad = enable_grad(known.Count > 0);
        return KnownGradient.Of(value, known).MoveToOuterDisposeScope();
    }
}
