using SpeechBrain.Sharp.Augment;
using SpeechBrain.Sharp.Augment.Signal;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp;

public static partial class Functional
{
    /// <summary>Moves a frame (or feature) of each spectrogram to another place and resizes what lies before and behind it.</summary>
    /// <param name="spectrogram"><c>[batch, time, features]</c> or <c>[batch, time, features, channels]</c>, floating; it is not written to.</param>
    /// <param name="center">int64 <c>[batch]</c>, or <c>[1]</c> for all: the frame that moves, above 0 and below the example's length.</param>
    /// <param name="target">Where it goes, in the same range. An example for which one of them is outside it stays as it is.</param>
    /// <param name="lengths">int64 <c>[batch]</c>: valid frames; null: all. They do not matter to a warp of frequency.</param>
    /// <param name="warpMode">How values between frames are found.</param>
    /// <param name="dim">1: time; 2: frequency.</param>
    /// <returns>
    /// The same shape, type and device; computed in float32 at least. On the CPU without gradient the memory itself is worked on, by all threads.
    /// </returns>
    /// <exception cref="ArgumentException">A wrong shape, type or device.</exception>
    /// <remarks>
    /// With length L, centre c and target w, frames [0, w) are [0, c) resized, and [w, L) are [c, L): as torch's <c>interpolate</c> with
    /// <c>align_corners</c> resizes them, each part with its own edges repeated, but along one axis and for all examples at once. SpeechBrain 1.1.0,
    /// <c>speechbrain/augment/freq_domain.py, Warping</c>.
    /// </remarks>
    public static Tensor Warping(
        Tensor spectrogram, Tensor center, Tensor target, Tensor? lengths = null, WarpMode warpMode = WarpMode.Bicubic, int dim = 1)
    {
        RequireSpectrogram(spectrogram, dim);
        Require.Defined(warpMode, nameof(warpMode));
        ArgumentNullException.ThrowIfNull(center);
        long[] shape = spectrogram.shape;
        RequireIndices(center, nameof(center), spectrogram, center.numel() == 1 ? 1 : shape[0]);
        RequireIndices(target, nameof(target), spectrogram, center.numel());
        if (lengths is not null)
            RequireIndices(lengths, nameof(lengths), spectrogram, shape[0]);
        using var scope = NewDisposeScope();
        var x = spectrogram.to(SignalArguments.Work(spectrogram.dtype));
        var length = dim == 1 && lengths is not null ? lengths : full(1, shape[dim], ScalarType.Int64, x.device);
        var taps = WarpTaps(center, target, length, shape[dim], warpMode);
        var warped = x.numel() == 0 ? x.alias()
            : x.device_type == DeviceType.CPU && !(x.requires_grad && is_grad_enabled()) ? WarpLoop.Apply(x.contiguous(), taps, dim)
            : Mixed(x, taps, dim);
        return warped.to(spectrogram.dtype).MoveToOuterDisposeScope();
    }

    // By operators: each tap's frames together.
    private static Tensor Mixed(Tensor x, List<(Tensor Index, Tensor Weight)> taps, int dim)
    {
        if (dim == 2)
            x = x.transpose(1, 2);
        long[] rows = x.shape;
        var first = arange(rows[0], ScalarType.Int64, x.device).unsqueeze(1) * rows[1];
        var flat = x.reshape(rows[0] * rows[1], -1);
        Tensor? sum = null;
        foreach (var (index, weight) in taps)
        {
            var frames = flat.index_select(0, (index + first).reshape(-1));
            var factor = weight.to(x.dtype).expand(rows[0], rows[1]).reshape(-1, 1);
            sum = sum is null ? frames.mul_(factor) : sum.addcmul_(frames, factor, 1);
        }
        var warped = sum!.reshape(rows);
        return dim == 2 ? warped.transpose(1, 2).contiguous() : warped;
    }

    // For each frame of the result the frames that it is made of, [examples, time], and their weights.
    private static List<(Tensor Index, Tensor Weight)> WarpTaps(Tensor center, Tensor target, Tensor length, long time, WarpMode mode)
    {
        var t = arange(time, ScalarType.Int64, center.device).unsqueeze(0);
        var (c, w, l) = (center.unsqueeze(1), target.unsqueeze(1), length.unsqueeze(1));
        // Frames that stay: padding, and examples that the warp does not fit.
        var still = t.ge(l).logical_or(c.le(0)).logical_or(w.le(0)).logical_or(c.ge(l)).logical_or(w.ge(l));
        var before = t.lt(w);
        // The part that a frame belongs to: its first and last frame, before; and how far into it the frame is, after.
        var low = where(still, t, where(before, zeros_like(c), c));
        var high = where(still, t, where(before, c, l) - 1);
        var into = where(before, t, t - w);
        var steps = (where(before, w, l - w) - 1).clamp_min(1);
        var position = low + into.to(ScalarType.Float64) * (high - low) / steps;
        var floor = position.floor();
        var x = position - floor;
        var nearest = floor.to(ScalarType.Int64);
        Tensor At(long offset) => minimum(maximum(nearest + offset, low), high);
        return mode == WarpMode.Bilinear
            ? [(At(0), 1 - x), (At(1), x)]
            : [(At(-1), CubicFar(x + 1)), (At(0), CubicNear(x)), (At(1), CubicNear(1 - x)), (At(2), CubicFar(2 - x))];
    }

    // The kernel of R. Keys, "Cubic convolution interpolation for digital image processing", 1981, with torch's a = -0.75: at distances below 1 ...
    private static Tensor CubicNear(Tensor x) => ((x * 1.25 - 2.25) * x * x) + 1;

    // ... and from 1 to 2: a (x^3 - 5 x^2 + 8 x - 4).
    private static Tensor CubicFar(Tensor x) => (((x - 5) * x + 8) * x - 4) * -0.75;
}
