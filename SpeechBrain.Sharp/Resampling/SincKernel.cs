using System.Runtime.CompilerServices;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Resampling;

/// <summary>
/// The windowed sinc that resampling sums with, and its dense table for a convolution. Values are computed in float64 from exact
/// integer phases and rounded once, to the type asked for.
/// </summary>
/// <remarks>
/// <para>
/// Band-limited interpolation (J. O. Smith, "Digital Audio Resampling", https://ccrma.stanford.edu/~jos/resample/) with the constants of
/// torchaudio's <c>Resample</c>, which SpeechBrain 1.1.0 uses (<c>speechbrain/augment/time_domain.py</c>). With the rates reduced to o:n,
/// </para>
/// <code>
/// y[j] = sum over i of x[i] h(i/o - j/n),   h(d) = (b/o) sinc(b d) window(b d),   b = min(o, n) rolloff,   h(d) = 0 where |b d| >= w
/// </code>
/// <para>
/// Time is counted in periods of the ratio: input sample i lies at i/o, output sample j at j/n. torchaudio divides j by n in float32, which
/// costs up to 1e-4 of the filter at large n, and rounds beta and I0(beta) to float32 (6e-8); both are exact here.
/// </para>
/// </remarks>
public sealed record SincKernel
{
    /// <summary>Default of beta for <see cref="ResamplingMethod.SincInterpKaiser"/>.</summary>
    public const double DefaultBeta = 14.769656459379492;

    /// <summary>Largest beta whose I0 is far from the end of float64.</summary>
    public const double MaxBeta = 600;

    private readonly double besselOfBeta;

    /// <summary>Describes a filter; the table is made by <see cref="Table"/>.</summary>
    /// <param name="ratio">The rates, reduced.</param>
    /// <param name="method">The window.</param>
    /// <param name="lowpassFilterWidth">w: zero crossings of the sinc on each side, at least 1.</param>
    /// <param name="rolloff">Cut-off as a part of the lower Nyquist frequency, above 0 and at most 1.</param>
    /// <param name="beta">Shape of the Kaiser window, 0 to 600; null: <see cref="DefaultBeta"/>. The Hann window does not use it.</param>
    /// <exception cref="ArgumentException">A value outside these ranges.</exception>
    public SincKernel(
        SampleRateRatio ratio, ResamplingMethod method = ResamplingMethod.SincInterpHann, long lowpassFilterWidth = 6, double rolloff = 0.99,
        double? beta = null)
    {
        ArgumentNullException.ThrowIfNull(ratio);
        Require.Defined(method, nameof(method));
        Require.Range(lowpassFilterWidth, nameof(lowpassFilterWidth), 1, 1 << 20);
        Require.Positive(rolloff, nameof(rolloff));
        Require.Range(rolloff, nameof(rolloff), 0, 1);
        Require.Range(beta ?? DefaultBeta, nameof(beta), 0, MaxBeta);
        Ratio = ratio;
        Method = method;
        LowpassFilterWidth = lowpassFilterWidth;
        Rolloff = rolloff;
        Beta = beta ?? DefaultBeta;
        besselOfBeta = BesselI0(Beta);
        BaseFreq = Math.Min(ratio.Orig, ratio.New) * rolloff;
        Width = checked((long)Math.Ceiling(lowpassFilterWidth * ratio.Orig / BaseFreq));
    }

    /// <summary>The rates, reduced.</summary>
    public SampleRateRatio Ratio { get; }

    /// <summary>The window.</summary>
    public ResamplingMethod Method { get; }

    /// <summary>Zero crossings of the sinc on each side.</summary>
    public long LowpassFilterWidth { get; }

    /// <summary>Cut-off as a part of the lower Nyquist frequency.</summary>
    public double Rolloff { get; }

    /// <summary>Shape of the Kaiser window.</summary>
    public double Beta { get; }

    /// <summary>b of the formula: zero crossings a period of the ratio.</summary>
    public double BaseFreq { get; }

    /// <summary>Input samples that an output sample may reach to each side.</summary>
    public long Width { get; }

    /// <summary>Input samples under one row of the dense table: <c>2 * Width + Ratio.Orig</c>.</summary>
    public long Taps => 2 * Width + Ratio.Orig;

    /// <summary>
    /// L, the input samples that an output sample can meet: the most integers that fit between the zeros at the window's two ends,
    /// <c>ceil(2 lowpassFilterWidth Orig / BaseFreq)</c>.
    /// </summary>
    public long Reach => checked((long)Math.Ceiling(2 * HalfReach));

    // w o / b: from an output sample to where its window ends, in input samples.
    private double HalfReach => LowpassFilterWidth * Ratio.Orig / BaseFreq;

    /// <summary>
    /// The first of the <see cref="Reach"/> input samples that may meet output sample <paramref name="output"/>; it may be negative.
    /// </summary>
    internal long FirstTap(long output)
    {
        // |k - j o/n| < HalfReach. The whole part of j o/n in integers, so that only its fraction is rounded: a tap that rounding takes or
        // leaves lies at the end of the window, where the sinc is zero. Phases that differ by whole periods agree to the bit.
        var (whole, rest) = Int128.DivRem((Int128)output * Ratio.Orig, Ratio.New);
        return (long)whole + (long)Math.Floor((double)rest / Ratio.New - HalfReach) + 1;
    }

    /// <summary>Bytes of the dense table in a type; <see cref="long.MaxValue"/> if they do not fit 64 bits.</summary>
    /// <param name="dtype">float32, float64, bfloat16 or float16.</param>
    public long TableBytes(ScalarType dtype)
    {
        var bytes = (Int128)Ratio.New * Taps * dtype.ElementSize();
        return bytes > long.MaxValue ? long.MaxValue : (long)bytes;
    }

    /// <summary>The weight of input sample <paramref name="input"/> in output sample <paramref name="output"/>, in float64.</summary>
    /// <param name="input">Index of an input sample; may be negative.</param>
    /// <param name="output">Index of an output sample.</param>
    // A table is made by a hundred thousand calls, most of them before the run time would have optimised the method by itself.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double Weight(long input, long output)
    {
        // b (i/o - j/n) with one rounding: the numerator is an exact integer, however far the indices are.
        bool isSmall = IsSmall(input) && IsSmall(output) && IsSmall(Ratio.Orig) && IsSmall(Ratio.New);
        double numerator = isSmall ? input * Ratio.New - output * Ratio.Orig : (double)((Int128)input * Ratio.New - (Int128)output * Ratio.Orig);
        double t = numerator / ((double)Ratio.Orig * Ratio.New) * BaseFreq;
        if (Math.Abs(t) >= LowpassFilterWidth)
            return 0;
        double sinc = t == 0 ? 1 : double.SinPi(t) / (Math.PI * t);
        return sinc * Window(t) * (BaseFreq / Ratio.Orig);
    }

    // Two products of such numbers, and their difference, fit 64 bits.
    private static bool IsSmall(long value) => value is > -(1L << 31) and < 1L << 31;

    /// <summary>
    /// The dense table <c>[Ratio.New, 1, Taps]</c>: row p holds the weights of output phase p.
    /// </summary>
    /// <param name="dtype">float32, float64, bfloat16 or float16; the only rounding.</param>
    /// <param name="device">Where to put it; null: the CPU.</param>
    /// <returns>A tensor in the current dispose scope.</returns>
    /// <exception cref="ArgumentException">The table would not fit a .NET array; use a smaller ratio.</exception>
    public Tensor Table(ScalarType dtype = ScalarType.Float32, Device? device = null)
    {
        // Why one convolution does it: let j = m n + p with phase p in [0, n). Then j/n = m + p/n, and with i = m o + k the distance
        //     i/o - j/n = k/o - p/n
        // does not depend on m. So y[m n + p] = sum over k of x[m o + k] h(k/o - p/n): n filters (one a phase) that step through x by o,
        // which is a convolution with stride o and n output channels; its output [n, m], transposed, is y in order.
        // |k/o - p/n| < w/b bounds k: from -Width for p = 0 to less than o + Width for p = n - 1, hence 2 Width + o taps, and the input
        // needs Width zeros before its begin. A phase uses only about 2 w o / b of its taps; the others stay zero.
        if (!Require.IsReal(dtype))
            throw new ArgumentException($"dtype is {dtype}; it must be Float32, Float64, BFloat16 or Float16.", nameof(dtype));
        if ((Int128)Ratio.New * Taps > Array.MaxLength)
            throw new ArgumentException($"A dense table of {Ratio.New} x {Taps} values for the ratio {Ratio} " +
            $"is too large for an array; use rates that reduce further.");
        int rows = (int)Ratio.New, taps = (int)Taps;
        using var scope = NewDisposeScope();
        var table = dtype == ScalarType.Float64
            ? tensor(Fill(new double[rows * taps], static v => v), [rows, 1, taps])
            : tensor(Fill(new float[rows * taps], static v => (float)v), [rows, 1, taps]);
        if (table.dtype != dtype)
            table = table.to_type(dtype);
        if (device is not null && device.type != DeviceType.CPU)
            table = table.to(device);
        return table.MoveToOuterDisposeScope();

        T[] Fill<T>(T[] values, Func<double, T> round)
        {
            double reach = LowpassFilterWidth * Ratio.Orig / BaseFreq;
            for (int p = 0; p < rows; p++)
            {
                double centre = (double)p * Ratio.Orig / Ratio.New;
                long first = Math.Max(-Width, (long)Math.Floor(centre - reach));
                long last = Math.Min(Taps - Width - 1, (long)Math.Ceiling(centre + reach));
                for (long k = first; k <= last; k++)
                    values[p * taps + k + Width] = round(Weight(k, p));
            }
            return values;
        }
    }

    /// <summary>The same filter at another ratio.</summary>
    internal SincKernel At(SampleRateRatio ratio) => new(ratio, Method, LowpassFilterWidth, Rolloff, Beta);

    private double Window(double t)
    {
        if (Method == ResamplingMethod.SincInterpHann)
        {
            double cos = double.CosPi(t / (2 * LowpassFilterWidth));
            return cos * cos;
        }
        double r = t / LowpassFilterWidth;
        return BesselI0(Beta * Math.Sqrt(1 - r * r)) / besselOfBeta;
    }

    // I0(x) = sum over k of ((x/2)^k / k!)^2. All terms are positive, so the sum has full accuracy; for x <= 600 it stays below 1e260.
    private static double BesselI0(double x)
    {
        double half = x / 2, term = 1, sum = 1;
        for (int k = 1; term > sum * 1e-17; k++)
        {
            double factor = half / k;
            term *= factor * factor;
            sum += term;
        }
        return sum;
    }
}
