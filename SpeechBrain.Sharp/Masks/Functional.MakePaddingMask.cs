using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp;

public static partial class Functional
{
    /// <summary>
    /// The mask of valid positions of a tensor, shaped so that it multiplies with it: <b>True = valid</b>.
    /// </summary>
    /// <param name="x"><c>[batch, ...]</c>; only its sizes and device matter.</param>
    /// <param name="lengths"><c>[batch]</c>, relative (0 to 1), on <paramref name="x"/>'s device. Null: everything is valid.</param>
    /// <param name="lengthDim">The dimension that the lengths belong to, 1 to rank - 1.</param>
    /// <param name="eps">What is taken off each product <c>length * size</c> so that float error does not add a position.</param>
    /// <returns><c>[batch, 1.., size of lengthDim, 1..]</c> bool, of <paramref name="x"/>'s rank.</returns>
    /// <remarks>
    /// Position t is valid if <c>t &lt; length * size - eps</c> in float32: a length between two positions counts the upper one, unlike
    /// <see cref="AbsoluteLengths"/>, which rounds. Above about 16 positions float32 error is larger than the default
    /// <paramref name="eps"/> (0.7 * 1000 gives 701 positions). This is the rule of SpeechBrain 1.1.0
    /// (<c>speechbrain/processing/features.py, make_padding_mask</c>), kept because the statistics of trained normalizers come from it.
    /// <code>
    /// lengths = [1.0, 0.6, 0.2, 0.5], x of [4, 5]
    ///     True  True  True  True  True
    ///     True  True  True  False False
    ///     True  False False False False
    ///     True  True  True  False False       (0.5 * 5 counts 3 positions)
    /// </code>
    /// </remarks>
    /// <exception cref="ArgumentException">Wrong ranks, batch sizes, devices or lengths.</exception>
    public static Tensor MakePaddingMask(Tensor x, Tensor? lengths = null, int lengthDim = 1, double eps = 1e-6)
    {
        Require.MinimumRank(x, nameof(x), "[batch, time, ...]", 2);
        long[] shape = x.shape;
        Require.Range(lengthDim, nameof(lengthDim), 1, shape.Length - 1);
        Require.Range(eps, nameof(eps), 0);
        long[] view = new long[shape.Length];
        Array.Fill(view, 1);
        view[0] = shape[0];
        view[lengthDim] = shape[lengthDim];
        if (lengths is null)
            return ones(view, ScalarType.Bool, x.device);

        RequireRelativeLengths(lengths, nameof(lengths), shape[0]);
        Require.SameDevice(lengths, nameof(lengths), x, nameof(x));
        using var scope = NewDisposeScope();
        var single = lengths.dtype == ScalarType.Float32 ? lengths : lengths.to_type(ScalarType.Float32);
        var limit = single.mul(shape[lengthDim]).sub(eps).unsqueeze(1);
        var position = arange(shape[lengthDim], ScalarType.Float32, x.device).unsqueeze(0);
        return position.lt(limit).reshape(view).MoveToOuterDisposeScope();
    }
}
