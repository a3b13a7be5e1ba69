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
/// are above 1), every floating-point type works, the module is not moved to the input's device at each call, and the sum is computed in the
/// form that suits the ratio, device and gradient (<see cref="ResamplingForm"/>): SpeechBrain's 16000 -> 16842, a kernel of 270 MB and 8,014
/// products a
/// sample, takes 0.6 MB and 13. <c>form: ResamplingForm.Conv1d</c> forces SpeechBrain's convolution. A ratio whose table would pass
/// <c>maxKernelBytes</c> is refused with advice rather than built or silently rounded.
/// </para>
/// <code>
/// using var resample = new Resample(16000, 8000);
/// using var x = torch.randn(4, 16001);
/// using var y = resample.call(x);              // [4, 8001]
/// </code>
/// <para>
/// Where the conv1d form may be chosen, its dense kernel is the buffer <c>kernel</c>, in torchaudio's shape. It follows the module to a device and
/// keeps its type there, and the input must lie there too. Every other table (another form's, or for input that needs another type) is made at
/// the first call that needs it, at full accuracy on the input's device, and kept.
/// </para>
/// </remarks>
public sealed class Resample : nn.Module<Tensor, Tensor>
{
    /// <summary>
    /// Default of the largest table that is made, in bytes: 16 MiB. All ratios of the usual audio rates stay below 4 MiB in every form.
    /// </summary>
    public const long DefaultMaxKernelBytes = 16L << 20;

    private readonly KernelCache tables = new(long.MaxValue);
    private readonly long maxKernelBytes;
    private bool disposed;

    /// <summary>Makes a resampler and its kernel.</summary>
    /// <param name="origFreq">Rate of the input in Hz, at least 1.</param>
    /// <param name="newFreq">Rate of the output in Hz, at least 1. Only the ratio of the two matters.</param>
    /// <param name="method">The window of the filter.</param>
    /// <param name="lowpassFilterWidth">Zero crossings of the sinc on each side, at least 1; more is sharper and slower.</param>
    /// <param name="rolloff">Cut-off as a part of the lower Nyquist frequency, above 0 and at most 1.</param>
    /// <param name="beta">Shape of the Kaiser window, 0 to 600; null: 14.77.</param>
    /// <param name="form">How the sum is computed.</param>
    /// <param name="maxKernelBytes">The largest table that may be made, in bytes.</param>
    /// <param name="dtype">Type of the kernel: float32 (serves float32, bfloat16 and float16 input) or float64 (serves float64 input).</param>
    /// <param name="device">Where the kernel is made; null: the CPU. The input must lie there too.</param>
    /// <exception cref="ArgumentException">
    /// A value out of range, or a ratio whose kernel passes <paramref name="maxKernelBytes"/>: the message names the nearest ratio that does not.
    /// </exception>
    public Resample(
        long origFreq = 16000, long newFreq = 16000, ResamplingMethod method = ResamplingMethod.SincInterpHann, long lowpassFilterWidth = 6,
        double rolloff = 0.99, double? beta = null, ResamplingForm form = ResamplingForm.Auto,
        long maxKernelBytes = DefaultMaxKernelBytes, ScalarType dtype = ScalarType.Float32,
        Device? device = null)
        : base(nameof(Resample))
    {
        Kernel = new SincKernel(new SampleRateRatio(origFreq, newFreq), method, lowpassFilterWidth, rolloff, beta);
        if (dtype is not (ScalarType.Float32 or ScalarType.Float64))
            throw new ArgumentException($"dtype is {dtype}; a kernel is Float32 or Float64 (half-precision input is computed in Float32).",
                nameof(dtype));
        OrigFreq = origFreq;
        NewFreq = newFreq;
        Require.Defined(form, nameof(form));
        Form = form;
        this.maxKernelBytes = maxKernelBytes;
        if (Kernel.Ratio.IsIdentity)
            return;
        // What the first call may need at most; a form chosen later is checked then.
        ResamplingTable.RequireBytes(Kernel, form == ResamplingForm.Auto ? ResamplingForm.Polyphase : form, dtype, maxKernelBytes, origFreq, newFreq);
        bool mayBeDense = form == ResamplingForm.Auto && ResamplingTable.PrefersDense(Kernel) && Kernel.TableBytes(dtype) <= maxKernelBytes;
        if (form == ResamplingForm.Conv1d || mayBeDense)
            register_buffer("kernel", Kernel.Table(dtype, device).DetachFromDisposeScope());
    }

    /// <summary>Rate of the input in Hz, as given.</summary>
    public long OrigFreq { get; }

    /// <summary>Rate of the output in Hz, as given.</summary>
    public long NewFreq { get; }

    /// <summary>How the sum is computed, as given.</summary>
    public ResamplingForm Form { get; }

    /// <summary>The filter: its reduced ratio, width and weights.</summary>
    public SincKernel Kernel { get; }

    /// <summary>Bytes of the kernels that the module holds now; most are made by the first call that needs them.</summary>
    public long KernelBytes => tables.Bytes + (get_buffer("kernel") is { } kernel ? kernel.numel() * kernel.element_size() : 0);

    /// <summary>Output samples for <paramref name="length"/> input samples: <c>ceil(newFreq * length / origFreq)</c>, exactly.</summary>
    public long OutputLength(long length) => Kernel.Ratio.OutputLength(length);

    /// <summary>Resamples waveforms.</summary>
    /// <param name="waveforms">
    /// <c>[batch, time]</c> or <c>[batch, time, channels]</c>, float32, float64, bfloat16 or float16; need not be contiguous; time may be 0.
    /// </param>
    /// <returns>
    /// <c>[batch, T']</c> or <c>[batch, T', channels]</c> with <c>T' = ceil(newFreq * T / origFreq)</c>, of the waveforms' type. At equal
    /// rates an alias of the input. Sums are computed in float32, or float64 for float64 waveforms, and rounded once.
    /// </returns>
    /// <exception cref="ArgumentException">Wrong rank, type or device, or a form that does not serve these waveforms.</exception>
    public override Tensor forward(Tensor waveforms)
    {
        Functional.RequireWaveforms(waveforms);
        if (Kernel.Ratio.IsIdentity)
            return waveforms.alias();
        ObjectDisposedException.ThrowIf(disposed, this);
        var kernel = get_buffer("kernel");
        if (kernel is not null)
            Require.SameDevice(waveforms, nameof(waveforms), kernel, "the kernel");
        var chosen = ResamplingTable.Choose(Form, Kernel, waveforms);
        var computed = Functional.ComputedIn(waveforms.dtype);
        if (waveforms.numel() == 0)
            return Functional.Nothing(waveforms, Kernel);
        if (chosen == ResamplingForm.Conv1d && kernel is not null && kernel.dtype == computed)
            return new DenseTable(Kernel, kernel).Apply(waveforms);
        using var table = TableFor(chosen, computed, waveforms.device);
        return table.Apply(waveforms);
    }

    /// <summary>A form's table; the caller disposes of it.</summary>
    internal ResamplingTable TableFor(ResamplingForm chosen, ScalarType computed, Device device)
    {
        ResamplingTable.RequireBytes(Kernel, chosen, computed, maxKernelBytes, OrigFreq, NewFreq);
        return tables.Get(Kernel, chosen, computed, device);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        disposed = true;
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
