using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Transducer;

/// <summary>What the logits of a batch are scored against: checked, on the logits' device, safe to index with.</summary>
/// <param name="Index">Label of each row of the lattice, <c>[batch, U + 1]</c> int64; the last column is unused and 0.</param>
/// <param name="Frames">Frames of each utterance, <c>[batch]</c> int64, 1 to T.</param>
/// <param name="Labels">Labels of each utterance, <c>[batch]</c> int64, 0 to U.</param>
/// <param name="Blank">The index of blank.</param>
/// <param name="LatticeType">In what the lattice is computed: float64 or float32.</param>
internal sealed record TransducerTargets(Tensor Index, Tensor Frames, Tensor Labels, long Blank, ScalarType LatticeType)
{
    /// <summary>
    /// Clamps everything into its range, since an index out of range ends the process on one device and poisons the context on another;
    /// values on the CPU were checked before, and padding may hold any value.
    /// </summary>
    public static TransducerTargets Make(Tensor logits, Tensor targets, Tensor frames, Tensor labels, long blank, ScalarType latticeType)
    {
        var (lastFrame, lastLabel, vocabulary) = (logits.size(1), logits.size(2) - 1, logits.size(3));
        return new(LabelOfEachRow(targets, vocabulary), frames.clamp(1, lastFrame), labels.clamp(0, lastLabel), blank, latticeType);
    }

    /// <summary><see cref="Index"/> of targets <c>[batch, U]</c>.</summary>
    public static Tensor LabelOfEachRow(Tensor targets, long vocabulary)
    {
        using var scope = NewDisposeScope();
        var inside = targets.to(ScalarType.Int64).clamp(0, vocabulary - 1);
        var unused = zeros(targets.size(0), 1, dtype: ScalarType.Int64, device: targets.device);
        return cat([inside, unused], 1).MoveToOuterDisposeScope();
    }
}
