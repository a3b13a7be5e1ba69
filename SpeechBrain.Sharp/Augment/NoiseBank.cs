using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Augment;

/// <summary>
/// Noise recordings, decoded and resampled once and packed behind each other on one device, so that a batch takes its parts without touching a
/// file. Moves with <c>to(device)</c>.
/// </summary>
/// <remarks>
/// An hour at 16 kHz takes 230 MB in float32 and half of it in float16, whose rounding lies 60 dB or more below the noise itself.
/// </remarks>
public sealed class NoiseBank : nn.Module
{
    private readonly Tensor samples;

    /// <summary>Packs recordings.</summary>
    /// <param name="recordings">Each <c>[time]</c>, floating, of at least one sample, at <paramref name="sampleRate"/>; they are copied.</param>
    /// <param name="sampleRate">Their rate in Hz; it must be that of the waveforms.</param>
    /// <param name="dtype">The type that they are kept in: float32 or float16.</param>
    /// <param name="device">Where they are kept; null: the CPU.</param>
    /// <exception cref="ArgumentException">No recording, one without samples or of a wrong rank or type, or another type to keep.</exception>
    public NoiseBank(IReadOnlyList<Tensor> recordings, int sampleRate, ScalarType dtype = ScalarType.Float32, Device? device = null)
        : this(recordings, new BankReport(recordings?.Count ?? 0, 0, 0, []), sampleRate, dtype, device)
    {
    }

    private NoiseBank(IReadOnlyList<Tensor> recordings, BankReport report, int sampleRate, ScalarType dtype, Device? device)
        : base(nameof(NoiseBank))
    {
        BankFiles.RequireRecordings(recordings);
        Require.Range(sampleRate, nameof(sampleRate), 1);
        RequireKept(dtype);
        SampleRate = sampleRate;
        Report = report;
        Lengths = [.. recordings.Select(recording => recording.shape[0])];
        long[] offsets = new long[Lengths.Count];
        for (int i = 1; i < offsets.Length; i++)
            offsets[i] = offsets[i - 1] + Lengths[i - 1];
        Offsets = [.. offsets];
        using var scope = NewDisposeScope();
        samples = cat([.. recordings.Select(recording => recording.detach().to(CPU).to(dtype))], 0).to(device ?? CPU).DetachFromDisposeScope();
        RegisterComponents();
    }

    /// <summary>Reads files.</summary>
    /// <param name="paths">Audio files of any rate and channels; channels are averaged.</param>
    /// <param name="sampleRate">The rate of the waveforms that noise will be added to, in Hz; other rates are resampled.</param>
    /// <param name="dtype">The type that they are kept in: float32 or float16.</param>
    /// <param name="device">Where they are kept; null: the CPU.</param>
    /// <param name="skipUnreadable">
    /// Whether files that cannot be read are left out (and listed in <see cref="Report"/>); else they are refused.
    /// </param>
    /// <param name="say">Is told once, in one line, what was converted or left out.</param>
    /// <exception cref="ArgumentException">
    /// No file, or some that cannot be read, hold no sample, NaN or infinity, or have a rate that cannot be resampled; the message names and counts
    /// them.
    /// </exception>
    public static NoiseBank FromFiles(
        IEnumerable<string> paths, int sampleRate, ScalarType dtype = ScalarType.Float32, Device? device = null, bool skipUnreadable = false,
        Action<string>? say = null)
    {
        RequireKept(dtype);
        var (recordings, report) = BankFiles.Read(paths, sampleRate, firstChannel: false, skipUnreadable, say);
        try
        {
            return new NoiseBank(recordings, report, sampleRate, dtype, device);
        }
        finally
        {
            foreach (var recording in recordings)
                recording.Dispose();
        }
    }

    /// <summary>Reads every audio file below a folder; see <see cref="FromFiles"/>.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="sampleRate">The rate of the waveforms that noise will be added to, in Hz.</param>
    /// <param name="dtype">The type that they are kept in: float32 or float16.</param>
    /// <param name="device">Where they are kept; null: the CPU.</param>
    /// <param name="skipUnreadable">Whether files that cannot be read are left out.</param>
    /// <param name="say">Is told once what was converted or left out.</param>
    /// <exception cref="ArgumentException">No folder or no file, or one that cannot be read.</exception>
    public static NoiseBank FromFolder(
        string folder, int sampleRate, ScalarType dtype = ScalarType.Float32, Device? device = null, bool skipUnreadable = false,
        Action<string>? say = null) => FromFiles(BankFiles.In(folder), sampleRate, dtype, device, skipUnreadable, say);

    /// <summary>All recordings behind each other: <c>[samples]</c>.</summary>
    public Tensor Samples => samples;

    /// <summary>Rate of the recordings in Hz.</summary>
    public int SampleRate { get; }

    /// <summary>What became of the files.</summary>
    public BankReport Report { get; }

    /// <summary>Number of recordings.</summary>
    public int Count => Lengths.Count;

    /// <summary>Samples of each recording.</summary>
    public ValueList<long> Lengths { get; }

    /// <summary>Where each recording begins in <see cref="Samples"/>.</summary>
    public ValueList<long> Offsets { get; }

    private static void RequireKept(ScalarType dtype)
    {
        if (dtype is not (ScalarType.Float32 or ScalarType.Float16))
            throw new ArgumentOutOfRangeException(nameof(dtype), dtype, "Recordings are kept in float32 or float16.");
    }
}
