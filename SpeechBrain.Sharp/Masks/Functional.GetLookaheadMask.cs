using SpeechBrain.Sharp.Masks;
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
    /// <param name="cache">
    /// Where masks of repeated shapes come from, for example <see cref="MaskCache.Shared"/>: a view of shared memory, not to be written into. Null:
    /// a new mask, the caller's own.
    /// </param>
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
    public static Tensor GetLookaheadMask(Tensor paddedInput, MaskCache? cache = null)
    {
        Require.MinimumRank(paddedInput, nameof(paddedInput), "[batch, time, ...]", 2);
        long time = paddedInput.size(1);
        return cache is null
            ? LookaheadMask(time, paddedInput.device)
            : cache.Get(time, null, paddedInput.device, MaskForm.MinusInfinity, ScalarType.Float32);
    }

    /// <summary>The look-ahead mask of a length, new memory.</summary>
    internal static Tensor LookaheadMask(long time, Device device)
    {
        using var scope = NewDisposeScope();
        return full([time, time], MinusInfinity, ScalarType.Float32, device).triu_(1).MoveToOuterDisposeScope();
    }
}
