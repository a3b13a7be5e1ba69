using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Features;

/// <summary>Padding of signals at both ends, each at its own end.</summary>
internal static class SignalPadding
{
    /// <summary>Pads, in the current dispose scope.</summary>
    /// <param name="rows"><c>[rows, time]</c>.</param>
    /// <param name="pad">Samples at each end; below <c>time</c> for reflection.</param>
    /// <param name="mode">What they are.</param>
    /// <param name="lengths"><c>[rows]</c> int64: the samples of each signal; those behind them do not matter. Null: all.</param>
    /// <returns><c>[rows, time + 2 pad]</c>; of a shorter signal the first <c>length + 2 pad</c> are what they are alone.</returns>
    internal static Tensor Apply(Tensor rows, long pad, PaddingModes mode, Tensor? lengths)
    {
        bool zero = mode is PaddingModes.Zeros or PaddingModes.Constant;
        long time = rows.size(1);
        if (lengths is not null && zero)
            rows = rows.masked_fill(Functional.GetMaskFromLengths(lengths, time), 0);
        if (pad == 0)
            return rows;
        if (lengths is null || zero)
            return nn.functional.pad(rows.unsqueeze(1), (pad, pad), zero ? PaddingModes.Constant : mode).squeeze(1);

        var position = arange(-pad, time + pad, 1, ScalarType.Int64, rows.device).unsqueeze(0);
        var length = lengths.unsqueeze(1);
        var last = length.sub(1);
        var source = mode switch
        {
            // |p| mirrors at sample 0, and last - |p - last| at the last one.
            PaddingModes.Reflect => position.abs().sub(last).abs().neg().add(last).clamp(0, time - 1),
            PaddingModes.Replicate => position.clamp_min(0).minimum(last),
            _ => position.remainder(length),
        };
        return rows.gather(1, source);
    }
}
