using System.Diagnostics;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>How fast training is, in seconds of audio a second, since an epoch began; and how much memory the program takes.</summary>
/// <param name="sampleRate">Hz</param>
internal sealed class Throughput(int sampleRate)
{
    private const double Giga = 1 << 30;

    private readonly Stopwatch clock = new();
    private double seconds;
    private TimeSpan lastStep;

    /// <summary>Of the last step alone.</summary>
    internal double Last { get; private set; }

    /// <summary>Seconds of audio of the last step.</summary>
    internal double LastAudio { get; private set; }

    /// <summary>Begins an epoch.</summary>
    internal void Begin()
    {
        clock.Restart();
        (seconds, lastStep) = (0, TimeSpan.Zero);
    }

    /// <summary>Ends a step.</summary>
    /// <param name="samples">Those of each of its utterances, before augmentation.</param>
    internal void Add(IReadOnlyList<long> samples)
    {
        var now = clock.Elapsed;
        LastAudio = (double)samples.Sum() / sampleRate;
        Last = LastAudio / Math.Max(1e-9, (now - lastStep).TotalSeconds);
        seconds += LastAudio;
        lastStep = now;
    }

    /// <summary>Up to the last step.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{seconds / Math.Max(1e-9, lastStep.TotalSeconds),5:F1} x real time  {Environment.WorkingSet / Giga:F2} GiB");
}
