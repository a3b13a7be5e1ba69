using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Transducer;

/// <summary>What must hold of the arguments of the simple and the pruned loss, checked before libtorch sees them.</summary>
internal static class PruningArguments
{
    /// <summary>Labels <c>[batch, labels]</c> beside the data they belong to.</summary>
    public static void CheckTargets(Tensor targets, Tensor data, long labels)
    {
        Require.Rank(targets, nameof(targets), "[batch, U]", 2);
        TransducerLossArguments.CheckTargetType(targets, nameof(targets));
        Require.Size(targets, nameof(targets), 0, data.size(0), "the batch");
        Require.Size(targets, nameof(targets), 1, labels, "U, one less than the predictor's states");
        Require.SameDevice(targets, nameof(targets), data, "the data");
    }

    /// <summary>Shares of one whole.</summary>
    public static void CheckScales(double lmOnlyScale, double amOnlyScale)
    {
        Require.Range(lmOnlyScale, nameof(lmOnlyScale), 0, 1);
        Require.Range(amOnlyScale, nameof(amOnlyScale), 0, 1);
        if (lmOnlyScale + amOnlyScale > 1)
            throw new ArgumentOutOfRangeException(
                nameof(amOnlyScale), amOnlyScale,
                FormattableString.Invariant($"lmOnlyScale ({lmOnlyScale}) and amOnlyScale must be at most 1 together."));
    }
}
