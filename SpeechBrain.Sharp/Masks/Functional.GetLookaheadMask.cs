using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp;

public static partial class Functional
{
    private static readonly Scalar MinusInfinity = float.NegativeInfinity;

    /// <summary>
    /// The additive mask of a causal attention: <b>0 = may attend, -infinity = may not</b> (the positions to the right of the diagonal).
    /// </summary>
    /// <param name="paddedInput"><c>[batch, time, ...]</c>; only its second size and its device matter.</param>
    /// <returns><c>[time, time]</c> float32; row = query, column = key.</returns>
    /// <remarks>
    /// <code>
    /// the first four rows at time 5:
    ///     0  -inf  -inf  -inf  -inf
    ///     0     0  -inf  -inf  -inf
    ///     0     0     0  -inf  -inf
    ///     0     0     0     0  -inf
    /// </code>
    /// SpeechBrain 1.1.0, <c>speechbrain/lobes/models/transformer/Transformer.py, get_lookahead_mask</c>.
    /// </remarks>
    /// <exception cref="ArgumentException">Less than two dimensions.</exception>
    public static Tensor GetLookaheadMask(Tensor paddedInput)
    {
        Require.MinimumRank(paddedInput, nameof(paddedInput), "[batch, time, ...]", 2);
        long time = paddedInput.shape[1];
        using var scope = NewDisposeScope();
        return full([time, time], MinusInfinity, ScalarType.Float32, paddedInput.device).triu_(1).MoveToOuterDisposeScope();
    }
}
