using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Augment;

/// <summary>
/// Impulse responses of rooms, decoded and resampled once. All are aligned so that their direct sounds (the largest absolute values) coincide, and
/// their spectra are computed once for each type and device.
/// </summary>
public sealed class RirBank : nn.Module
{
    /// <summary>The block that spectra are made for is at least so many times as long as the aligned responses.</summary>
    private const int BlockOfTaps = 5;

    /// <summary>Blocks are multiples of this: transforms of such sizes are the fast ones.</summary>
    private const int BlockStep = 256;

    private readonly ModuleConstant responses;
    private readonly ModuleConstant spectra;

    /// <summary>Takes responses.</summary>
    /// <param name="recordings">Each <c>[time]</c>, floating, of at least one sample, at <paramref name="sampleRate"/>; they are copied.</param>
    /// <param name="sampleRate">Their rate in Hz; it must be that of the waveforms.</param>
    /// <param name="rirScaleFactor">Stretches the responses (above 1: more reverberation) by linear interpolation, as in SpeechBrain.</param>
    /// <exception cref="ArgumentException">
    /// No response, one that is silent, not finite, without samples or of a wrong rank or type, or a factor that leaves nothing.
    /// </exception>
    public RirBank(IReadOnlyList<Tensor> recordings, int sampleRate, double rirScaleFactor = 1)
        : this(recordings, new BankReport(recordings?.Count ?? 0, 0, 0, []), sampleRate, rirScaleFactor)
    {
    }

    private RirBank(IReadOnlyList<Tensor> recordings, BankReport report, int sampleRate, double rirScaleFactor)
        : base(nameof(RirBank))
    {
        BankFiles.RequireRecordings(recordings);
        Require.Range(sampleRate, nameof(sampleRate), 1);
        Require.Positive(rirScaleFactor, nameof(rirScaleFactor));
        SampleRate = sampleRate;
        Report = report;
        double[][] taps = [.. recordings.Select(recording => Scaled(Samples(recording), rirScaleFactor))];
        int[] direct = [.. taps.Select(Direct)];
        foreach (var (i, response) in taps.Index())
            if (response[direct[i]] == 0 || !response.All(double.IsFinite))
                throw new ArgumentException(
                    $"recordings[{i}] {(response[direct[i]] == 0 ? "is silent" : "holds NaN or infinity")}, and all that is heard in that room "
                    + "would be; leave it out.", nameof(recordings));
        int before = direct.Max(), longest = taps.Max(t => t.Length);
        int aligned = before + taps.Select((t, i) => t.Length - direct[i]).Max();
        Count = taps.Length;
        DirectSound = before;
        Taps = aligned;
        Block = BlockStep * Functional.FastPeriod(Math.Max(4, ((long)BlockOfTaps * aligned + BlockStep - 1) / BlockStep));
        responses = new ModuleConstant((dtype, device) => Packed(taps, new int[taps.Length], longest, dtype, device), eager: false);
        int[] shifts = [.. direct.Select(d => before - d)];
        spectra = new ModuleConstant(
            (dtype, device) => fft.rfft(Packed(taps, shifts, aligned, dtype, device), Block).view_as_real().contiguous(), eager: false);
        RegisterComponents();
    }

    /// <summary>Reads files.</summary>
    /// <param name="paths">Audio files of any rate and channels; of several channels the first is taken.</param>
    /// <param name="sampleRate">The rate of the waveforms, in Hz; other rates are resampled.</param>
    /// <param name="rirScaleFactor">Stretches the responses.</param>
    /// <param name="skipUnreadable">
    /// Whether files that cannot be read are left out (and listed in <see cref="Report"/>); else they are refused.
    /// </param>
    /// <param name="say">Is told once, in one line, what was converted or left out.</param>
    /// <exception cref="ArgumentException">
    /// No file, or some that cannot be read, are silent, hold NaN or infinity, or have a rate that cannot be resampled; the message names and counts
    /// them.
    /// </exception>
    public static RirBank FromFiles(
        IEnumerable<string> paths, int sampleRate, double rirScaleFactor = 1, bool skipUnreadable = false, Action<string>? say = null)
    {
        Require.Positive(rirScaleFactor, nameof(rirScaleFactor));
        var (recordings, report) = BankFiles.Read(paths, sampleRate, firstChannel: true, skipUnreadable, say);
        try
        {
            return new RirBank(recordings, report, sampleRate, rirScaleFactor);
        }
        finally
        {
            foreach (var recording in recordings)
                recording.Dispose();
        }
    }

    /// <summary>Reads every audio file below a folder; see <see cref="FromFiles"/>.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="sampleRate">The rate of the waveforms, in Hz.</param>
    /// <param name="rirScaleFactor">Stretches the responses.</param>
    /// <param name="skipUnreadable">Whether files that cannot be read are left out.</param>
    /// <param name="say">Is told once what was converted or left out.</param>
    /// <exception cref="ArgumentException">No folder or no file, or one that cannot be read.</exception>
    public static RirBank FromFolder(
        string folder, int sampleRate, double rirScaleFactor = 1, bool skipUnreadable = false, Action<string>? say = null) =>
        FromFiles(BankFiles.In(folder), sampleRate, rirScaleFactor, skipUnreadable, say);

    /// <summary>Number of responses.</summary>
    public int Count { get; }

    /// <summary>Rate of the responses in Hz.</summary>
    public int SampleRate { get; }

    /// <summary>What became of the files.</summary>
    public BankReport Report { get; }

    /// <summary>Samples of the aligned responses.</summary>
    public long Taps { get; }

    /// <summary>Where the direct sound of all aligned responses is.</summary>
    public long DirectSound { get; }

    /// <summary>Samples of the block that the spectra belong to.</summary>
    public long Block { get; }

    /// <summary>The responses as they came, zeros behind shorter ones: <c>[responses, taps]</c>; the bank's own.</summary>
    internal Tensor Responses(ScalarType dtype, Device device) => responses.In(dtype, device);

    /// <summary>Spectra of the aligned responses: <c>[responses, block / 2 + 1, 2]</c>, real and imaginary; the bank's own.</summary>
    internal Tensor Spectra(ScalarType dtype, Device device) => spectra.In(dtype, device);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            responses.Dispose();
            spectra.Dispose();
        }
        base.Dispose(disposing);
    }

    private static double[] Samples(Tensor recording)
    {
        using var scope = NewDisposeScope();
        return recording.detach().to(CPU).to(ScalarType.Float64).contiguous().data<double>().ToArray();
    }

    private static int Direct(double[] taps)
    {
        int best = 0;
        for (int i = 1; i < taps.Length; i++)
            if (Math.Abs(taps[i]) > Math.Abs(taps[best]))
                best = i;
        return best;
    }

    // Sample j of the result lies at (j + 1/2) / factor - 1/2 of the source (torch's align_corners=False).
    private static double[] Scaled(double[] taps, double factor)
    {
        if (factor == 1)
            return taps;
        int count = (int)Math.Floor(taps.Length * factor);
        if (count < 1)
            throw new ArgumentOutOfRangeException(
                "rirScaleFactor", factor, $"rirScaleFactor leaves nothing of a response of {taps.Length} samples.");
        var scaled = new double[count];
        for (int j = 0; j < count; j++)
        {
            double place = Math.Max(0, (j + 0.5) / factor - 0.5);
            int low = Math.Min((int)place, taps.Length - 1), high = Math.Min(low + 1, taps.Length - 1);
            scaled[j] = taps[low] + (place - low) * (taps[high] - taps[low]);
        }
        return scaled;
    }

    private static Tensor Packed(double[][] taps, int[] shifts, int width, ScalarType dtype, Device device)
    {
        var packed = new double[taps.Length * width];
        for (int i = 0; i < taps.Length; i++)
            taps[i].CopyTo(packed, i * width + shifts[i]);
        return tensor(packed, [taps.Length, width], ScalarType.Float64).to(dtype).to(device);
    }
}
