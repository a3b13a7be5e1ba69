using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Transducer;

/// <summary>What must hold of the arguments of the RNN-T loss, checked before libtorch sees them.</summary>
internal static class TransducerLossArguments
{
    /// <summary>Shapes, dtypes, devices and options: known without looking at values.</summary>
    public static void CheckKinds(Tensor logits, Tensor targets, long blankIndex, LossReduction reduction, TransducerLossOptions options)
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
        CheckOptions(options);
        if (options.Engine == TransducerLossEngine.Cpu && !logits.is_cpu())
            throw new ArgumentException(
                $"logits lies on {logits.device}, which the engine Cpu does not serve: choose Auto or Tensor, or move the logits.", nameof(logits));
        // What the CPU engine counts in int32; more would take terabytes.
        if (logits.is_cpu())
            foreach (int dimension in (ReadOnlySpan<int>)[1, 2, 3])
                Require.Range(logits.size(dimension), $"dimension {dimension} of logits", 1, int.MaxValue / 4);
    }

    /// <summary>The RNN-T loss knows three of the reductions.</summary>
    public static void CheckReduction(LossReduction reduction)
    {
        if (reduction is not (LossReduction.None or LossReduction.Sum or LossReduction.Mean))
            throw new ArgumentOutOfRangeException(
                nameof(reduction), reduction, "reduction must be None, Sum or Mean (the sum divided by the batch).");
    }

    /// <summary>The options' values.</summary>
    public static void CheckOptions(TransducerLossOptions options)
    {
        Require.Defined(options.Engine, nameof(options.Engine));
        CheckLatticeType(options.LatticeType);
        Require.Range(options.FastEmit, nameof(options.FastEmit), 0);
        if (options.GradientClamp is { } clamp)
            Require.Positive(clamp, nameof(options.GradientClamp));
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

    /// <summary>That every utterance's loss is finite, and else what is wrong with its logits. Waits for the device.</summary>
    /// <param name="logits">Logits <c>[batch, T, U + 1, V]</c>.</param>
    /// <param name="losses">Their losses <c>[batch]</c>.</param>
    /// <param name="frames">Frames of each utterance.</param>
    /// <param name="labels">Labels of each utterance.</param>
    public static void CheckLosses(Tensor logits, Tensor losses, long[] frames, long[] labels)
    {
        using var values = losses.to(ScalarType.Float64).cpu().data<double>();
        double[] each = values.ToArray();
        int[] broken = [.. Enumerable.Range(0, each.Length).Where(b => double.IsNaN(each[b]))];
        if (broken is [int first, ..])
            throw new ArgumentException(
                $"logits of {Named(broken)} hold NaN or plus infinity, first at {FirstBroken(logits[first], frames[first], labels[first])}. " +
                "Leave such utterances out, or let SkipNonFinite do it.", nameof(logits));
        int[] closed = [.. Enumerable.Range(0, each.Length).Where(b => double.IsInfinity(each[b]))];
        if (closed.Length > 0)
            throw new ArgumentException(
                $"logits of {Named(closed)} leave no path of probability above 0: outputs of minus infinity close all of them.", nameof(logits));

        static string Named(int[] utterances) => (utterances.Length > 1 ? "utterances " : "utterance ") + string.Join(", ", utterances);
    }

    private static string FirstBroken(Tensor logits, long frames, long labels)
    {
        using var scope = NewDisposeScope();
        var own = logits.narrow(0, 0, frames).narrow(1, 0, labels + 1);
        // All minus infinity: there is nothing to share the probability.
        var row = own.isnan().logical_or(own.eq(double.PositiveInfinity)).any(-1).logical_or(own.isneginf().all(-1));
        long node = row.reshape(-1).nonzero()[0, 0].item<long>();
        return $"frame {node / (labels + 1)}, row {node % (labels + 1)}";
    }
}
