using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp;

public static partial class Functional
{
    /// <summary>
    /// RNN-T loss of the simple joint, whose logits are <c>am[t] + lm[u]</c>, in memory for <c>[batch, T, V]</c>, <c>[batch, U + 1, V]</c> and
    /// <c>[batch, T, U + 1]</c> alone; and where its alignments run, which is what a pruned loss needs to know.
    /// </summary>
    /// <remarks>
    /// <para>
    /// The normaliser of a node is <c>log sum_v exp(am[t, v] + lm[u, v])</c>: the logarithm of a product of the two matrices of exponentials,
    /// each row divided by its largest element beforehand.
    /// </para>
    /// <para>
    /// Smoothing: the log-probabilities of the arcs become <c>(1 - lmOnlyScale - amOnlyScale) * joint + lmOnlyScale * lm alone + amOnlyScale *
    /// am alone</c>, where "am alone" is <c>am</c> with the mean of lm's distributions in the place of lm. It keeps the two sides apart from
    /// each other's work. The mean is over the utterances' own states; fast_rnnt counts padding in.
    /// </para>
    /// <para>Source: F. Kuang et al., Pruned RNN-T for fast, memory-efficient ASR training, 2022 (arXiv 2206.13236), sections 3.1 and 3.3.</para>
    /// </remarks>
    /// <param name="am">
    /// Scores of the encoder's side (acoustic) <c>[batch, T, V]</c>, not normalised; padding should be finite. Half precision is computed with in
    /// float32.
    /// </param>
    /// <param name="lm">Scores of the predictor's side (language) <c>[batch, U + 1, V]</c>, not normalised.</param>
    /// <param name="targets">Labels <c>[batch, U]</c>, int64 or int32; padding may hold any value.</param>
    /// <param name="inputLens">Frames of each utterance, 1 to T.</param>
    /// <param name="targetLens">Labels of each utterance, 0 to U.</param>
    /// <param name="blankIndex">Which of the V outputs is blank.</param>
    /// <param name="reduction">None (<c>[batch]</c>), sum, or mean: the sum divided by the batch.</param>
    /// <param name="lmOnlyScale">Share of the predictor alone, 0 or more; with <paramref name="amOnlyScale"/> at most 1.</param>
    /// <param name="amOnlyScale">Share of the encoder alone, 0 or more.</param>
    /// <param name="latticeType">What the lattice is computed in: float64, or float32 for devices where float64 is very slow.</param>
    /// <returns>Loss (float64 for float64 input and else float32) and posteriors, in the current dispose scope.</returns>
    /// <exception cref="ArgumentException">Shapes, dtypes, devices, lengths, scales, or labels on the CPU do not fit.</exception>
    public static SimpleTransducerScore SimpleTransducerLoss(
        Tensor am, Tensor lm, Tensor targets, long[] inputLens, long[] targetLens, long blankIndex = 0, LossReduction reduction = LossReduction.Mean,
        double lmOnlyScale = 0, double amOnlyScale = 0, ScalarType latticeType = ScalarType.Float64)
    {
        CheckSimple(am, lm, targets, blankIndex, reduction, latticeType);
        PruningArguments.CheckScales(lmOnlyScale, amOnlyScale);
        using var scope = NewDisposeScope();
        var frames = BatchLengths.From(inputLens, nameof(inputLens), am, am.size(1), 1);
        var labels = BatchLengths.From(targetLens, nameof(targetLens), am, targets.size(1), 0);
        if (targets.is_cpu())
            TransducerLossArguments.CheckLabels(targets, targetLens, am.size(2), blankIndex);

        var type = am.dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;
        var index = TransducerTargets.LabelOfEachRow(targets, am.size(2)).unsqueeze(-1);
        var joint = new SimpleJoint(am.to(type), lm.to(type), index, blankIndex);
        var (blank, label) = joint.Arcs();
        (blank, label) = ((1 - lmOnlyScale - amOnlyScale) * blank, (1 - lmOnlyScale - amOnlyScale) * label);
        if (lmOnlyScale > 0)
        {
            var (ofBlank, ofLabel) = joint.LanguageArcs();
            (blank, label) = (blank + lmOnlyScale * ofBlank, label + lmOnlyScale * ofLabel);
        }
        if (amOnlyScale > 0)
        {
            var (ofBlank, ofLabel) = joint.AcousticArcs(labels);
            (blank, label) = (blank + amOnlyScale * ofBlank, label + amOnlyScale * ofLabel);
        }
        var (loss, blankArcs, labelArcs) = LatticeScore.Of(blank.to(latticeType), label.to(latticeType), frames, labels);
        var reduced = LatticeScore.Reduce(loss, reduction).to(type);
        return new(reduced.MoveToOuterDisposeScope(), blankArcs.MoveToOuterDisposeScope(), labelArcs.MoveToOuterDisposeScope());
    }

    private static void CheckSimple(Tensor am, Tensor lm, Tensor targets, long blankIndex, LossReduction reduction, ScalarType latticeType)
    {
        Require.Rank(am, nameof(am), "[batch, T, V]", 3);
        Require.Floating(am, nameof(am));
        Require.Rank(lm, nameof(lm), "[batch, U + 1, V]", 3);
        if (am.numel() == 0 || lm.numel() == 0)
            throw new ArgumentException(
                $"am is {Require.Describe(am)} and lm {Require.Describe(lm)}; none of batch, T, U + 1 and V may be 0.", nameof(am));
        Require.Size(lm, nameof(lm), 0, am.size(0), "the batch of am [batch, T, V]");
        Require.Size(lm, nameof(lm), 2, am.size(2), "the V of am [batch, T, V]");
        if (lm.dtype != am.dtype)
            throw new ArgumentException($"lm is {lm.dtype} and am {am.dtype}; convert one of them.", nameof(lm));
        Require.SameDevice(lm, nameof(lm), am, nameof(am));
        PruningArguments.CheckTargets(targets, am, lm.size(1) - 1);
        Require.Range(blankIndex, nameof(blankIndex), 0, am.size(2) - 1);
        TransducerLossArguments.CheckReduction(reduction);
        TransducerLossArguments.CheckLatticeType(latticeType);
    }
}
