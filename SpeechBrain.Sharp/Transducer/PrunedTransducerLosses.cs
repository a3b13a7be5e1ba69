using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Transducer;

/// <summary>The two losses of pruned training and the windows between them.</summary>
/// <param name="Simple">Loss of the simple joint: a scalar, or <c>[batch]</c> without reduction.</param>
/// <param name="Pruned">Loss of the pruned joint, likewise.</param>
/// <param name="Ranges">States that were kept of each frame, <c>[batch, T, states]</c>.</param>
public sealed record PrunedTransducerLosses(Tensor Simple, Tensor Pruned, Tensor Ranges)
{
    /// <summary>What to take the gradient of.</summary>
    /// <param name="weights">From <see cref="PrunedTransducerWarmUp.At"/>.</param>
    /// <returns><c>simple * weights.Simple + pruned * weights.Pruned</c>, in the current dispose scope.</returns>
    public Tensor Total((double Simple, double Pruned) weights)
    {
        using var scope = NewDisposeScope();
        return (Simple * weights.Simple + Pruned * weights.Pruned).MoveToOuterDisposeScope();
    }
}
