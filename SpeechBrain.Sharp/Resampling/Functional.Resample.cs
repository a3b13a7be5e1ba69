using SpeechBrain.Sharp.Resampling;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp;

public static partial class Functional
{
    /// <summary>
    /// Resamples waveforms by the conv1d form with a table made beforehand: what <see cref="Resampling.Resample"/> does with the table that it
    /// owns where that form is chosen.
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
                $"table is {Require.Describe(table)}; for {waveforms.dtype} waveforms at {kernel.Ratio} " +
                $"it must be [{kernel.Ratio.New}, 1, {kernel.Taps}] {computed}: " +
                $"kernel.Table({computed}).", nameof(table));

        return waveforms.numel() == 0 ? Nothing(waveforms, kernel) : new DenseTable(kernel, table).Apply(waveforms);
    }

    /// <summary>
    /// Resamples waveforms from one rate to another; the arguments are those of <see cref="Resampling.Resample"/>. The filter's
    /// table comes from <see cref="KernelCache.Shared"/>.
    /// </summary>
    /// <param name="waveforms"><c>[batch, time]</c> or <c>[batch, time, channels]</c>, float32, float64, bfloat16 or float16.</param>
    /// <param name="origFreq">Rate of the input in Hz, at least 1.</param>
    /// <param name="newFreq">Rate of the output in Hz, at least 1.</param>
    /// <param name="method">The window of the filter.</param>
    /// <param name="lowpassFilterWidth">Zero crossings of the sinc on each side, at least 1.</param>
    /// <param name="rolloff">Cut-off as a part of the lower Nyquist frequency, above 0 and at most 1.</param>
    /// <param name="beta">Shape of the Kaiser window; null: 14.77.</param>
    /// <param name="form">How the sum is computed; see <see cref="ResamplingForm"/>.</param>
    /// <param name="maxKernelBytes">The largest table that may be made, in bytes.</param>
    /// <returns><c>[batch, T']</c> or <c>[batch, T', channels]</c> with <c>T' = ceil(newFreq * T / origFreq)</c>; at equal rates an alias.</returns>
    /// <exception cref="ArgumentException">
    /// A wrong argument, a ratio whose table passes <paramref name="maxKernelBytes"/>, or the polyphase form for waveforms that it does not serve.
    /// </exception>
    public static Tensor Resample(
        Tensor waveforms, long origFreq, long newFreq, ResamplingMethod method = ResamplingMethod.SincInterpHann, long lowpassFilterWidth = 6,
        double rolloff = 0.99, double? beta = null, ResamplingForm form = ResamplingForm.Auto,
        long maxKernelBytes = Resampling.Resample.DefaultMaxKernelBytes)
    {
        var kernel = new SincKernel(new SampleRateRatio(origFreq, newFreq), method, lowpassFilterWidth, rolloff, beta);
        Require.Defined(form, nameof(form));
        RequireWaveforms(waveforms);
        if (kernel.Ratio.IsIdentity)
            return waveforms.alias();
        var chosen = ResamplingTable.Choose(form, kernel, waveforms);
        var computed = ComputedIn(waveforms.dtype);
        ResamplingTable.RequireBytes(kernel, chosen, computed, maxKernelBytes, origFreq, newFreq);
        if (waveforms.numel() == 0)
            return Nothing(waveforms, kernel);
        using var table = KernelCache.Shared.Get(kernel, chosen, computed, waveforms.device);
        return table.Apply(waveforms);
    }

    /// <summary>The result for waveforms without elements: as empty, or as long as it would be with no batch or no channels.</summary>
    internal static Tensor Nothing(Tensor waveforms, SincKernel kernel)
    {
        long[] shape = waveforms.shape;
        shape[1] = kernel.Ratio.OutputLength(shape[1]);
        return empty(shape, waveforms.dtype, waveforms.device);
    }

    /// <summary>The type in which waveforms of a type are resampled: a sum of half-precision products would lose the filter's stop band.</summary>
    internal static ScalarType ComputedIn(ScalarType dtype) => dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;

    internal static void RequireWaveforms(Tensor waveforms)
    {
        Require.Rank(waveforms, nameof(waveforms), "[batch, time] or [batch, time, channels]", 2, 3);
        Require.Floating(waveforms, nameof(waveforms));
    }
}
