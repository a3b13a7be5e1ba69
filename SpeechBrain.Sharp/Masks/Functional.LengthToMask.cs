using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp;

public static partial class Functional
{
    /// <summary>
    /// The mask of valid positions: <b>1 (or True) = valid</b>, 0 = padding. One comparison of the positions with the lengths.
    /// </summary>
    /// <param name="length"><c>[batch]</c>, absolute lengths in positions, integer or floating point; position t is valid if <c>t &lt; length</c>.</param>
    /// <param name="maxLen">
    /// Width of the mask, at least 0. Null: the largest length, truncated, which must be read from the device and so <b>synchronises</b>;
    /// and a mask narrower than the padded batch is rarely what is wanted, so give the width wherever it is known.
    /// </param>
    /// <param name="dtype">Type of the mask; null: that of <paramref name="length"/>, as in SpeechBrain. Bool costs nothing extra.</param>
    /// <returns><c>[batch, maxLen]</c> on the lengths' device.</returns>
    /// <remarks>
    /// <code>
    /// length = [5, 3, 1, 0], maxLen = 5, dtype Bool
    ///     True  True  True  True  True
    ///     True  True  True  False False
    ///     True  False False False False
    ///     False False False False False
    /// </code>
    /// SpeechBrain 1.1.0, <c>speechbrain/dataio/dataio.py, length_to_mask</c>.
    /// </remarks>
    /// <exception cref="ArgumentException">Lengths of another rank, or a negative width.</exception>
    public static Tensor LengthToMask(Tensor length, long? maxLen = null, ScalarType? dtype = null)
    {
        Require.Rank(length, nameof(length), "[batch], absolute lengths", 1);
        using var scope = NewDisposeScope();
        var (positions, limits) = PositionsAndLengths(length, nameof(length), maxLen);
        var mask = positions.lt(limits);
        var type = dtype ?? length.dtype;
        return (mask.dtype == type ? mask : mask.to_type(type)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The mask of padded positions: <b>True = padding</b>, the opposite of <see cref="LengthToMask"/>.
    /// </summary>
    /// <param name="lengths"><c>[batch]</c>, absolute lengths in positions.</param>
    /// <param name="maxLen">Width of the mask; null: the largest length, which <b>synchronises</b> (see <see cref="LengthToMask"/>).</param>
    /// <returns><c>[batch, maxLen]</c> bool on the lengths' device.</returns>
    /// <remarks>
    /// <code>
    /// lengths = [5, 3, 1, 0], maxLen = 5
    ///     False False False False False
    ///     False False False True  True
    ///     False True  True  True  True
    ///     True  True  True  True  True
    /// </code>
    /// SpeechBrain 1.1.0, <c>speechbrain/lobes/models/transformer/Transformer.py, get_mask_from_lengths</c>.
    /// </remarks>
    /// <exception cref="ArgumentException">Lengths of another rank, or a negative width.</exception>
    public static Tensor GetMaskFromLengths(Tensor lengths, long? maxLen = null)
    {
        Require.Rank(lengths, nameof(lengths), "[batch], absolute lengths", 1);
        using var scope = NewDisposeScope();
        var (positions, limits) = PositionsAndLengths(lengths, nameof(lengths), maxLen);
        return positions.ge(limits).MoveToOuterDisposeScope();
    }

    // Both sides of the one comparison, [1, width] and [batch, 1], in a type that holds both exactly.
    private static (Tensor Positions, Tensor Limits) PositionsAndLengths(Tensor lengths, string name, long? maxLen)
    {
        if (lengths.dtype is not (ScalarType.Float32 or ScalarType.Float64 or ScalarType.Int64 or ScalarType.Int32))
            lengths = lengths.dtype switch
            {
                ScalarType.BFloat16 or ScalarType.Float16 => lengths.to_type(ScalarType.Float32),
                ScalarType.Byte or ScalarType.Int8 or ScalarType.Int16 => lengths.to_type(ScalarType.Int64),
                _ => throw new ArgumentException($"{name} is {Require.Describe(lengths)}; lengths must be integers or real numbers.", name),
            };
        long width = maxLen ?? (lengths.numel() == 0 ? 0 : lengths.max().to_type(ScalarType.Int64).item<long>());
        Require.Range(width, nameof(maxLen), 0);
        return (arange(width, lengths.dtype, lengths.device).unsqueeze(0), lengths.unsqueeze(1));
    }
}
