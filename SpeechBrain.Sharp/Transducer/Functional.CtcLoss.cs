using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp;

public static partial class Functional
{
    /// <summary>
    /// Connectionist temporal classification (A. Graves et al., 2006) with SpeechBrain's lengths and reductions. An utterance that no
    /// alignment fits (fewer frames than labels and repeats need) counts as 0, with a gradient of 0.
    /// </summary>
    /// <remarks>
    /// Source: SpeechBrain 1.1.0, <c>nnet/losses.py</c>, <c>ctc_loss</c>. libtorch takes the lengths from the host: a length tensor on
    /// another device is waited for; the overload with host lengths waits for nothing.
    /// </remarks>
    /// <param name="logProbs">Log-probabilities <c>[batch, time, outputs]</c>.</param>
    /// <param name="targets">Labels <c>[batch, U]</c>, int64 or int32; padding may hold any value.</param>
    /// <param name="inputLens">Frames of each utterance <c>[batch]</c>, relative (0 to 1) or absolute (1 to time).</param>
    /// <param name="targetLens">Labels of each utterance <c>[batch]</c>, relative (0 to 1) or absolute (0 to U).</param>
    /// <param name="blankIndex">Which of the outputs is blank.</param>
    /// <param name="reduction">
    /// <see cref="LossReduction.None"/>: <c>[batch]</c>; <see cref="LossReduction.Sum"/>; <see cref="LossReduction.Mean"/>: the mean of each
    /// loss divided by its labels (at least 1); <see cref="LossReduction.Batch"/>: <c>[batch]</c>, each divided by its labels;
    /// <see cref="LossReduction.BatchMean"/>: the sum divided by the batch, which the recipe uses.
    /// </param>
    /// <returns>The loss in the dtype of <paramref name="logProbs"/> (float32 for half precision).</returns>
    /// <exception cref="ArgumentException">
    /// Shapes, dtypes or devices do not fit; a label on the CPU is blank or out of range; a length is out of range.
    /// </exception>
    public static Tensor CtcLoss(
        Tensor logProbs, Tensor targets, Tensor inputLens, Tensor targetLens, long blankIndex = 0, LossReduction reduction = LossReduction.Mean)
    {
        CheckCtc(logProbs, targets, blankIndex, reduction);
        using var scope = NewDisposeScope();
        long[] frames = BatchLengths.HostValues(BatchLengths.From(inputLens, nameof(inputLens), logProbs, logProbs.size(1), 1));
        long[] labels = BatchLengths.HostValues(BatchLengths.From(targetLens, nameof(targetLens), logProbs, targets.size(1), 0));
        return CtcLoss(logProbs, targets, frames, labels, blankIndex, reduction).MoveToOuterDisposeScope();
    }

    /// <summary>As above with lengths that the host knows.</summary>
    /// <param name="logProbs">Log-probabilities <c>[batch, time, outputs]</c>.</param>
    /// <param name="targets">Labels <c>[batch, U]</c>.</param>
    /// <param name="inputLens">Frames of each utterance, 1 to time.</param>
    /// <param name="targetLens">Labels of each utterance, 0 to U.</param>
    /// <param name="blankIndex">Which of the outputs is blank.</param>
    /// <param name="reduction">See above.</param>
    /// <returns>The loss.</returns>
    /// <exception cref="ArgumentException">As above.</exception>
    public static Tensor CtcLoss(
        Tensor logProbs, Tensor targets, long[] inputLens, long[] targetLens, long blankIndex = 0, LossReduction reduction = LossReduction.Mean)
    {
        CheckCtc(logProbs, targets, blankIndex, reduction);
        using var scope = NewDisposeScope();
        // These two lie on the CPU whatever the data's device: libtorch reads them there.
        var frames = BatchLengths.From(inputLens, nameof(inputLens), logProbs, logProbs.size(1), 1).cpu();
        var labels = BatchLengths.From(targetLens, nameof(targetLens), logProbs, targets.size(1), 0).cpu();
        if (targets.is_cpu())
            TransducerLossArguments.CheckLabels(targets, targetLens, logProbs.size(2), blankIndex);
        // Clamped as padding may hold anything, and libtorch reads the log-probability of every label.
        var inside = targets.to(ScalarType.Int64).clamp(0, logProbs.size(2) - 1);
        var single = logProbs.dtype is ScalarType.Float32 or ScalarType.Float64 ? logProbs : logProbs.to(ScalarType.Float32);
        var native = reduction switch
        {
            LossReduction.Mean => nn.Reduction.Mean,
            LossReduction.None or LossReduction.Batch => nn.Reduction.None,
            _ => nn.Reduction.Sum,
        };
        var loss = nn.functional.ctc_loss(single.transpose(0, 1), inside, frames, labels, blankIndex, zero_infinity: true, reduction: native);
        loss = reduction switch
        {
            LossReduction.BatchMean => loss / logProbs.size(0),
            LossReduction.Batch => loss / labels.to(loss.dtype, loss.device),
            _ => loss,
        };
        return loss.MoveToOuterDisposeScope();
    }

    private static void CheckCtc(Tensor logProbs, Tensor targets, long blankIndex, LossReduction reduction)
    {
        Require.Rank(logProbs, nameof(logProbs), "[batch, time, outputs]", 3);
        Require.Floating(logProbs, nameof(logProbs));
        if (logProbs.numel() == 0)
            throw new ArgumentException($"logProbs is {Require.Describe(logProbs)}; none of batch, time and outputs may be 0.", nameof(logProbs));
        Require.Rank(targets, nameof(targets), "[batch, U]", 2);
        TransducerLossArguments.CheckTargetType(targets, nameof(targets));
        Require.Size(targets, nameof(targets), 0, logProbs.size(0), "the batch of logProbs [batch, time, outputs]");
        Require.SameDevice(targets, nameof(targets), logProbs, nameof(logProbs));
        Require.Range(blankIndex, nameof(blankIndex), 0, logProbs.size(2) - 1);
        Require.Defined(reduction, nameof(reduction));
    }
}
