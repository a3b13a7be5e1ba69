using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Features;

/// <summary>What lies behind the last frame of each item, for transforms that look beyond it.</summary>
internal static class FrameEnds
{
    /// <summary>Repeats each item's last frame up to the end of the batch, in the current dispose scope.</summary>
    /// <param name="x"><c>[batch, frames, ...]</c>.</param>
    /// <param name="frames"><c>[batch]</c> int64, at least 1.</param>
    internal static Tensor Repeat(Tensor x, Tensor frames)
    {
        long batch = x.size(0), time = x.size(1);
        var first = arange(0, batch * time, time, ScalarType.Int64, x.device).unsqueeze(1);
        var own = arange(time, ScalarType.Int64, x.device).unsqueeze(0).minimum(frames.sub(1).unsqueeze(1)).add(first);
        return x.flatten(0, 1).index_select(0, own.flatten()).view(x.shape);
    }

    /// <summary>Sets all behind each item's last frame to a value, in the current dispose scope.</summary>
    /// <param name="x"><c>[batch, frames, ...]</c>.</param>
    /// <param name="frames"><c>[batch]</c> int64.</param>
    /// <param name="value">The value.</param>
    internal static Tensor Fill(Tensor x, Tensor frames, double value)
    {
        var behind = Functional.GetMaskFromLengths(frames, x.size(1));
        return x.masked_fill(behind.view([x.size(0), x.size(1), .. Enumerable.Repeat(1L, (int)x.dim() - 2)]), value);
    }
}
