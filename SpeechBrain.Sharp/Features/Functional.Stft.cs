using SpeechBrain.Sharp.Features;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp;

public static partial class Functional
{
    /// <summary>Short-time Fourier transform with a window made beforehand; what <see cref="Features.Stft"/> does with its own.</summary>
    /// <param name="x"><c>[batch, time]</c> or <c>[batch, time, channels]</c>, floating point; half precision is computed in float32.</param>
    /// <param name="window"><c>[winLength]</c> on the device of <paramref name="x"/>: float64 for float64 input, else float32.</param>
    /// <param name="nFft">Points of the transform, at least the window's length.</param>
    /// <param name="hopLength">Samples from one frame to the next, at least 1.</param>
    /// <param name="center">Whether the signal is padded by <c>nFft / 2</c> on both sides.</param>
    /// <param name="padMode">How it is padded then.</param>
    /// <param name="normalized">Whether values are multiplied by <c>nFft^-0.5</c>.</param>
    /// <param name="onesided">Whether only the <c>nFft / 2 + 1</c> bins up to the Nyquist frequency are given.</param>
    /// <param name="lengths">
    /// <c>[batch]</c> int64, samples of each signal, on the device of <paramref name="x"/>: a signal is then padded at its own end, whatever the
    /// batch holds behind it, so that it gives the frames that it gives alone. Null: all signals fill the batch.
    /// </param>
    /// <returns>
    /// <c>[batch, frames, bins, 2]</c> or <c>[batch, frames, bins, 2, channels]</c>, of the window's type; frames behind a signal's own have no
    /// meaning.
    /// </returns>
    /// <exception cref="ArgumentException">
    /// Wrong rank, type, device or lengths, or a signal too short for one frame or for the padding.
    /// </exception>
    public static Tensor Stft(
        Tensor x, Tensor window, long nFft, long hopLength, bool center = true, PaddingModes padMode = PaddingModes.Constant, bool normalized = false,
        bool onesided = true, Tensor? lengths = null)
    {
        Require.Rank(x, nameof(x), "[batch, time] or [batch, time, channels]", 2, 3);
        Require.Floating(x, nameof(x));
        Require.Rank(window, nameof(window), "[winLength]", 1);
        Require.SameDevice(window, nameof(window), x, nameof(x));
        if (window.shape[0] == 0)
            throw new ArgumentException("window has no sample; it needs at least one.", nameof(window));
        Require.Range(hopLength, nameof(hopLength), 1);
        Require.Range(nFft, nameof(nFft), Math.Max(1, window.shape[0]));
        var computed = ComputedIn(x.dtype);
        if (window.dtype != computed)
            throw new ArgumentException($"window is {Require.Describe(window)}; for {x.dtype} waveforms it must be {computed}.", nameof(window));
        long[] shape = x.shape;
        long pad = center ? nFft / 2 : 0;
        if (shape[1] + 2 * pad < nFft || shape[1] == 0)
            throw new ArgumentException($"x is {Require.Describe(x)}: {shape[1]} samples are too short for one frame of {nFft}. Pad the signal, or use center: true.", nameof(x));
        if (pad >= shape[1] && padMode is PaddingModes.Reflect || pad > shape[1] && padMode is PaddingModes.Circular)
            throw new ArgumentException(
                $"x is {Require.Describe(x)}: {padMode} padding by {pad} needs a longer signal. Pad the signal, or use padMode: PaddingModes.Constant.", nameof(x));
        if (lengths is not null)
            Require.Lengths(lengths, nameof(lengths), x, nameof(x), pad > 0 ? padMode switch
            {
                PaddingModes.Reflect => pad + 1,
                PaddingModes.Circular => pad,
                _ => 1,
            } : nFft, shape[1]);

        using var scope = NewDisposeScope();
        bool channels = shape.Length == 3;
        var rows = channels ? x.transpose(1, 2).reshape(-1, shape[1]) : x;
        if (rows.dtype != computed)
            rows = rows.to_type(computed);
        // Without padding a frame holds samples of its own signal alone.
        if (pad > 0)
            rows = SignalPadding.Apply(rows, pad, padMode, channels ? lengths?.unsqueeze(1).expand(-1, shape[2]).reshape(-1) : lengths);
        var spectrum = rows.size(0) == 0 ? SpectrumOfNothing(rows, nFft, hopLength, onesided) : view_as_real(stft(
            rows, nFft, hopLength, window.shape[0], window, center: false, normalized: normalized, onesided: onesided, return_complex: true))
            .transpose(1, 2);                                                                     // [rows, frames, bins, 2]
        if (channels)
        {
            long[] part = spectrum.shape;
            spectrum = spectrum.reshape(shape[0], shape[2], part[1], part[2], 2).permute(0, 2, 3, 4, 1);
        }
        return spectrum.MoveToOuterDisposeScope();
    }

    // MKL, the Fourier transform of some builds of libtorch, refuses an empty batch; cut out of it, the frames keep shape and graph.
    private static Tensor SpectrumOfNothing(Tensor rows, long nFft, long hopLength, bool onesided) =>
        rows.unfold(1, nFft, hopLength).narrow(2, 0, onesided ? nFft / 2 + 1 : nFft).unsqueeze(3).expand(-1, -1, -1, 2);

    /// <summary>Power of a complex spectrogram: <c>(re^2 + im^2)^power</c>.</summary>
    /// <param name="stft"><c>[batch, frames, bins, 2]</c>; or with channels behind, as <see cref="Features.Stft"/> gives them.</param>
    /// <param name="power">1: the power spectrum; 0.5: the magnitude; above 0.</param>
    /// <param name="log">Whether to take the natural logarithm of the result plus <paramref name="eps"/>.</param>
    /// <param name="eps">Added before a power below 1, whose slope is infinite at 0.</param>
    /// <returns><c>[batch, frames, bins]</c> or <c>[batch, frames, bins, channels]</c>.</returns>
    /// <remarks>
    /// SpeechBrain 1.1.0, <c>speechbrain/processing/features.py, spectral_magnitude</c>. Deviation: there the sum always runs over the last
    /// dimension, which with channels is theirs; here it always runs over real and imaginary part.
    /// </remarks>
    /// <exception cref="ArgumentException">A shape without real and imaginary part, or a number out of range.</exception>
    public static Tensor SpectralMagnitude(Tensor stft, double power = 1, bool log = false, double eps = 1e-14)
    {
        Require.Rank(stft, nameof(stft), "[batch, frames, bins, 2] or [batch, frames, bins, 2, channels]", 4, 5);
        Require.Floating(stft, nameof(stft));
        Require.Size(stft, nameof(stft), 3, 2, "real and imaginary part");
        Require.Positive(power, nameof(power));
        Require.Range(eps, nameof(eps), 0);
        using var scope = NewDisposeScope();
        // libtorch's CPU kernels have no logarithm of float16, and its eps of 1e-14 is 0 there.
        var computed = stft.dtype == ScalarType.Float16 && stft.device_type == DeviceType.CPU ? stft.to_type(ScalarType.Float32) : stft;
        // The same number as sum(3), whose kernel takes four times as long over a dimension of 2: half of a filterbank's time.
        var squares = computed.square();
        var magnitude = squares.select(3, 0).add(squares.select(3, 1));
        if (power < 1)
            magnitude = magnitude.add(eps);
        if (power != 1)
            magnitude = magnitude.pow(power);
        if (log)
            magnitude = magnitude.add(eps).log();
        return (magnitude.dtype == stft.dtype ? magnitude : magnitude.to_type(stft.dtype)).MoveToOuterDisposeScope();
    }
}
