using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Masks;

/// <summary>
/// Draws the chunks of a training batch; validation and test have fixed ones.
/// </summary>
/// <remarks>
/// SpeechBrain 1.1.0, <c>speechbrain/utils/dynamic_chunk_training.py</c>. There the sampler is called with the stage and draws from torch's
/// own generator; here training calls <see cref="Sample"/> with a generator, and the other stages read <see cref="ValidConfig"/> and
/// <see cref="TestConfig"/>. A generator in the state of SpeechBrain's gives SpeechBrain's draws.
/// </remarks>
public sealed record DynChunkTrainConfigRandomSampler
{
    /// <summary>Describes the distribution of chunks.</summary>
    /// <param name="chunkwiseProb">Probability that a batch is cut into chunks at all, 0 to 1.</param>
    /// <param name="chunkSizeMin">Least chunk size in frames, at least 1.</param>
    /// <param name="chunkSizeMax">Largest chunk size in frames, inclusive.</param>
    /// <param name="limitedLeftContextProb">Probability that a batch cut into chunks has a limited left context, 0 to 1.</param>
    /// <param name="leftContextChunksMin">Least left context in chunks, at least 0.</param>
    /// <param name="leftContextChunksMax">Largest left context in chunks, inclusive.</param>
    /// <param name="testConfig">Chunks at test; null: full context.</param>
    /// <param name="validConfig">Chunks at validation; null: full context.</param>
    /// <exception cref="ArgumentException">A probability outside [0, 1], or a range that is empty or too low.</exception>
    public DynChunkTrainConfigRandomSampler(
        double chunkwiseProb, long chunkSizeMin, long chunkSizeMax, double limitedLeftContextProb, long leftContextChunksMin, long leftContextChunksMax,
        DynChunkTrainConfig? testConfig = null, DynChunkTrainConfig? validConfig = null)
    {
        Require.Range(chunkwiseProb, nameof(chunkwiseProb), 0, 1);
        Require.Range(chunkSizeMin, nameof(chunkSizeMin), 1);
        Require.Range(chunkSizeMax, nameof(chunkSizeMax), chunkSizeMin, long.MaxValue - 1);
        Require.Range(limitedLeftContextProb, nameof(limitedLeftContextProb), 0, 1);
        Require.Range(leftContextChunksMin, nameof(leftContextChunksMin), 0);
        Require.Range(leftContextChunksMax, nameof(leftContextChunksMax), leftContextChunksMin, long.MaxValue - 1);
        ChunkwiseProb = chunkwiseProb;
        ChunkSizeMin = chunkSizeMin;
        ChunkSizeMax = chunkSizeMax;
        LimitedLeftContextProb = limitedLeftContextProb;
        LeftContextChunksMin = leftContextChunksMin;
        LeftContextChunksMax = leftContextChunksMax;
        TestConfig = testConfig;
        ValidConfig = validConfig;
    }

    /// <summary>Probability that a batch is cut into chunks at all.</summary>
    public double ChunkwiseProb { get; }

    /// <summary>Least chunk size in frames.</summary>
    public long ChunkSizeMin { get; }

    /// <summary>Largest chunk size in frames, inclusive.</summary>
    public long ChunkSizeMax { get; }

    /// <summary>Probability that a batch cut into chunks has a limited left context.</summary>
    public double LimitedLeftContextProb { get; }

    /// <summary>Least left context in chunks.</summary>
    public long LeftContextChunksMin { get; }

    /// <summary>Largest left context in chunks, inclusive.</summary>
    public long LeftContextChunksMax { get; }

    /// <summary>Chunks at test; null: full context.</summary>
    public DynChunkTrainConfig? TestConfig { get; }

    /// <summary>Chunks at validation; null: full context.</summary>
    public DynChunkTrainConfig? ValidConfig { get; }

    /// <summary>
    /// Draws the chunks of one training batch: whether there are any, their size, whether the left context is limited, and how many chunks
    /// it has, in this order and each only where it matters.
    /// </summary>
    /// <param name="generator">A CPU generator.</param>
    /// <returns>The chunks, or null for full context.</returns>
    /// <exception cref="ArgumentException">The generator belongs to another device.</exception>
    public DynChunkTrainConfig? Sample(Generator generator)
    {
        Require.CpuGenerator(generator, nameof(generator));
        if (!Chance(ChunkwiseProb))
            return null;
        long chunkSize = Between(ChunkSizeMin, ChunkSizeMax);
        return new DynChunkTrainConfig(chunkSize, Chance(LimitedLeftContextProb) ? Between(LeftContextChunksMin, LeftContextChunksMax) : null);

        bool Chance(double probability)
        {
            using var draw = rand([1L], ScalarType.Float32, CPU, generator: generator);
            return draw.item<float>() < probability;
        }

        long Between(long low, long high)
        {
            using var draw = randint(low, high + 1, [1L], ScalarType.Int64, CPU, generator: generator);
            return draw.item<long>();
        }
    }
}
