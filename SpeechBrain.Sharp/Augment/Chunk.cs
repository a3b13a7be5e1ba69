namespace SpeechBrain.Sharp.Augment;

/// <summary>A stretch of a waveform or a spectrogram.</summary>
public sealed record Chunk
{
    /// <summary>Names the stretch.</summary>
    /// <param name="start">Its first sample, frame or feature, at least 0.</param>
    /// <param name="length">How many there are, at least 0; the end must be a number too.</param>
    /// <exception cref="ArgumentOutOfRangeException">A start or length below 0, or an end beyond 2^63 - 1.</exception>
    public Chunk(long start, long length)
    {
        Require.Range(start, nameof(start), 0);
        Require.Range(length, nameof(length), 0, long.MaxValue - start);
        Start = start;
        Length = length;
    }

    /// <summary>Its first sample, frame or feature.</summary>
    public long Start { get; }

    /// <summary>How many there are.</summary>
    public long Length { get; }
}
