using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Features;

/// <summary>
/// Mel filters over a power spectrogram, by default in decibels.
/// </summary>
/// <remarks>
/// <para>
/// SpeechBrain 1.1.0, <c>speechbrain/processing/features.py, Filterbank</c>. Kept because models are trained with it: the triangles are
/// symmetric, their half width being the distance to the <b>left</b> neighbour; the decibel floor is the maximum of each whole item (padding
/// included, unless <see cref="Apply"/> is told the lengths) minus <c>topDb</c>, so the same frame in another chunk may have another floor.
/// </para>
/// <para>
/// Deviation: with <c>paramRandFactor</c> SpeechBrain draws a change of the filters from torch's own generator in each training step; here
/// the caller draws a <see cref="FilterbankVariation"/> and passes it to <see cref="Apply"/>. Fixed filters follow the input to its device and
/// type; learnable ones are parameters and move with the module.
/// </para>
/// </remarks>
public sealed class Filterbank : nn.Module<Tensor, Tensor>
{
    private readonly ModuleConstant? matrix;
    private readonly double scale;
    private readonly double reference;
    private readonly double[] central;
    private readonly double[] bands;

    /// <summary>Makes a filterbank.</summary>
    /// <param name="nMels">Filters, at least 1.</param>
    /// <param name="logMel">Whether the output is in dB.</param>
    /// <param name="filterShape">Shape of the filters over frequency.</param>
    /// <param name="fMin">Lower edge of the first filter in Hz, at least 0.</param>
    /// <param name="fMax">Upper edge of the last filter in Hz, above <paramref name="fMin"/>.</param>
    /// <param name="nFft">Points of the transform behind the spectrogram, at least 2; it has <c>nFft / 2 + 1</c> bins.</param>
    /// <param name="sampleRate">Samples per second of the waveforms, at least 2.</param>
    /// <param name="powerSpectrogram">2: the input is a power spectrogram, 10 dB a decade; else 20 dB a decade.</param>
    /// <param name="amin">Least filter output before the logarithm, above 0.</param>
    /// <param name="refValue">Filter output that is 0 dB, at least 0 (values below <paramref name="amin"/> count as it).</param>
    /// <param name="topDb">Range below the maximum of an item, in dB; lower values are raised to it.</param>
    /// <param name="paramChangeFactor">With learnable filters, how strongly they react to a gradient; above 0.</param>
    /// <param name="freeze">Whether the filters are fixed; else their centres and bands are the parameters <c>f_central</c> and <c>band</c>.</param>
    /// <exception cref="ArgumentException">A value out of range.</exception>
    public Filterbank(
        long nMels = 40, bool logMel = true, FilterShape filterShape = FilterShape.Triangular, double fMin = 0, double fMax = 8000, long nFft = 400,
        long sampleRate = 16000, double powerSpectrogram = 2, double amin = 1e-10, double refValue = 1, double topDb = 80, double paramChangeFactor = 1,
        bool freeze = true)
        : base(nameof(Filterbank))
    {
        Require.Range(nMels, nameof(nMels), 1, 1 << 20);
        Require.Defined(filterShape, nameof(filterShape));
        Require.Range(fMin, nameof(fMin), 0);
        Require.Range(fMax, nameof(fMax), 0);
        if (fMin >= fMax)
            throw new ArgumentOutOfRangeException(nameof(fMin), fMin, $"fMin must lie below fMax, which is {fMax} Hz.");
        Require.Range(nFft, nameof(nFft), 2);
        Require.Range(sampleRate, nameof(sampleRate), 2);
        Require.Positive(amin, nameof(amin));
        Require.Range(refValue, nameof(refValue), 0);
        Require.Range(topDb, nameof(topDb), 0);
        Require.Positive(paramChangeFactor, nameof(paramChangeFactor));
        NMels = nMels;
        LogMel = logMel;
        FilterShape = filterShape;
        NStft = nFft / 2 + 1;
        SampleRate = sampleRate;
        Amin = amin;
        TopDb = topDb;
        ParamChangeFactor = paramChangeFactor;
        scale = powerSpectrogram == 2 ? 10 : 20;
        reference = scale * Math.Log10(Math.Max(amin, refValue));

        // nMels + 2 edges, evenly spaced in mel; each filter sits on an inner one, and its band is the distance to the edge before it.
        var hertz = new double[nMels + 2];
        for (int i = 0; i < hertz.Length; i++)
            hertz[i] = ToHertz(ToMel(fMin) + (ToMel(fMax) - ToMel(fMin)) * i / (nMels + 1));
        central = hertz[1..^1];
        bands = [.. central.Zip(hertz, (centre, before) => centre - before)];
        if (freeze)
        {
            matrix = new ModuleConstant((dtype, device) =>
            {
                using var scope = NewDisposeScope();
                var exact = Matrix(tensor(central, ScalarType.Float64), tensor(bands, ScalarType.Float64));
                return exact.to(dtype, device).MoveToOuterDisposeScope();
            });
            return;
        }
        // In units of sampleRate * paramChangeFactor; see Filters for the way back.
        register_parameter("f_central", Learnable(central));
        register_parameter("band", Learnable(bands));

        // The module owns its parameters, whatever scope it is made in.
        Parameter Learnable(double[] values)
        {
            var parameter = nn.Parameter(tensor(Array.ConvertAll(values, v => v / (sampleRate * paramChangeFactor)), ScalarType.Float32));
            parameter.DetachFromDisposeScope();
            return parameter;
        }
    }

    /// <summary>Filters.</summary>
    public long NMels { get; }

    /// <summary>Whether the output is in dB.</summary>
    public bool LogMel { get; }

    /// <summary>Shape of the filters over frequency.</summary>
    public FilterShape FilterShape { get; }

    /// <summary>Bins of the spectrogram.</summary>
    public long NStft { get; }

    /// <summary>Samples per second of the waveforms.</summary>
    public long SampleRate { get; }

    /// <summary>Least filter output before the logarithm.</summary>
    public double Amin { get; }

    /// <summary>Range below the maximum of an item, in dB.</summary>
    public double TopDb { get; }

    /// <summary>How strongly learnable filters react to a gradient.</summary>
    public double ParamChangeFactor { get; }

    /// <summary>Whether the filters are fixed.</summary>
    public bool IsFrozen => matrix is not null;

    /// <summary>Filters a spectrogram.</summary>
    /// <param name="spectrogram">
    /// <c>[batch, frames, bins]</c> or <c>[batch, frames, bins, channels]</c>, floating point; half precision is computed in float32.
    /// </param>
    /// <returns><c>[batch, frames, mels]</c> or <c>[batch, frames, mels, channels]</c>, float64 for float64 input, else float32.</returns>
    /// <exception cref="ArgumentException">Wrong rank, type, device or number of bins.</exception>
    public override Tensor forward(Tensor spectrogram) => Apply(spectrogram, null);

    /// <summary>Filters a spectrogram with filters changed for this call.</summary>
    /// <param name="spectrogram">As in <see cref="forward"/>.</param>
    /// <param name="variation">The change; null: none.</param>
    /// <param name="frames">
    /// <c>[batch]</c> int64, frames of each item: the decibel floor then lies below the maximum of these alone. Null: all fill the batch.
    /// </param>
    /// <returns>As <see cref="forward"/>; frames behind an item's own have no meaning.</returns>
    /// <exception cref="ArgumentException">Wrong rank, type, device, lengths or number of bins.</exception>
    /// <exception cref="InvalidOperationException">A variation of learnable filters, which SpeechBrain has not either.</exception>
    public Tensor Apply(Tensor spectrogram, FilterbankVariation? variation, Tensor? frames = null)
    {
        Require.Rank(spectrogram, nameof(spectrogram), "[batch, frames, bins] or [batch, frames, bins, channels]", 3, 4);
        Require.Floating(spectrogram, nameof(spectrogram));
        Require.Size(spectrogram, nameof(spectrogram), 2, NStft, "the bins of this filterbank (nFft / 2 + 1)");
        if (matrix is null)
            Require.SameDevice(spectrogram, nameof(spectrogram), Part("f_central"), "the parameters of the filterbank");
        using var scope = NewDisposeScope();
        var type = Functional.ComputedIn(spectrogram.dtype);
        var mels = Functional.Filterbank(spectrogram, Filters(type, spectrogram.device, variation));
        return (LogMel ? Functional.AmplitudeToDb(mels, scale, Amin, reference, TopDb, frames) : mels).MoveToOuterDisposeScope();
    }

    /// <summary>The filters <c>[bins, mels]</c> as they are now, float32 (on the CPU, if they are fixed); a tensor of the caller's.</summary>
    public Tensor GetMatrix()
    {
        using var scope = NewDisposeScope();
        return Filters(ScalarType.Float32, matrix is null ? Part("f_central").device : CPU, null).alias().MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            matrix?.Dispose();
        base.Dispose(disposing);
    }

    private Tensor Filters(ScalarType type, Device device, FilterbankVariation? variation)
    {
        if (matrix is not null && variation is null)
            return matrix.In(type, device);
        if (matrix is not null)
            return Matrix(
                tensor(Array.ConvertAll(central, c => c * variation!.CentralFactor), ScalarType.Float64),
                tensor(Array.ConvertAll(bands, b => b * variation!.BandFactor), ScalarType.Float64)).to(type, device);
        if (variation is not null)
            throw new InvalidOperationException("Learnable filters take no random variation: freeze them, or pass none.");
        // SpeechBrain multiplies by paramChangeFactor once more than it divided by it; the initial filters depend on it therefore.
        double unit = SampleRate * ParamChangeFactor * ParamChangeFactor;
        return Matrix(Part("f_central").to_type(type) * unit, Part("band").to_type(type) * unit);
    }

    private Tensor Matrix(Tensor centre, Tensor band)
    {
        var frequency = linspace(0, SampleRate / 2, NStft, centre.dtype, centre.device).unsqueeze(1);
        var distance = frequency - centre.unsqueeze(0);                                           // [bins, mels]
        return FilterShape switch
        {
            FilterShape.Triangular => (distance / band).abs().neg().add(1).clamp_min(0),
            FilterShape.Rectangular => distance.abs().le(band).to_type(centre.dtype),
            _ => (distance / band * 2).square().mul(-0.5).exp(),
        };
    }

    private Tensor Part(string name) => get_parameter(name) ?? throw new ObjectDisposedException(nameof(Filterbank));

    private static double ToMel(double hertz) => 2595 * Math.Log10(1 + hertz / 700);

    private static double ToHertz(double mel) => 700 * (Math.Pow(10, mel / 2595) - 1);
}
