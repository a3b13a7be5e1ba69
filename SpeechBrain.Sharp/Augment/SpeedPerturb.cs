using SpeechBrain.Sharp.Resampling;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Augment;

/// <summary>
/// Changes the speed of waveforms (and with it their pitch) by resampling them: one speed, drawn from a list, for the whole batch.
/// </summary>
/// <remarks>
/// <para>
/// T. Ko, V. Peddinti, D. Povey, S. Khudanpur, "Audio augmentation for speech recognition", Interspeech 2015; SpeechBrain 1.1.0,
/// <c>speechbrain/augment/time_domain.py, SpeedPerturb</c>.
/// </para>
/// <para>
/// By default the ratio is exactly <c>speed:100</c> (95 % is 19:20), which costs 13 products a sample. SpeechBrain rounds
/// the new rate to whole Hz first: 16000 becomes 16842, which reduces only to 8000:8421 and needs a kernel of 270 MB, for a speed that
/// is off by 6e-6. <c>roundedRates: true</c> gives SpeechBrain's rates (and needs a large <c>maxKernelBytes</c>). Lengths:
/// relative ones stay as they are, absolute ones go through <see cref="OutputLength"/>.
/// </para>
/// <code>
/// using var perturb = new SpeedPerturb(16000, [95, 100, 105]);
/// var parameters = perturb.Sample(generator);              // SpeedPerturbParameters { Speed = 95 }
/// using var slower = perturb.Apply(waves, parameters);     // [batch, ceil(T * 100 / 95)]
/// </code>
/// </remarks>
public sealed class SpeedPerturb : nn.Module<Tensor, SpeedPerturbParameters, Tensor>
{
    private readonly Dictionary<int, Resample> resamplers = [];

    /// <summary>Makes a perturbation and a resampler for each of its speeds.</summary>
    /// <param name="origFreq">Rate of the waveforms in Hz, at least 1; it matters only with <paramref name="roundedRates"/>.</param>
    /// <param name="speeds">Speeds in percent, each at least 1; null: 90, 100, 110. A speed listed twice is drawn twice as often.</param>
    /// <param name="roundedRates">SpeechBrain's rates: <c>round(origFreq * 100 / speed)</c> Hz, halves to even.</param>
    /// <param name="maxKernelBytes">The largest kernel of one speed, in bytes; see <see cref="Resample"/>.</param>
    /// <param name="device">Where the kernels are made; null: the CPU. Waveforms must lie there too.</param>
    /// <exception cref="ArgumentException">No speeds, a speed or rate below 1, or a ratio whose kernel passes the limit.</exception>
    public SpeedPerturb(
        long origFreq, IReadOnlyList<int>? speeds = null, bool roundedRates = false, long maxKernelBytes = Resample.DefaultMaxKernelBytes, Device? device = null)
        : base(nameof(SpeedPerturb))
    {
        Require.Range(origFreq, nameof(origFreq), 1);
        Speeds = [.. speeds ?? [90, 100, 110]];
        if (Speeds.Count == 0)
            throw new ArgumentException("speeds is empty; give at least one speed in percent, for example [95, 100, 105].", nameof(speeds));
        OrigFreq = origFreq;
        RoundedRates = roundedRates;
        foreach (int speed in Speeds.Distinct())
        {
            if (speed < 1)
                throw new ArgumentOutOfRangeException(nameof(speeds), speed, "A speed is a percentage and must be at least 1; 100 leaves waveforms as they are.");
            var resampler = roundedRates
                ? new Resample(origFreq, RoundedRate(origFreq, speed), maxKernelBytes: maxKernelBytes, device: device)
                : new Resample(speed, 100, maxKernelBytes: maxKernelBytes, device: device);
            resamplers.Add(speed, resampler);
            register_module($"speed_{speed}", resampler);
        }
    }

    /// <summary>Rate of the waveforms in Hz.</summary>
    public long OrigFreq { get; }

    /// <summary>The speeds in percent that are drawn from.</summary>
    public IReadOnlyList<int> Speeds { get; }

    /// <summary>Whether the new rates are rounded to whole Hz, as in SpeechBrain.</summary>
    public bool RoundedRates { get; }

    /// <summary>The resampler of each speed; they belong to the perturbation.</summary>
    public IReadOnlyDictionary<int, Resample> Resamplers => resamplers;

    /// <summary>Draws a speed.</summary>
    /// <param name="generator">A CPU generator; one integer is drawn from it, as SpeechBrain draws it from torch's own.</param>
    /// <exception cref="ArgumentException">The generator belongs to another device.</exception>
    public SpeedPerturbParameters Sample(Generator generator)
    {
        Require.CpuGenerator(generator, nameof(generator));
        using var scope = NewDisposeScope();
        return new SpeedPerturbParameters(Speeds[(int)randint(Speeds.Count, [1L], ScalarType.Int64, CPU, generator: generator).item<long>()]);
    }

    /// <summary>Changes the speed of waveforms to the one drawn.</summary>
    /// <param name="waveforms"><c>[batch, time]</c> or <c>[batch, time, channels]</c>, float32, float64, bfloat16 or float16.</param>
    /// <param name="parameters">A draw of <see cref="Sample"/>, or one made by hand.</param>
    /// <returns>
    /// <c>[batch, T']</c> or <c>[batch, T', channels]</c> with <c>T' = OutputLength(T, parameters)</c>; an alias of the input at speed 100.
    /// </returns>
    /// <exception cref="ArgumentException">A speed that is not one of <see cref="Speeds"/>, or waveforms of a wrong rank, type or device.</exception>
    public Tensor Apply(Tensor waveforms, SpeedPerturbParameters parameters) => call(waveforms, parameters);

    /// <inheritdoc cref="Apply"/>
    public override Tensor forward(Tensor waveforms, SpeedPerturbParameters parameters) => Resampler(parameters).call(waveforms);

    /// <summary>The number of samples that <paramref name="length"/> samples become: <c>ceil(length * 100 / speed)</c>, exactly.</summary>
    /// <param name="length">Samples of one waveform, at least 0.</param>
    /// <param name="parameters">The draw.</param>
    public long OutputLength(long length, SpeedPerturbParameters parameters) => Resampler(parameters).OutputLength(length);

    private Resample Resampler(SpeedPerturbParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return resamplers.TryGetValue(parameters.Speed, out var resampler)
            ? resampler
            : throw new ArgumentException($"Speed {parameters.Speed} is not one of this perturbation's speeds: {string.Join(", ", Speeds)}.", nameof(parameters));
    }

    private static long RoundedRate(long origFreq, int speed)
    {
        // Halves to even in integers: the quotient in floating point could round a near-half the wrong way.
        (long quotient, long remainder) = Math.DivRem(checked(origFreq * 100), speed);
        int half = (remainder * 2).CompareTo(speed);
        return quotient + (half > 0 || (half == 0 && quotient % 2 == 1) ? 1 : 0);
    }
}
