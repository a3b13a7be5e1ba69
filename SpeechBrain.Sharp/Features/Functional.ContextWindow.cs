using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp;

public static partial class Functional
{
    /// <summary>
    /// Joins each frame with its neighbours; frames beyond the borders are zero.
    /// </summary>
    /// <param name="x"><c>[batch, frames, features]</c> or <c>[batch, frames, features, channels]</c>.</param>
    /// <param name="leftFrames">Frames before, at least 0.</param>
    /// <param name="rightFrames">Frames after, at least 0.</param>
    /// <returns>
    /// <c>[batch, frames, features * (leftFrames + 1 + rightFrames)]</c> (and channels): for each feature its values from the earliest to the
    /// latest frame.
    /// </returns>
    /// <exception cref="ArgumentException">A wrong rank, or a negative number of frames.</exception>
    public static Tensor ContextWindow(Tensor x, long leftFrames, long rightFrames)
    {
        Require.Rank(x, nameof(x), "[batch, frames, features] or [batch, frames, features, channels]", 3, 4);
        Require.Range(leftFrames, nameof(leftFrames), 0, 1 << 20);
        Require.Range(rightFrames, nameof(rightFrames), 0, 1 << 20);
        long[] shape = x.shape;
        long width = leftFrames + 1 + rightFrames;
        // libtorch pads no empty tensor.
        if (x.numel() == 0)
            return empty([.. shape.Select((size, d) => d == 2 ? size * width : size)], x.dtype, x.device);
        using var scope = NewDisposeScope();
        bool channels = shape.Length == 4;
        long[] sides = channels ? [0, 0, 0, 0, leftFrames, rightFrames] : [0, 0, leftFrames, rightFrames];
        var windows = nn.functional.pad(x, sides).unfold(1, width, 1);                            // [batch, frames, features, (channels,) width]
        return channels
            ? windows.transpose(3, 4).reshape(shape[0], shape[1], shape[2] * width, shape[3]).MoveToOuterDisposeScope()
            : windows.reshape(shape[0], shape[1], shape[2] * width).MoveToOuterDisposeScope();
    }
}
