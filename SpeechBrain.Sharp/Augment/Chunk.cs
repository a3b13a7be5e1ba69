namespace SpeechBrain.Sharp.Augment;

/// <summary>A stretch of a waveform.</summary>
public sealed record Chunk
{
    /// <summary>Names the stretch.</summary>
    /// <param name="start">Its first sample, at least 0.</param>
    /// <param name="length">Its samples, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A start or length below 0.</exception>
    public Chunk(long start, long length)
    {
        Require.Range(start, nameof(start), 0);
        Require.Range(length, nameof(length), 0);
        Start = start;
        Length = length;
    }

    /// <summary>Its first sample.</summary>
    public long Start { get; }

    /// <summary>Its samples.</summary>
    public long Length { get; }
}
