using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp;

public static partial class Functional
{
    /// <summary>
    /// Makes the impulse response of a filter that removes a narrow band: the sum of a low-pass up to f and a high-pass from f + 2w, for
    /// use with <see cref="Convolve1d(Tensor, Tensor, ValueTuple{long, long}, PaddingModes, long, long, bool, long)"/>.
    /// </summary>
    /// <param name="notchFreq">f, the lower edge, as a part of the Nyquist frequency: above 0, at most 1.</param>
    /// <param name="filterWidth">Taps; odd.</param>
    /// <param name="notchWidth">w, half the width of the notch, as a part of the Nyquist frequency: 0 to 1.</param>
    /// <param name="dtype">The result's type.</param>
    /// <param name="device">The result's device; CPU by default.</param>
    /// <returns>[1, filterWidth, 1].</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    /// <remarks>
    /// As SpeechBrain 1.1.0, speechbrain/processing/signal_processing.py, notch_filter, whose sinc is sin(3 f n) / (3 f n), with 3 where
    /// one expects pi; the centre of the notch is therefore at (f + w) * 3 / pi. Computed in float64 from f itself: SpeechBrain takes
    /// (f + w) - w in float32, which is 0 below about 2e-9 and makes every tap NaN.
    /// </remarks>
    public static Tensor NotchFilter(
        double notchFreq, int filterWidth = 101, double notchWidth = 0.05, ScalarType dtype = ScalarType.Float32, Device? device = null)
    {
        if (!(notchFreq > 0 && notchFreq <= 1))
            throw new ArgumentOutOfRangeException(
                nameof(notchFreq), notchFreq, "The frequency must be above 0 and at most 1, the Nyquist frequency.");
        if (filterWidth < 1 || filterWidth % 2 == 0)
            throw new ArgumentOutOfRangeException(nameof(filterWidth), filterWidth, "The number of taps must be odd and positive.");
        if (!(notchWidth >= 0 && notchWidth <= 1))
            throw new ArgumentOutOfRangeException(nameof(notchWidth), notchWidth, "The width must lie between 0 and 1, the Nyquist frequency.");
        if (dtype is not (ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64))
            throw new ArgumentOutOfRangeException(nameof(dtype), dtype, "A floating type is needed.");

        double[] taps = NotchTaps(notchFreq, filterWidth, notchWidth);
        using var scope = NewDisposeScope();
        return tensor(taps, dtype: ScalarType.Float64).reshape(1, filterWidth, 1).to(dtype).to(device ?? CPU).MoveToOuterDisposeScope();
    }

    /// <summary>The taps of <see cref="NotchFilter"/>; arguments are checked by the caller.</summary>
    internal static double[] NotchTaps(double notchFreq, int filterWidth, double notchWidth)
    {
        double[] taps = LowPass(notchFreq, filterWidth);
        double[] high = LowPass(notchFreq + 2 * notchWidth, filterWidth);
        // A low-pass taken from an impulse leaves the high-pass.
        for (int i = 0; i < filterWidth; i++)
            taps[i] -= high[i];
        taps[filterWidth / 2] += 1;
        return taps;
    }

    /// <summary>A windowed sinc (Blackman, periodic) with a sum of 1, that is, a gain of 1 at frequency 0.</summary>
    private static double[] LowPass(double cutoff, int width)
    {
        if (width == 1)
            return [1];
        var taps = new double[width];
        double sum = 0;
        for (int i = 0; i < width; i++)
        {
            double x = 3 * cutoff * (i - width / 2);
            double angle = 2 * Math.PI * i / width;
            taps[i] = (x == 0 ? 1 : Math.Sin(x) / x) * (0.42 - 0.5 * Math.Cos(angle) + 0.08 * Math.Cos(2 * angle));
            sum += taps[i];
        }
        for (int i = 0; i < width; i++)
            taps[i] /= sum;
        return taps;
    }
}
