using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Conformer;

/// <summary>Padding of time and frequency by reflection at the first and last frame or feature, which is not repeated.</summary>
internal static class ReflectPadding
{
    /// <summary>Pads, in the current dispose scope.</summary>
    /// <param name="x"><c>[batch, time, frequency, channels]</c>; both sizes must be larger than the padding.</param>
    /// <param name="frames">Frames at each end.</param>
    /// <param name="features">Features at each end.</param>
    /// <param name="lengths">
    /// <c>[batch]</c> int64: the frames of each item, which is then reflected at its own end; what lies beyond is without meaning. Null: all.
    /// </param>
    /// <remarks>
    /// The channels of a place lie together in memory, so a padded tensor is a selection of such rows, made in one pass. (The padding of
    /// libtorch wants channels outermost, or takes several times longer.) With one channel a row is a single number, and libtorch's is faster.
    /// </remarks>
    internal static Tensor Apply(Tensor x, long frames, long features, Tensor? lengths)
    {
        if (frames == 0 && features == 0)
            return x;
        long batch = x.size(0), time = x.size(1), frequency = x.size(2), channels = x.size(3);
        long paddedTime = time + 2 * frames, paddedFrequency = frequency + 2 * features;
        // On a CPU libtorch 1.13 reflects float32 and float64 alone.
        bool simple = x.device_type != DeviceType.CPU || x.dtype is ScalarType.Float32 or ScalarType.Float64;
        if (lengths is null && channels == 1 && simple)
        {
            // With a dimension for the channels, since libtorch 2 takes an empty batch only then.
            var image = x.reshape(batch, 1, time, frequency);
            return nn.functional.pad(image, [features, features, frames, frames], PaddingModes.Reflect).view(batch, paddedTime, paddedFrequency, 1);
        }

        var column = Reflected(arange(-features, frequency + features, 1, ScalarType.Int64, x.device), frequency - 1);
        var frame = arange(-frames, time + frames, 1, ScalarType.Int64, x.device);
        if (lengths is null)
        {
            var rows = Reflected(frame, time - 1).mul(frequency).unsqueeze(1).add(column).flatten();
            return x.reshape(batch, time * frequency, channels).index_select(1, rows).view(batch, paddedTime, paddedFrequency, channels);
        }
        var last = lengths.sub(1).clamp_min(0).unsqueeze(1);
        var first = arange(0, batch * time, time, ScalarType.Int64, x.device).unsqueeze(1);
        var own = frame.abs().sub(last).abs().neg().add(last).clamp(0, time - 1).add(first);
        var selected = own.mul(frequency).unsqueeze(2).add(column).flatten();
        var places = channels == 1 ? x.reshape(-1) : x.reshape(-1, channels);
        return places.index_select(0, selected).view(batch, paddedTime, paddedFrequency, channels);
    }

    /// <summary>0 ... last, mirrored at both ends: |i|, and then last - |i - last|.</summary>
    private static Tensor Reflected(Tensor index, long last) => index.abs().sub(last).abs().neg().add(last);
}
