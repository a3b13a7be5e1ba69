using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp;

public static partial class Functional
{
    /// <summary>
    /// The relative shift of Transformer-XL: from scores by offset to scores by key, <c>y[i, j] = x[i, time - 1 - i + j]</c>.
    /// </summary>
    /// <param name="x"><c>[..., time, 2 time - 1]</c>: column c is the offset time - 1 - c of <see cref="Conformer.RelPosEncXL"/>.</param>
    /// <returns><c>[..., time, time]</c>; a view of <paramref name="x"/> if that is contiguous: do not write into it.</returns>
    /// <remarks>
    /// Row i starts i places further left than row i - 1, so in memory its elements begin at (time - 1) + i (2 time - 2): the shift is a
    /// matter of strides, and nothing is padded or copied.
    /// <code>
    /// time 3, columns are the offsets +2 +1 0 -1 -2
    ///     a b c d e             c d e
    ///     f g h i j     gives   g h i
    ///     k l m n o             k l m
    /// </code>
    /// SpeechBrain 1.1.0, <c>speechbrain/nnet/attention.py, RelPosMHAXL.rel_shift</c>. Its option <c>mask_pos_future</c> is absent: the triangle
    /// that it sets to zero lies beyond the columns it returns, so it changes nothing.
    /// </remarks>
    /// <exception cref="ArgumentException">The last two sizes are not time and 2 time - 1.</exception>
    public static Tensor RelShift(Tensor x)
    {
        Require.MinimumRank(x, nameof(x), "[..., time, 2 time - 1]", 2);
        long time = x.size(-2);
        if (time < 1 || x.size(-1) != 2 * time - 1)
            throw new ArgumentException($"x is {Require.Describe(x)}; it must be [..., time, 2 time - 1].", nameof(x));
        return RelShift(x, time);
    }

    /// <summary>
    /// The shift where queries are the last ones of <paramref name="keys"/> frames: <c>[..., queries, keys + queries - 1]</c>, column c being
    /// the offset keys - 1 - c, to <c>[..., queries, keys]</c>, <c>y[i, j] = x[i, queries - 1 - i + j]</c>.
    /// </summary>
    internal static Tensor RelShift(Tensor x, long keys)
    {
        long queries = x.size(-2), offsets = x.size(-1);
        using var scope = NewDisposeScope();
        var packed = x.is_contiguous() ? x : x.contiguous();
        long[] size = packed.shape, stride = packed.stride();
        size[^1] = keys;
        stride[^2] = offsets - 1;
        return packed.as_strided(size, stride, packed.storage_offset() + queries - 1).MoveToOuterDisposeScope();
    }
}
