namespace SpeechBrain.Sharp.Masks;

/// <summary>
/// Chunks of dynamic chunk training: frames see their own chunk whole, a number of chunks to its left, and nothing to its right.
/// </summary>
/// <remarks>
/// B. Zhang et al., "Unified streaming and non-streaming two-pass end-to-end model for speech recognition", https://arxiv.org/abs/2012.05481;
/// SpeechBrain 1.1.0, <c>speechbrain/utils/dynamic_chunk_training.py</c>.
/// <code>
/// new DynChunkTrainConfig(16, 4)    // chunks of 16 frames that see 64 frames of the past
/// new DynChunkTrainConfig(16)       // the whole past
/// </code>
/// </remarks>
public sealed record DynChunkTrainConfig
{
    /// <summary>Describes chunks.</summary>
    /// <param name="chunkSize">Frames in a chunk, at least 1.</param>
    /// <param name="leftContextSize">Chunks (not frames) that a chunk sees to its left, at least 0; null: all of them.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value below its minimum.</exception>
    public DynChunkTrainConfig(long chunkSize, long? leftContextSize = null)
    {
        Require.Range(chunkSize, nameof(chunkSize), 1);
        if (leftContextSize is { } chunks)
            Require.Range(chunks, nameof(leftContextSize), 0);
        ChunkSize = chunkSize;
        LeftContextSize = leftContextSize;
    }

    /// <summary>Frames in a chunk.</summary>
    public long ChunkSize { get; }

    /// <summary>Chunks (not frames) that a chunk sees to its left; null: all of them.</summary>
    public long? LeftContextSize { get; }

    /// <summary>Whether a chunk sees the whole past.</summary>
    public bool IsInfiniteLeftContext => LeftContextSize is null;

    /// <summary>Frames that a chunk sees to its left (<see cref="long.MaxValue"/> if they do not fit 64 bits); null: all of them.</summary>
    public long? LeftContextSizeFrames => LeftContextSize is { } chunks ? (long)Int128.Min((Int128)ChunkSize * chunks, long.MaxValue) : null;
}
