using SpeechBrain.Sharp.Masks;

namespace SpeechBrain.Sharp.Conformer;

/// <summary>Where a stream through a <see cref="ConformerEncoder"/> stands: the contexts of its layers, and how many frames have gone by.</summary>
/// <remarks>SpeechBrain 1.1.0, <c>speechbrain/lobes/models/transformer/Conformer.py</c>.</remarks>
public sealed class ConformerEncoderStreamingContext : IDisposable
{
    internal ConformerEncoderStreamingContext(DynChunkTrainConfig config, IReadOnlyList<ConformerEncoderLayerStreamingContext> layers) =>
        (DynChunkTrainConfig, Layers) = (config, layers);

    /// <summary>The chunks of the stream.</summary>
    public DynChunkTrainConfig DynChunkTrainConfig { get; }

    /// <summary>The contexts of the layers.</summary>
    public IReadOnlyList<ConformerEncoderLayerStreamingContext> Layers { get; }

    /// <summary>Frames of the stream so far.</summary>
    public long Frames { get; internal set; }

    /// <summary>Frames before the next chunk that its attention sees: the positions it needs are those of as many more frames.</summary>
    public long LeftFrames => Math.Min(Frames, DynChunkTrainConfig.LeftContextSizeFrames ?? long.MaxValue);

    /// <summary>Frees the frames; the context may begin another stream.</summary>
    public void Dispose()
    {
        foreach (var layer in Layers)
            layer.Dispose();
        Frames = 0;
    }

    /// <summary>Fails unless so many frames may come next: a whole chunk, or what is left of the stream at its end.</summary>
    internal void RequireNext(long frames, string name)
    {
        long chunk = DynChunkTrainConfig.ChunkSize;
        if (frames < 1 || frames > chunk)
            throw new ArgumentException(
                $"{name} has {frames} frames; a chunk of this stream has {chunk}, and the last one of the stream 1 to {chunk}.", name);
        if (Frames % chunk != 0)
            throw new ArgumentException(
                $"The stream has ended with a chunk of {Frames % chunk} frames: only its last chunk may be shorter than {chunk}. Make a new "
                + "context (MakeStreamingContext) for another stream.", name);
    }
}
