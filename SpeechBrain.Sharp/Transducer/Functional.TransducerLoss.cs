using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp;

public static partial class Functional
{
    /// <summary>
    /// RNN-T loss (A. Graves, Sequence transduction with recurrent neural networks, 2012): the negative log-probability that the transducer
    /// emits the targets, summed over all alignments. Differentiable by <paramref name="logits"/>, once.
    /// </summary>
    /// <remarks>
    /// <para>
    /// The log-softmax is part of it: give logits, not log-probabilities. No normalised copy of them is made: besides the logits and their
    /// gradient it takes some 40 bytes a lattice node on the CPU and some hundreds by tensor operations. Runs on any device and never waits for
    /// it. Deterministic, whatever the number of threads.
    /// </para>
    /// <para>
    /// Differs on purpose from SpeechBrain 1.1.0 (<c>nnet/losses.py</c>, <c>transducer_loss</c>), whose value is divided by the
    /// utterance's frames while its gradient is neither divided by them nor, under "mean", by the batch. Here the gradient is that of the
    /// value. <paramref name="normalizeByFrames"/> gives SpeechBrain's value; multiply the sum of losses by a learning-rate factor of your
    /// own to reproduce its gradient, which is that of <see cref="LossReduction.Sum"/> without the option.
    /// </para>
    /// <para>
    /// An utterance without labels is legal (silence): its loss is that of T blanks. Logits of minus infinity are outputs of probability 0; an
    /// utterance that they leave no path has an infinite loss and a gradient of NaN. <see cref="TransducerLossOptions.SkipNonFinite"/> leaves
    /// such utterances out, and those with NaN.
    /// </para>
    /// </remarks>
    /// <param name="logits">
    /// <c>[batch, T, U + 1, V]</c>, of any floating-point dtype; half precision is computed with in float32. What lies beyond an utterance's
    /// lengths may hold anything, NaN included, and gets a gradient of 0.
    /// </param>
    /// <param name="targets">Labels <c>[batch, U]</c>, int64 or int32, on the logits' device; padding may hold any value.</param>
    /// <param name="inputLens">
    /// Frames of each utterance <c>[batch]</c>: relative (floating point, 0 to 1, of T; rounded half to even) or absolute (integers, 1 to T); on
    /// the logits' device or on the CPU.
    /// </param>
    /// <param name="targetLens">Labels of each utterance <c>[batch]</c>, of the same kinds, relative to U; 0 is allowed.</param>
    /// <param name="blankIndex">Which of the V outputs is blank.</param>
    /// <param name="reduction">
    /// <see cref="LossReduction.None"/> (<c>[batch]</c>), <see cref="LossReduction.Sum"/>, or <see cref="LossReduction.Mean"/>: the sum divided by
    /// the batch.
    /// </param>
    /// <param name="normalizeByFrames">Divide each utterance's loss by its frames first.</param>
    /// <param name="options">The engine and what is rarely changed; null: all as <see cref="TransducerLossOptions"/> has them.</param>
    /// <returns>The loss, float64 for float64 logits and else float32: a scalar, or <c>[batch]</c> without reduction.</returns>
    /// <exception cref="ArgumentException">Shapes, dtypes or devices do not fit; a label on the CPU is blank.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A label or length on the CPU, the blank index or an option is out of range. Labels and lengths
    /// on another device are clamped into range instead, unchecked; <see cref="Transducer.TransducerLoss.Validate"/> checks them.</exception>
    public static Tensor TransducerLoss(
        Tensor logits, Tensor targets, Tensor inputLens, Tensor targetLens, long blankIndex = 0, LossReduction reduction = LossReduction.Mean,
        bool normalizeByFrames = false, TransducerLossOptions? options = null)
    {
        options ??= new();
        TransducerLossArguments.CheckKinds(logits, targets, blankIndex, reduction, options);
        using var scope = NewDisposeScope();
        var frames = BatchLengths.From(inputLens, nameof(inputLens), logits, logits.size(1), 1);
        var labels = BatchLengths.From(targetLens, nameof(targetLens), logits, logits.size(2) - 1, 0);
        return TransducerLossAt(logits, targets, frames, labels, blankIndex, reduction, normalizeByFrames, options).MoveToOuterDisposeScope();
    }

    /// <summary>As above with lengths that the host knows, which are then checked on every device.</summary>
    /// <param name="logits"><c>[batch, T, U + 1, V]</c>.</param>
    /// <param name="targets">Labels <c>[batch, U]</c>.</param>
    /// <param name="inputLens">Frames of each utterance, 1 to T.</param>
    /// <param name="targetLens">Labels of each utterance, 0 to U.</param>
    /// <param name="blankIndex">Which of the V outputs is blank.</param>
    /// <param name="reduction">See above.</param>
    /// <param name="normalizeByFrames">See above.</param>
    /// <param name="options">See above.</param>
    /// <returns>The loss.</returns>
    /// <exception cref="ArgumentException">As above.</exception>
    public static Tensor TransducerLoss(
        Tensor logits, Tensor targets, long[] inputLens, long[] targetLens, long blankIndex = 0, LossReduction reduction = LossReduction.Mean,
        bool normalizeByFrames = false, TransducerLossOptions? options = null)
    {
        options ??= new();
        TransducerLossArguments.CheckKinds(logits, targets, blankIndex, reduction, options);
        using var scope = NewDisposeScope();
        var frames = BatchLengths.From(inputLens, nameof(inputLens), logits, logits.size(1), 1);
        var labels = BatchLengths.From(targetLens, nameof(targetLens), logits, logits.size(2) - 1, 0);
        return TransducerLossAt(logits, targets, frames, labels, blankIndex, reduction, normalizeByFrames, options).MoveToOuterDisposeScope();
    }

    // Both ways to give lengths end here: they are int64 on the logits' device by now.
    private static Tensor TransducerLossAt(
        Tensor logits, Tensor targets, Tensor frames, Tensor labels, long blankIndex, LossReduction reduction, bool normalizeByFrames,
        TransducerLossOptions options)
    {
        var losses = UtteranceLosses(logits, targets, frames, labels, blankIndex, options);
        return Reduce(losses, frames, reduction, normalizeByFrames, options.SkipNonFinite, logits.dtype);
    }

    // Negative log-likelihoods [batch]; lengths are int64 on the logits' device, checked where they lie on the CPU.
    private static Tensor UtteranceLosses(
        Tensor logits, Tensor targets, Tensor frames, Tensor labels, long blankIndex, TransducerLossOptions options)
    {
        bool withGraph = is_grad_enabled() && logits.requires_grad;
        long[]? labelCounts = targets.is_cpu() ? BatchLengths.HostValues(labels) : null;
        if (labelCounts is not null)
            TransducerLossArguments.CheckLabels(targets, labelCounts, logits.size(3), blankIndex);
        if (labelCounts is not null && options.Engine != TransducerLossEngine.Tensor)
        {
            var host = CpuTransducerTargets.Make(targets, BatchLengths.HostValues(frames), labelCounts, blankIndex);
            return withGraph
                ? CpuTransducerLossFunction.apply(logits, host, options.Gradient)
                : CpuTransducerLossFunction.Evaluate(logits, host);
        }
        var goal = TransducerTargets.Make(logits, targets, frames, labels, blankIndex, options.LatticeType);
        return withGraph
            ? TransducerLossFunction.apply(logits, goal, options.Gradient)
            : TransducerLossFunction.Evaluate(logits, goal);
    }

    // Ordinary differentiable arithmetic, so that the gradient is that of the value in every case.
    private static Tensor Reduce(
        Tensor losses, Tensor frames, LossReduction reduction, bool normalizeByFrames, SkippedUtterances? skipped, ScalarType dtype)
    {
        Tensor? kept = null;
        if (skipped is not null)
        {
            kept = losses.isfinite();
            skipped.Add(kept);
            losses = losses.where(kept, losses.zeros_like());
        }
        if (normalizeByFrames)
            losses = losses / frames.clamp_min(1).to(losses.dtype);
        var loss = reduction switch
        {
            LossReduction.Sum => losses.sum(),
            LossReduction.Mean when kept is null => losses.sum() / losses.size(0),
            LossReduction.Mean => losses.sum() / kept.sum().clamp_min(1),
            _ => losses,
        };
        return loss.to(dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32);
    }
}
