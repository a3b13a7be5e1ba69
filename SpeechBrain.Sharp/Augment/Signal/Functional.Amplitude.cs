using SpeechBrain.Sharp.Augment.Signal;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp;

public static partial class Functional
{
    /// <summary>The floor of an amplitude in decibels, -80 dB, as an amplitude.</summary>
    private const double DbFloor = 1e-4;

    /// <summary>Measures how loud each waveform is.</summary>
    /// <param name="waveforms">Samples, [time], [batch, time] or [batch, time, channels].</param>
    /// <param name="lengths">
    /// The length of each item in samples, [batch], [batch, 1] or one for all; not necessarily whole. Average and rms divide by it the sum
    /// over <b>all</b> samples, so padding must be silent. By default the whole time axis. The peak ignores it.
    /// </param>
    /// <param name="ampType">What is measured.</param>
    /// <param name="scale">Linear, or decibels, with a floor of -80 dB.</param>
    /// <returns>
    /// [batch, 1] or [batch, 1, channels] (batch 1 for a [time] waveform). Silence has 0 or -80 dB, and gradients that are 0 and not NaN.
    /// </returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or a length (on CPU) is not positive.</exception>
    /// <remarks>As SpeechBrain 1.1.0, speechbrain/processing/signal_processing.py, compute_amplitude.</remarks>
    public static Tensor ComputeAmplitude(
        Tensor waveforms, Tensor? lengths = null, AmplitudeType ampType = AmplitudeType.Avg, AmplitudeScale scale = AmplitudeScale.Linear)
    {
        SignalArguments.Waveforms(waveforms, nameof(waveforms));
        using var scope = NewDisposeScope();
        var x = waveforms.to(SignalArguments.Work(waveforms.dtype));
        if (x.dim() == 1)
            x = x.unsqueeze(0);
        var count = lengths is null ? null : SignalArguments.Lengths(lengths, waveforms, x.dtype);
        var amplitude = ampType switch
        {
            AmplitudeType.Avg => Mean(x.abs(), count),
            // The norm and not sqrt(mean(x^2)): at silence the root's gradient is infinite, the norm's 0.
            AmplitudeType.Rms => RootMean(linalg.vector_norm(x, 2, [1], keepdim: true), count, x.shape[1]),
            AmplitudeType.Peak => x.abs().amax([1], keepdim: true),
            _ => throw new ArgumentOutOfRangeException(nameof(ampType), ampType, "Avg, Rms or Peak."),
        };
        // The floor is laid before the logarithm, whose gradient at 0 is infinite: 20 log10(1e-4) = -80.
        amplitude = scale switch
        {
            AmplitudeScale.Linear => amplitude,
            AmplitudeScale.Db => amplitude.clamp_min(DbFloor).log10() * 20,
            _ => throw new ArgumentOutOfRangeException(nameof(scale), scale, "Linear or Db."),
        };
        return amplitude.to(waveforms.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>Divides each waveform by its amplitude.</summary>
    /// <param name="waveforms">Samples, [time], [batch, time] or [batch, time, channels].</param>
    /// <param name="lengths">As in <see cref="ComputeAmplitude"/>.</param>
    /// <param name="ampType">What becomes 1.</param>
    /// <param name="eps">Added to the amplitude, so that silence stays silence.</param>
    /// <returns>The shape and type of <paramref name="waveforms"/>.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or a length (on CPU) is not positive.</exception>
    /// <remarks>As SpeechBrain 1.1.0, speechbrain/processing/signal_processing.py, normalize.</remarks>
    public static Tensor Normalize(Tensor waveforms, Tensor? lengths = null, AmplitudeType ampType = AmplitudeType.Avg, double eps = 1e-14)
    {
        SignalArguments.Waveforms(waveforms, nameof(waveforms));
        using var scope = NewDisposeScope();
        var x = waveforms.to(SignalArguments.Work(waveforms.dtype));
        var amplitude = ComputeAmplitude(x, lengths, ampType);
        if (x.dim() == 1)
            amplitude = amplitude.squeeze(0);
        return (x / (amplitude + eps)).to(waveforms.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>Brings each waveform to a wanted amplitude.</summary>
    /// <param name="waveforms">Samples, [time], [batch, time] or [batch, time, channels].</param>
    /// <param name="lengths">As in <see cref="ComputeAmplitude"/>.</param>
    /// <param name="targetLvl">The amplitude to reach, in <paramref name="scale"/>.</param>
    /// <param name="ampType">What is measured.</param>
    /// <param name="scale">The unit of <paramref name="targetLvl"/>.</param>
    /// <returns>The shape and type of <paramref name="waveforms"/>. Silence stays silence.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or a length (on CPU) is not positive.</exception>
    /// <remarks>As SpeechBrain 1.1.0, speechbrain/processing/signal_processing.py, rescale.</remarks>
    public static Tensor Rescale(
        Tensor waveforms, Tensor? lengths, double targetLvl, AmplitudeType ampType = AmplitudeType.Avg, AmplitudeScale scale = AmplitudeScale.Linear)
    {
        SignalArguments.Waveforms(waveforms, nameof(waveforms));
        if (!double.IsFinite(targetLvl))
            throw new ArgumentOutOfRangeException(nameof(targetLvl), targetLvl, "The level must be finite.");
        using var scope = NewDisposeScope();
        var normalized = Normalize(waveforms.to(SignalArguments.Work(waveforms.dtype)), lengths, ampType);
        return (normalized * (scale == AmplitudeScale.Db ? DbToAmplitude(targetLvl) : targetLvl)).to(waveforms.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>Brings each waveform to a wanted amplitude of its own.</summary>
    /// <param name="waveforms">Samples, [time], [batch, time] or [batch, time, channels].</param>
    /// <param name="lengths">As in <see cref="ComputeAmplitude"/>.</param>
    /// <param name="targetLvl">
    /// The amplitudes to reach, in <paramref name="scale"/>; a shape that broadcasts to <paramref name="waveforms"/>, such as what
    /// <see cref="ComputeAmplitude"/> returns.
    /// </param>
    /// <param name="ampType">What is measured.</param>
    /// <param name="scale">The unit of <paramref name="targetLvl"/>.</param>
    /// <returns>The shape and type of <paramref name="waveforms"/>. Silence stays silence.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or a length (on CPU) is not positive.</exception>
    public static Tensor Rescale(
        Tensor waveforms, Tensor? lengths, Tensor targetLvl, AmplitudeType ampType = AmplitudeType.Avg, AmplitudeScale scale = AmplitudeScale.Linear)
    {
        SignalArguments.Waveforms(waveforms, nameof(waveforms));
        ArgumentNullException.ThrowIfNull(targetLvl);
        Require.Floating(targetLvl, nameof(targetLvl));
        Require.SameDevice(targetLvl, nameof(targetLvl), waveforms, nameof(waveforms));
        long[] shape = waveforms.shape, level = targetLvl.shape;
        // A [time] waveform has an amplitude of [1, 1].
        bool fits = shape.Length == 1 ? level.All(s => s == 1) : level.Length <= shape.Length
            && Enumerable.Range(1, level.Length).All(i => level[^i] == 1 || level[^i] == shape[^i]);
        if (!fits)
            throw new ArgumentException(
                $"targetLvl is {Require.Describe(targetLvl)}; it must broadcast to the shape of waveforms, [{string.Join(", ", shape)}].",
                nameof(targetLvl));
        using var scope = NewDisposeScope();
        var normalized = Normalize(waveforms.to(SignalArguments.Work(waveforms.dtype)), lengths, ampType);
        var target = targetLvl.to(normalized.dtype);
        if (shape.Length == 1)
            target = target.reshape(1);
        return (normalized * (scale == AmplitudeScale.Db ? DbToAmplitude(target) : target)).to(waveforms.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>Turns decibels into an amplitude: 10^(dB / 20).</summary>
    /// <param name="db">Decibels, any shape.</param>
    /// <returns>The same shape and type.</returns>
    /// <exception cref="ArgumentException">The type is not a floating one.</exception>
    /// <remarks>As SpeechBrain 1.1.0, speechbrain/processing/signal_processing.py, dB_to_amplitude.</remarks>
    public static Tensor DbToAmplitude(Tensor db)
    {
        ArgumentNullException.ThrowIfNull(db);
        Require.Floating(db, nameof(db));
        using var scope = NewDisposeScope();
        // 10^(x / 20) = e^(x ln(10) / 20)
        return (db.to(SignalArguments.Work(db.dtype)) * (Math.Log(10) / 20)).exp().to(db.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>Turns decibels into an amplitude: 10^(dB / 20).</summary>
    /// <param name="db">Decibels.</param>
    /// <returns>The amplitude.</returns>
    public static double DbToAmplitude(double db) => Math.Pow(10, db / 20);

    /// <summary>Subtracts the mean and divides by the standard deviation (with n - 1).</summary>
    /// <param name="waveforms">Floats of any shape.</param>
    /// <param name="dims">The axes to measure over; time (1) by default.</param>
    /// <param name="eps">Added to the deviation, so that a constant becomes 0.</param>
    /// <returns>The shape and type of <paramref name="waveforms"/>.</returns>
    /// <exception cref="ArgumentException">An axis does not exist or is named twice, or there are fewer than two values to measure.</exception>
    /// <remarks>As SpeechBrain 1.1.0, speechbrain/processing/signal_processing.py, mean_std_norm.</remarks>
    public static Tensor MeanStdNorm(Tensor waveforms, long[]? dims = null, double eps = 1e-6)
    {
        ArgumentNullException.ThrowIfNull(waveforms);
        Require.Floating(waveforms, nameof(waveforms));
        dims ??= [1];
        var shape = waveforms.shape;
        // Axes counted from the front.
        long[] axes = [.. dims.Select(d => d < 0 ? d + shape.Length : d)];
        if (axes.Length == 0 || axes.Any(a => a < 0 || a >= shape.Length) || axes.Distinct().Count() != axes.Length)
            throw new ArgumentException(
                $"dims is [{string.Join(", ", dims)}]; different axes of a tensor of shape [{string.Join(", ", shape)}] are needed.", nameof(dims));
        long count = axes.Aggregate(1L, (n, a) => n * shape[a]);
        if (count < 2)
            throw new ArgumentException(
                $"waveforms is {Require.Describe(waveforms)}: axes [{string.Join(", ", dims)}] hold {count} values, and a deviation needs two.",
                nameof(waveforms));
        using var scope = NewDisposeScope();
        var x = waveforms.to(SignalArguments.Work(waveforms.dtype));
        var centred = x - x.mean(dims, keepdim: true);
        return (centred / (x.std(dims, unbiased: true, keepdim: true) + eps)).to(waveforms.dtype).MoveToOuterDisposeScope();
    }

    private static Tensor RootMean(Tensor norm, Tensor? count, long time) => count is null ? norm / Math.Sqrt(time) : norm / count.sqrt();

    private static Tensor Mean(Tensor x, Tensor? count) => count is null ? x.mean([1], keepdim: true) : x.sum(1, keepdim: true) / count;
}
