using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Transducer;

/// <summary>What must hold of the arguments of the RNN-T loss, checked before libtorch sees them.</summary>
internal static class TransducerLossArguments
{
    /// <summary>Shapes, dtypes, devices and options: known without looking at values.</summary>
    public static void CheckKinds(Tensor logits, Tensor targets, long blankIndex, LossReduction reduction, ScalarType latticeType)
    {
        Require.Rank(logits, nameof(logits), "[batch, T, U + 1, V]", 4);
        Require.Floating(logits, nameof(logits));
        if (logits.numel() == 0)
            throw new ArgumentException($"logits is {Require.Describe(logits)}; none of batch, T, U + 1 and V may be 0.", nameof(logits));
        Require.Rank(targets, nameof(targets), "[batch, U]", 2);
        CheckTargetType(targets, nameof(targets));
        Require.Size(targets, nameof(targets), 0, logits.size(0), "the batch of logits [batch, T, U + 1, V]");
        Require.Size(targets, nameof(targets), 1, logits.size(2) - 1, "the U of logits [batch, T, U + 1, V]");
        Require.SameDevice(targets, nameof(targets), logits, nameof(logits));
        Require.Range(blankIndex, nameof(blankIndex), 0, logits.size(3) - 1);
        CheckReduction(reduction);
        CheckLatticeType(latticeType);
    }

    /// <summary>The RNN-T loss knows three of the reductions.</summary>
    public static void CheckReduction(LossReduction reduction)
    {
        if (reduction is not (LossReduction.None or LossReduction.Sum or LossReduction.Mean))
            throw new ArgumentOutOfRangeException(
                nameof(reduction), reduction, "reduction must be None, Sum or Mean (the sum divided by the batch).");
    }

    /// <summary>The lattice has two dtypes.</summary>
    public static void CheckLatticeType(ScalarType latticeType)
    {
        if (latticeType is not (ScalarType.Float64 or ScalarType.Float32))
            throw new ArgumentOutOfRangeException(nameof(latticeType), latticeType, "latticeType must be Float64 or Float32.");
    }

    /// <summary>Labels are integers.</summary>
    public static void CheckTargetType(Tensor targets, string name)
    {
        if (targets.dtype is not (ScalarType.Int64 or ScalarType.Int32))
            throw new ArgumentException($"{name} is {Require.Describe(targets)}; it must be int64 or int32.", name);
    }

    /// <summary>The labels' values. Waits for the device of <paramref name="targets"/>.</summary>
    /// <param name="targets">Targets <c>[batch, U]</c>; what lies beyond an utterance's labels may hold any value.</param>
    /// <param name="counts">Labels of each utterance.</param>
    /// <param name="vocabulary">Number of outputs.</param>
    /// <param name="blankIndex">The one that is no label.</param>
    public static void CheckLabels(Tensor targets, long[] counts, long vocabulary, long blankIndex)
    {
        long width = targets.size(1);
        long[] values = BatchLengths.HostValues(targets);
        for (long b = 0; b < counts.Length; b++)
        {
            for (long u = 0; u < counts[b]; u++)
            {
                long value = values[b * width + u];
                if (value < 0 || value >= vocabulary)
                    throw new ArgumentOutOfRangeException(
                        nameof(targets), value, $"targets[{b}, {u}] must lie in [0, {vocabulary - 1}], the outputs that there are.");
                if (value == blankIndex)
                    throw new ArgumentException(
                        $"targets[{b}, {u}] is {value}, which is blank; a label must be another output. Does the transcript hold unknown tokens?",
                        nameof(targets));
            }
        }
    }
}
