using SpeechBrain.Sharp.Resampling;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp;

public static partial class Functional
{
    /// <summary>
    /// Resamples waveforms with a table made beforehand. What <see cref="Resampling.Resample"/> does with the table that it owns.
    /// </summary>
    /// <param name="waveforms">
    /// <c>[batch, time]</c> or <c>[batch, time, channels]</c>, float32, float64, bfloat16 or float16; need not be contiguous; time may be 0.
    /// </param>
    /// <param name="kernel">The filter.</param>
    /// <param name="table">
    /// Its <see cref="SincKernel.Table"/> on the waveforms' device: float64 for float64 waveforms, else float32.
    /// </param>
    /// <returns>
    /// <c>[batch, T']</c> or <c>[batch, T', channels]</c> with <c>T' = ceil(newFreq * T / origFreq)</c>, of the waveforms' type. At equal
    /// rates an alias of the input. Sums are computed in float32, or float64 for float64 waveforms, and rounded once.
    /// </returns>
    /// <remarks>
    /// A NaN or an infinity in the input reaches every output sample whose row of the table covers it, zero weights included:
    /// <see cref="SincKernel.Taps"/> input samples.
    /// </remarks>
    /// <exception cref="ArgumentException">Wrong rank, type, device, or a table of another filter.</exception>
    public static Tensor Resample(Tensor waveforms, SincKernel kernel, Tensor table)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        ArgumentNullException.ThrowIfNull(table);
        RequireWaveforms(waveforms);
        if (kernel.Ratio.IsIdentity)
            return waveforms.alias();
        Require.SameDevice(table, nameof(table), waveforms, nameof(waveforms));
        var computed = ComputedIn(waveforms.dtype);
        if (table.dtype != computed || !table.shape.AsSpan().SequenceEqual([kernel.Ratio.New, 1, kernel.Taps]))
            throw new ArgumentException(
                $"table is {Require.Describe(table)}; for {waveforms.dtype} waveforms at {kernel.Ratio} it must be [{kernel.Ratio.New}, 1, {kernel.Taps}] {computed}: " +
                $"kernel.Table({computed}).", nameof(table));

        using var scope = NewDisposeScope();
        long[] shape = waveforms.shape;
        long length = kernel.Ratio.OutputLength(shape[1]);
        if (waveforms.numel() == 0)
        {
            shape[1] = length;
            return empty(shape, waveforms.dtype, waveforms.device).MoveToOuterDisposeScope();
        }
        // Channels are independent signals: they join the rows.
        bool channels = shape.Length == 3;
        var rows = channels ? waveforms.transpose(1, 2).reshape(-1, shape[1]) : waveforms;
        if (rows.dtype != computed)
            rows = rows.to_type(computed);
        var result = DenseConvolution.Apply(rows, kernel, table);
        if (channels)
            result = result.reshape(shape[0], shape[2], length).transpose(1, 2);
        if (result.dtype != waveforms.dtype)
            result = result.to_type(waveforms.dtype);
        return result.MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Resamples waveforms from one rate to another; the arguments are those of <see cref="Resampling.Resample"/>. It makes the filter's
    /// table at each call, which is cheap for small reduced ratios (20:19 has 646 values); in a loop keep a module.
    /// </summary>
    /// <param name="waveforms"><c>[batch, time]</c> or <c>[batch, time, channels]</c>, float32, float64, bfloat16 or float16.</param>
    /// <param name="origFreq">Rate of the input in Hz, at least 1.</param>
    /// <param name="newFreq">Rate of the output in Hz, at least 1.</param>
    /// <param name="method">The window of the filter.</param>
    /// <param name="lowpassFilterWidth">Zero crossings of the sinc on each side, at least 1.</param>
    /// <param name="rolloff">Cut-off as a part of the lower Nyquist frequency, above 0 and at most 1.</param>
    /// <param name="beta">Shape of the Kaiser window; null: 14.77.</param>
    /// <param name="maxKernelBytes">The largest table that may be made, in bytes.</param>
    /// <returns><c>[batch, T']</c> or <c>[batch, T', channels]</c> with <c>T' = ceil(newFreq * T / origFreq)</c>; at equal rates an alias.</returns>
    /// <exception cref="ArgumentException">A wrong argument, or a ratio whose table passes <paramref name="maxKernelBytes"/>.</exception>
    public static Tensor Resample(
        Tensor waveforms, long origFreq, long newFreq, ResamplingMethod method = ResamplingMethod.SincInterpHann, long lowpassFilterWidth = 6,
        double rolloff = 0.99, double? beta = null, long maxKernelBytes = Resampling.Resample.DefaultMaxKernelBytes)
    {
        var kernel = new SincKernel(new SampleRateRatio(origFreq, newFreq), method, lowpassFilterWidth, rolloff, beta);
        RequireWaveforms(waveforms);
        if (kernel.Ratio.IsIdentity)
            return waveforms.alias();
        var computed = ComputedIn(waveforms.dtype);
        kernel.RequireTableBytes(maxKernelBytes, computed, origFreq, newFreq);
        using var table = kernel.Table(computed, waveforms.device);
        return Resample(waveforms, kernel, table);
    }

    /// <summary>The type in which waveforms of a type are resampled: a sum of half-precision products would lose the filter's stop band.</summary>
    internal static ScalarType ComputedIn(ScalarType dtype) => dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;

    internal static void RequireWaveforms(Tensor waveforms)
    {
        Require.Rank(waveforms, nameof(waveforms), "[batch, time] or [batch, time, channels]", 2, 3);
        Require.Floating(waveforms, nameof(waveforms));
    }
}
