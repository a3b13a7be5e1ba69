using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp;

public static partial class Functional
{
    /// <summary>
    /// Time derivatives: <c>y[t] = sum over k of k x[t + k] / sum over k of k^2</c>, k from -n to n, with the first and last frame repeated at
    /// the borders.
    /// </summary>
    /// <param name="x"><c>[batch, frames, features]</c> or <c>[batch, frames, features, channels]</c>, floating point, at least one frame.</param>
    /// <param name="windowLength">Frames of the window, 2n + 1, at least 3.</param>
    /// <returns>A tensor of the same shape and type.</returns>
    /// <exception cref="ArgumentException">Wrong rank or type, no frames, or a window below 3.</exception>
    public static Tensor Deltas(Tensor x, long windowLength = 5)
    {
        Require.Rank(x, nameof(x), "[batch, frames, features] or [batch, frames, features, channels]", 3, 4);
        Require.Floating(x, nameof(x));
        Require.Range(windowLength, nameof(windowLength), 3, 1 << 20);
        long[] shape = x.shape;
        if (shape[1] == 0)
            throw new ArgumentException($"x is {Require.Describe(x)}; it must have at least one frame.", nameof(x));
        if (x.numel() == 0)
            return empty(shape, x.dtype, x.device);
        long n = (windowLength - 1) / 2;
        // sum of k^2 for k = -n..n
        double denominator = n * (n + 1.0) * (2 * n + 1) / 3;

        using var scope = NewDisposeScope();
        // Time last, and all else rows: every row has the same kernel.
        var type = ComputedIn(x.dtype);
        var moved = x.dim() == 3 ? x.transpose(1, 2) : x.permute(0, 2, 3, 1);
        var rows = moved.reshape(-1, 1, shape[1]);
        if (x.dtype != type)
            rows = rows.to_type(type);
        var kernel = arange(-n, n + 1, type, x.device).div(denominator).reshape(1, 1, -1);
        var slopes = nn.functional.conv1d(nn.functional.pad(rows, (n, n), PaddingModes.Replicate), kernel).reshape(moved.shape);
        if (x.dtype != type)
            slopes = slopes.to_type(x.dtype);
        return (x.dim() == 3 ? slopes.transpose(1, 2) : slopes.permute(0, 3, 1, 2)).MoveToOuterDisposeScope();
    }
}
