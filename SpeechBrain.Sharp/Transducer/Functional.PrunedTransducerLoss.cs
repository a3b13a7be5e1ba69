using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp;

public static partial class Functional
{
    /// <summary>
    /// RNN-T loss over the alignments that stay within a window of predictor states at each frame. With windows of all <c>U + 1</c> states it is
    /// <see cref="TransducerLoss(Tensor, Tensor, long[], long[], long, LossReduction, bool, TransducerLossOptions?)"/>; with fewer it is never below
    /// it.
    /// Differentiable by <paramref name="logits"/>, once.
    /// </summary>
    /// <remarks>
    /// Source: F. Kuang et al., Pruned RNN-T for fast, memory-efficient ASR training, 2022 (arXiv 2206.13236). The log-softmax is part of it, and
    /// no normalised copy of the logits is made.
    /// </remarks>
    /// <param name="logits">
    /// <c>[batch, T, states, V]</c>: the joint of <see cref="PruneStates"/>, of any floating-point dtype; padding should be finite.
    /// </param>
    /// <param name="ranges">States of each frame <c>[batch, T, states]</c> from <see cref="PruneRanges"/>.</param>
    /// <param name="targets">Labels <c>[batch, U]</c>, int64 or int32; padding may hold any value.</param>
    /// <param name="inputLens">Frames of each utterance, 1 to T.</param>
    /// <param name="targetLens">Labels of each utterance, 0 to U.</param>
    /// <param name="blankIndex">Which of the V outputs is blank.</param>
    /// <param name="reduction">None (<c>[batch]</c>), sum, or mean: the sum divided by the batch.</param>
    /// <param name="latticeType">What the lattice is computed in: float64, or float32 for devices where float64 is very slow.</param>
    /// <returns>The loss, float64 for float64 logits and else float32.</returns>
    /// <exception cref="ArgumentException">Shapes, dtypes, devices, lengths, or labels and ranges on the CPU do not fit.</exception>
    public static Tensor PrunedTransducerLoss(
        Tensor logits, Tensor ranges, Tensor targets, long[] inputLens, long[] targetLens, long blankIndex = 0,
        LossReduction reduction = LossReduction.Mean, ScalarType latticeType = ScalarType.Float64)
    {
        Require.Rank(logits, nameof(logits), "[batch, T, states, V]", 4);
        Require.Floating(logits, nameof(logits));
        if (logits.numel() == 0)
            throw new ArgumentException($"logits is {Require.Describe(logits)}; none of batch, T, states and V may be 0.", nameof(logits));
        Require.Rank(targets, nameof(targets), "[batch, U]", 2);
        PruningArguments.CheckTargets(targets, logits, targets.size(1));
        CheckRanges(ranges, logits, targets.size(1) + 1);
        Require.Size(ranges, nameof(ranges), 2, logits.size(2), "the states of logits [batch, T, states, V]");
        Require.Range(blankIndex, nameof(blankIndex), 0, logits.size(3) - 1);
        TransducerLossArguments.CheckReduction(reduction);
        TransducerLossArguments.CheckLatticeType(latticeType);
        using var scope = NewDisposeScope();
        var frames = BatchLengths.From(inputLens, nameof(inputLens), logits, logits.size(1), 1);
        var labels = BatchLengths.From(targetLens, nameof(targetLens), logits, targets.size(1), 0);
        if (targets.is_cpu())
            TransducerLossArguments.CheckLabels(targets, targetLens, logits.size(3), blankIndex);

        var (batch, time, states, rows) = (logits.size(0), logits.size(1), logits.size(2), targets.size(1) + 1);
        var index = TransducerTargets.LabelOfEachRow(targets, logits.size(3)).unsqueeze(1).expand(batch, time, rows).gather(2, ranges);
        var (blank, label) = ArcLogProbabilities.Of(logits, index, blankIndex, latticeType);
        // Back into the whole lattice. Outside the windows labels are impossible, and so is the one that leads out at a window's top. No path
        // climbs out of a window then, and one that falls below it, where blanks go on, never rises to the last state: any number will do
        // for the blanks outside, and 0 keeps the sums of blanks small.
        var leads = arange(states, dtype: ScalarType.Int64, device: logits.device).eq(states - 1);
        var climbing = label.masked_fill(leads, double.NegativeInfinity);
        var all = label.new_full([batch, time, rows], double.NegativeInfinity).scatter(2, ranges, climbing).transpose(1, 2);
        var blanks = blank.new_zeros([batch, time, rows]).scatter(2, ranges, blank).transpose(1, 2);
        var (loss, _, _) = LatticeScore.Of(blanks, all, frames, labels);
        return LatticeScore.Reduce(loss, reduction).to(logits.dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32)
            .MoveToOuterDisposeScope();
    }
}
