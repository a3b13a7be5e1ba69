using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Features;

/// <summary>
/// Short-time Fourier transform of waveforms, with window and hop in milliseconds.
/// </summary>
/// <remarks>
/// SpeechBrain 1.1.0, <c>speechbrain/processing/features.py, STFT</c>: periodic Hamming window, zeros (not reflection) around the signal,
/// lengths in samples rounded half to even. The window follows the input to its device and type; the module needs no <c>to</c>.
/// <code>
/// using var stft = new Stft(16000);            // windows of 400 samples, hop 160, 400-point transforms
/// using var y = stft.call(torch.randn(10, 16000));   // [10, 101, 201, 2]
/// </code>
/// </remarks>
public sealed class Stft : nn.Module<Tensor, Tensor>, IFilter
{
    private readonly ModuleConstant window;

    /// <summary>Makes a transform.</summary>
    /// <param name="sampleRate">Samples per second of the waveforms, at least 1.</param>
    /// <param name="winLength">Window in ms; at least one sample, and at most <paramref name="nFft"/> samples.</param>
    /// <param name="hopLength">From one frame to the next, in ms; at least one sample.</param>
    /// <param name="nFft">Points of the transform, at least 1.</param>
    /// <param name="windowFn">Makes a window of that many samples; null: periodic Hamming.</param>
    /// <param name="normalizedStft">Whether values are multiplied by <c>nFft^-0.5</c>.</param>
    /// <param name="center">Whether the signal is padded by <c>nFft / 2</c> on both sides, so that frame t is centred at sample t * hop.</param>
    /// <param name="padMode">How it is padded then.</param>
    /// <param name="onesided">Whether only the <c>nFft / 2 + 1</c> bins up to the Nyquist frequency are given.</param>
    /// <exception cref="ArgumentException">A value out of range.</exception>
    public Stft(
        long sampleRate, double winLength = 25, double hopLength = 10, long nFft = 400, Func<long, Tensor>? windowFn = null, bool normalizedStft = false,
        bool center = true, PaddingModes padMode = PaddingModes.Constant, bool onesided = true)
        : base(nameof(Stft))
    {
        Require.Range(sampleRate, nameof(sampleRate), 1);
        Require.Range(nFft, nameof(nFft), 1);
        WinLength = Samples(winLength, nameof(winLength));
        HopLength = Samples(hopLength, nameof(hopLength));
        if (WinLength > nFft)
            throw new ArgumentOutOfRangeException(
                nameof(winLength), winLength, $"A window of {winLength} ms has {WinLength} samples at {sampleRate} Hz; it must fit into nFft = {nFft}. Use a larger nFft.");
        Require.Defined(padMode, nameof(padMode));
        NFft = nFft;
        Normalized = normalizedStft;
        Center = center;
        PadMode = padMode;
        Onesided = onesided;
        double[] values = windowFn is null ? Hamming(WinLength) : Values(windowFn, WinLength);
        if (values.Length != WinLength)
            throw new ArgumentException($"windowFn made a window of {values.Length} samples; {WinLength} were asked for.", nameof(windowFn));
        window = new ModuleConstant((dtype, device) => tensor(values, dtype, device));

        long Samples(double milliseconds, string name)
        {
            Require.Positive(milliseconds, name);
            double samples = Math.Round(sampleRate / 1000.0 * milliseconds, MidpointRounding.ToEven);
            if (samples is < 1 or > int.MaxValue)
                throw new ArgumentOutOfRangeException(name, milliseconds, $"{name} is {milliseconds} ms, {samples} samples at {sampleRate} Hz; it must be at least one sample.");
            return (long)samples;
        }
    }

    /// <summary>Window in samples.</summary>
    public long WinLength { get; }

    /// <summary>From one frame to the next, in samples.</summary>
    public long HopLength { get; }

    /// <summary>Points of the transform.</summary>
    public long NFft { get; }

    /// <summary>Whether values are multiplied by <c>nFft^-0.5</c>.</summary>
    public bool Normalized { get; }

    /// <summary>Whether frame t is centred at sample t * hop.</summary>
    public bool Center { get; }

    /// <summary>How a centred signal is padded.</summary>
    public PaddingModes PadMode { get; }

    /// <summary>Whether only the bins up to the Nyquist frequency are given.</summary>
    public bool Onesided { get; }

    /// <summary>The window <c>[WinLength]</c>, float32 on the CPU; it belongs to the module.</summary>
    public Tensor Window => window.In(ScalarType.Float32, CPU);

    /// <summary>Transforms waveforms.</summary>
    /// <param name="x"><c>[batch, time]</c> or <c>[batch, time, channels]</c>, floating point; half precision is computed in float32.</param>
    /// <returns>
    /// <c>[batch, frames, bins, 2]</c> or <c>[batch, frames, bins, 2, channels]</c> (real and imaginary part), float64 for float64 input, else
    /// float32; <c>frames = 1 + time / hop</c> if centred (<c>nFft</c> even), else <c>1 + (time - nFft) / hop</c>.
    /// </returns>
    /// <exception cref="ArgumentException">Wrong rank or type, or a signal too short for one frame or for the padding.</exception>
    public override Tensor forward(Tensor x) => Apply(x, null);

    /// <summary>Transforms waveforms of different lengths, each padded at its own end.</summary>
    /// <param name="x">As in <see cref="forward"/>.</param>
    /// <param name="lengths"><c>[batch]</c> int64, samples of each waveform, on its device; null: all fill the batch.</param>
    /// <returns>As <see cref="forward"/>; an item's first <see cref="FrameCount"/> frames are those that it has alone.</returns>
    /// <exception cref="ArgumentException">As in <see cref="forward"/>, or lengths that do not fit.</exception>
    public Tensor Apply(Tensor x, Tensor? lengths)
    {
        Require.Rank(x, nameof(x), "[batch, time] or [batch, time, channels]", 2, 3);
        Require.Floating(x, nameof(x));
        return Functional.Stft(
            x, window.In(Functional.ComputedIn(x.dtype), x.device), NFft, HopLength, Center, PadMode, Normalized, Onesided, lengths);
    }

    /// <summary>The number of frames of so many samples: if centred <c>1 + length / hop</c> for even <c>nFft</c>.</summary>
    /// <param name="length">Samples of a waveform, at least 1; a whole frame, if not centred.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer samples.</exception>
    public long FrameCount(long length)
    {
        Require.Range(length, nameof(length), Center ? 1 : NFft);
        return 1 + (length + Surplus) / HopLength;
    }

    /// <summary>The number of frames of each waveform, without leaving the device.</summary>
    /// <param name="lengths"><c>[batch]</c> int64, samples; at least 1, or a whole frame, if not centred.</param>
    /// <returns><c>[batch]</c> int64.</returns>
    /// <exception cref="ArgumentException">Not int64 or not one-dimensional.</exception>
    public Tensor FrameCounts(Tensor lengths)
    {
        Require.Rank(lengths, nameof(lengths), "[batch], samples", 1);
        if (lengths.dtype != ScalarType.Int64)
            throw new ArgumentException($"lengths is {Require.Describe(lengths)}; lengths are numbers of samples, int64.", nameof(lengths));
        using var scope = NewDisposeScope();
        return lengths.add(Surplus).div(HopLength, RoundingMode.floor).add(1).MoveToOuterDisposeScope();
    }

    /// <summary>Samples that padding adds, less those of a frame.</summary>
    private long Surplus => (Center ? NFft / 2 * 2 : 0) - NFft;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The transform is not centred: it is neither symmetric nor causal.</exception>
    public FilterProperties GetFilterProperties() => Center
        ? new FilterProperties(WinLength, HopLength)
        : throw new InvalidOperationException("An STFT that is not centred has no filter properties: they describe symmetric or causal filters. Use center: true.");

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            window.Dispose();
        base.Dispose(disposing);
    }

    // Periodic: one period is WinLength samples, as torch.hamming_window makes it.
    private static double[] Hamming(long length)
    {
        var values = new double[length];
        for (long i = 0; i < length; i++)
            values[i] = length == 1 ? 1 : 0.54 - 0.46 * double.CosPi(2.0 * i / length);
        return values;
    }

    private static double[] Values(Func<long, Tensor> windowFn, long length)
    {
        using var scope = NewDisposeScope();
        return windowFn(length).detach().cpu().to_type(ScalarType.Float64).contiguous().data<double>().ToArray();
    }
}
