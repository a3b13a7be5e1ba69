using SpeechBrain.Sharp.Features;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp;

public static partial class Functional
{
    /// <summary>Multiplies a spectrogram with filters; what <see cref="Features.Filterbank"/> does with its own.</summary>
    /// <param name="spectrogram"><c>[batch, frames, bins]</c> or <c>[batch, frames, bins, channels]</c>; half precision is computed in float32.</param>
    /// <param name="matrix"><c>[bins, mels]</c> on the same device: float64 for float64 input, else float32.</param>
    /// <returns><c>[batch, frames, mels]</c> or <c>[batch, frames, mels, channels]</c>, of the matrix's type.</returns>
    /// <exception cref="ArgumentException">Wrong ranks, sizes, types or devices.</exception>
    public static Tensor Filterbank(Tensor spectrogram, Tensor matrix)
    {
        Require.Rank(spectrogram, nameof(spectrogram), "[batch, frames, bins] or [batch, frames, bins, channels]", 3, 4);
        Require.Rank(matrix, nameof(matrix), "[bins, mels]", 2);
        return AlongFeatures(spectrogram, nameof(spectrogram), matrix, nameof(matrix));
    }

    /// <summary>Turns amplitudes or powers into decibels, with a floor below each item's maximum.</summary>
    /// <param name="x"><c>[batch, frames, features]</c> or <c>[batch, frames, features, channels]</c>, floating point.</param>
    /// <param name="scale">dB a decade: 10 for powers, 20 for amplitudes.</param>
    /// <param name="amin">Least value before the logarithm, above 0.</param>
    /// <param name="reference">What is taken off, in dB.</param>
    /// <param name="topDb">Range below the maximum over the frames and features of an item (and channel), in dB.</param>
    /// <param name="lengths">
    /// <c>[batch]</c> int64, frames of each item, on the device of <paramref name="x"/>: only these count for the maximum. Null: all do.
    /// </param>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="ArgumentException">Wrong rank, type or lengths, or a value out of range.</exception>
    public static Tensor AmplitudeToDb(
        Tensor x, double scale = 10, double amin = 1e-10, double reference = 0, double topDb = 80, Tensor? lengths = null)
    {
        Require.Rank(x, nameof(x), "[batch, frames, features] or [batch, frames, features, channels]", 3, 4);
        Require.Floating(x, nameof(x));
        Require.Positive(amin, nameof(amin));
        Require.Range(topDb, nameof(topDb), 0);
        if (lengths is not null)
            Require.Lengths(lengths, nameof(lengths), x, nameof(x), 0, x.size(1));
        using var scope = NewDisposeScope();
        // libtorch's CPU kernels have no float16 for this.
        var computed = x.dtype == ScalarType.Float16 && x.device_type == DeviceType.CPU ? x.to_type(ScalarType.Float32) : x;
        var decibels = computed.clamp_min(amin).log10().mul(scale);
        if (reference != 0)
            decibels = decibels.sub(reference);
        if (x.numel() > 0)
        {
            var own = lengths is null ? decibels : FrameEnds.Fill(decibels, lengths, double.NegativeInfinity);
            decibels = maximum(decibels, own.amax([1L, 2L], keepdim: true).sub(topDb));
        }
        return (decibels.dtype == x.dtype ? decibels : decibels.to_type(x.dtype)).MoveToOuterDisposeScope();
    }

    // x [batch, frames, in] (or with channels behind) times matrix [in, out].
    private static Tensor AlongFeatures(Tensor x, string name, Tensor matrix, string matrixName)
    {
        Require.Floating(x, name);
        Require.Size(x, name, 2, matrix.shape[0], $"the rows of {matrixName}");
        Require.SameDevice(matrix, matrixName, x, name);
        var computed = ComputedIn(x.dtype);
        if (matrix.dtype != computed)
            throw new ArgumentException($"{matrixName} is {Require.Describe(matrix)}; for {x.dtype} input it must be {computed}.", matrixName);
        using var scope = NewDisposeScope();
        if (x.dtype != computed)
            x = x.to_type(computed);
        bool channels = x.dim() == 4;
        if (channels)
            x = x.permute(0, 3, 1, 2);
        var result = x.matmul(matrix);
        return (channels ? result.permute(0, 2, 3, 1) : result).MoveToOuterDisposeScope();
    }
}
