using SpeechBrain.Sharp.Augment.Signal;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp;

public static partial class Functional
{
    /// <summary>Colours white noise: its spectrum is multiplied by <c>1 / f^alpha</c>.</summary>
    /// <param name="white">White noise, <c>[batch, time]</c> or <c>[batch, time, channels]</c>.</param>
    /// <param name="alpha">
    /// <c>[batch]</c> or <c>[1]</c>, of the noise's type and device: 0 leaves it white, 1 is SpeechBrain's pink noise (its power falls with the
    /// square of the frequency), below 0 it is blue.
    /// </param>
    /// <param name="sampleRate">Scales the frequencies, and so the level; SpeechBrain's default is 50.</param>
    /// <returns>The shape and type of <paramref name="white"/>; fewer than 4 samples stay as they are.</returns>
    /// <exception cref="ArgumentException">A wrong rank, type or device, or a rate that is not above 0.</exception>
    /// <remarks>
    /// As SpeechBrain 1.1.0, <c>speechbrain/augment/time_domain.py, pink_noise_like</c>, with half of the Fourier transform. SpeechBrain's factors
    /// <c>s[0 .. T/2 - 1]</c> (with <c>s[0] := s[1]</c>) are mirrored about the middle of the array, so that bin T - k has <c>s[k - 1]</c>, and the
    /// real part of the inverse transform is taken. Since the noise is real, that is the transform of bins 0 to T/2 times the mean of the factors of
    /// k and T - k: <c>(s[k] + s[k - 1]) / 2</c>, with <c>s[0]</c> at 0 and <c>s[T/2 - 1]</c> at the end.
    /// </remarks>
    public static Tensor PinkNoise(Tensor white, Tensor alpha, double sampleRate = 50)
    {
        Require.Rank(white, nameof(white), "[batch, time] or [batch, time, channels]", 2, 3);
        Require.Floating(white, nameof(white));
        Require.Rank(alpha, nameof(alpha), "[batch] or [1]", 1);
        Require.Floating(alpha, nameof(alpha));
        SignalArguments.Together(white, nameof(white), alpha, nameof(alpha));
        Require.Positive(sampleRate, nameof(sampleRate));
        if (alpha.shape[0] != 1)
            Require.Size(alpha, nameof(alpha), 0, white.shape[0], "one for each example");
        long time = white.shape[1], half = time / 2;
        // MKL, the Fourier transform of some builds of libtorch, refuses an empty batch.
        if (half < 2 || white.shape[0] == 0)
            return white.alias();
        using var scope = NewDisposeScope();
        var work = SignalArguments.Work(white.dtype);
        // f[0] := f[1], so that the factor at 0 is that of the first bin.
        var frequency = linspace(0, sampleRate / 2, half, ScalarType.Float64, white.device);
        var logarithm = cat([frequency.narrow(0, 1, 1), frequency.narrow(0, 1, half - 1)], 0).log();
        var factor = (alpha.to(ScalarType.Float64).neg().unsqueeze(1) * logarithm).exp();
        var middle = (factor.narrow(1, 1, half - 1) + factor.narrow(1, 0, half - 1)) / 2;
        var spectrum = cat([factor.narrow(1, 0, 1), middle, factor.narrow(1, half - 1, 1)], 1).to(work);
        if (white.dim() == 3)
            spectrum = spectrum.unsqueeze(2);
        return fft.irfft(fft.rfft(white.to(work), dim: 1) * spectrum, time, 1).to(white.dtype).MoveToOuterDisposeScope();
    }
}
