using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Resampling;

/// <summary>
/// Resamples waveforms from one sample rate to another by a windowed sinc, exactly at the rates asked for.
/// </summary>
/// <remarks>
/// <para>
/// Formula and defaults of SpeechBrain 1.1.0 (<c>speechbrain/augment/time_domain.py, Resample</c>) and torchaudio; see
/// <see cref="SincKernel"/>. Deviations: <c>[batch, time, channels]</c> works at any batch and channel count (SpeechBrain raises when both
/// are above 1), every floating-point type works, the module is not moved to the input's device at each call, and a ratio whose
/// kernel would be huge is refused with advice rather than built (raise <c>maxKernelBytes</c> to build it all the same).
/// </para>
/// <code>
/// using var resample = new Resample(16000, 8000);
/// using var x = torch.randn(4, 16001);
/// using var y = resample.call(x);              // [4, 8001]
/// </code>
/// <para>
/// The kernel is the buffer <c>kernel</c>, in torchaudio's shape. It follows the module to a device and keeps its type there; input that needs
/// the other type (float64 for a float32 kernel) gets a kernel of its own, made at the first such call and kept, at full accuracy.
/// </para>
/// </remarks>
public sealed class Resample : nn.Module<Tensor, Tensor>
{
    /// <summary>Default of the largest kernel that is made, in bytes: 16 MiB. All ratios of the usual audio rates stay below 4 MiB.</summary>
    public const long DefaultMaxKernelBytes = 16L << 20;

    private readonly ModuleConstant tables;

    /// <summary>Makes a resampler and its kernel.</summary>
    /// <param name="origFreq">Rate of the input in Hz, at least 1.</param>
    /// <param name="newFreq">Rate of the output in Hz, at least 1. Only the ratio of the two matters.</param>
    /// <param name="method">The window of the filter.</param>
    /// <param name="lowpassFilterWidth">Zero crossings of the sinc on each side, at least 1; more is sharper and slower.</param>
    /// <param name="rolloff">Cut-off as a part of the lower Nyquist frequency, above 0 and at most 1.</param>
    /// <param name="beta">Shape of the Kaiser window, 0 to 600; null: 14.77.</param>
    /// <param name="maxKernelBytes">The largest kernel that may be made, in bytes.</param>
    /// <param name="dtype">Type of the kernel: float32 (serves float32, bfloat16 and float16 input) or float64 (serves float64 input).</param>
    /// <param name="device">Where the kernel is made; null: the CPU. The input must lie there too.</param>
    /// <exception cref="ArgumentException">
    /// A value out of range, or a ratio whose kernel passes <paramref name="maxKernelBytes"/>: the message names the nearest ratio that does not.
    /// </exception>
    public Resample(
        long origFreq = 16000, long newFreq = 16000, ResamplingMethod method = ResamplingMethod.SincInterpHann, long lowpassFilterWidth = 6,
        double rolloff = 0.99, double? beta = null, long maxKernelBytes = DefaultMaxKernelBytes, ScalarType dtype = ScalarType.Float32,
        Device? device = null)
        : base(nameof(Resample))
    {
        Kernel = new SincKernel(new SampleRateRatio(origFreq, newFreq), method, lowpassFilterWidth, rolloff, beta);
        if (dtype is not (ScalarType.Float32 or ScalarType.Float64))
            throw new ArgumentException($"dtype is {dtype}; a kernel is Float32 or Float64 (half-precision input is computed in Float32).", nameof(dtype));
        OrigFreq = origFreq;
        NewFreq = newFreq;
        tables = new ModuleConstant(Kernel.Table, eager: false);
        if (Kernel.Ratio.IsIdentity)
            return;
        Kernel.RequireTableBytes(maxKernelBytes, dtype, origFreq, newFreq);
        register_buffer("kernel", Kernel.Table(dtype, device).DetachFromDisposeScope());
    }

    /// <summary>Rate of the input in Hz, as given.</summary>
    public long OrigFreq { get; }

    /// <summary>Rate of the output in Hz, as given.</summary>
    public long NewFreq { get; }

    /// <summary>The filter: its reduced ratio, width and weights.</summary>
    public SincKernel Kernel { get; }

    /// <summary>Output samples for <paramref name="length"/> input samples: <c>ceil(newFreq * length / origFreq)</c>, exactly.</summary>
    public long OutputLength(long length) => Kernel.Ratio.OutputLength(length);

    /// <inheritdoc cref="Functional.Resample(Tensor, SincKernel, Tensor)"/>
    public override Tensor forward(Tensor waveforms)
    {
        Functional.RequireWaveforms(waveforms);
        if (Kernel.Ratio.IsIdentity)
            return waveforms.alias();
        var kernel = get_buffer("kernel") ?? throw new ObjectDisposedException(nameof(Resample));
        Require.SameDevice(waveforms, nameof(waveforms), kernel, "the kernel");
        var computed = Functional.ComputedIn(waveforms.dtype);
        return Functional.Resample(waveforms, Kernel, kernel.dtype == computed ? kernel : tables.In(computed, waveforms.device));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            tables.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Moves the kernel to a device, and never to another type, where it would lose digits that no way back restores.</summary>
    protected override void _toEpilog(ScalarType? dtype, Device? device, bool non_blocking)
    {
        if (device is not null)
            base._toEpilog(null, device, non_blocking);
    }
}
