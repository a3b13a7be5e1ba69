using System.ComponentModel;
using SpeechBrain.Sharp.Masks;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>What a frame may attend to, so that the model can be used on a stream: drawn for each batch.</summary>
internal sealed record ChunkRecipe
{
    [Description("whether there are chunks at all; else every frame sees everything")]
    public bool Streaming { get; init; } = true;

    [Description("probability that a batch is cut into chunks; a frame sees its chunk and those before it")]
    public double ChunkwiseProb { get; init; } = 1;

    [Description("smallest chunk, in frames")]
    public int ChunkSizeMin { get; init; } = 8;

    [Description("largest chunk")]
    public int ChunkSizeMax { get; init; } = 8;

    [Description("probability that a batch cut into chunks sees only some of the past")]
    public double LimitedLeftContextProb { get; init; }

    [Description("fewest chunks of the past that are seen then")]
    public int LeftContextChunksMin { get; init; } = 2;

    [Description("most chunks of the past that are seen then")]
    public int LeftContextChunksMax { get; init; } = 32;

    [Description("chunk in validation, tests and use, in frames; 0: everything")]
    public int TestChunkSize { get; init; } = 8;

    /// <summary>Draws the chunks of each batch; null: there are none.</summary>
    internal DynChunkTrainConfigRandomSampler? Sampler => Streaming
        ? new(ChunkwiseProb, ChunkSizeMin, ChunkSizeMax, LimitedLeftContextProb, LeftContextChunksMin, LeftContextChunksMax)
        : null;

    internal void Check()
    {
        RangeException.Unless(ChunkwiseProb is >= 0 and <= 1, nameof(ChunkwiseProb), ChunkwiseProb, "0 to 1");
        RangeException.Unless(ChunkSizeMin >= 1, nameof(ChunkSizeMin), ChunkSizeMin, "at least 1");
        RangeException.Unless(ChunkSizeMax >= ChunkSizeMin, nameof(ChunkSizeMax), ChunkSizeMax, $"at least {ChunkSizeMin}");
        RangeException.Unless(LimitedLeftContextProb is >= 0 and <= 1, nameof(LimitedLeftContextProb), LimitedLeftContextProb, "0 to 1");
        RangeException.Unless(LeftContextChunksMin >= 0, nameof(LeftContextChunksMin), LeftContextChunksMin, "0 or more");
        RangeException.Unless(
            LeftContextChunksMax >= LeftContextChunksMin, nameof(LeftContextChunksMax), LeftContextChunksMax, $"at least {LeftContextChunksMin}");
        RangeException.Unless(TestChunkSize >= 0, nameof(TestChunkSize), TestChunkSize, "0 or more");
    }
}
