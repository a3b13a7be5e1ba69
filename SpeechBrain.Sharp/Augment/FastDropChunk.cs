using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Augment;

/// <summary>
/// Drops stretches of waveforms that are all of one length: the stretches are drawn once, and each call takes some of them, shifted in a circle.
/// </summary>
/// <remarks>
/// After SpeechBrain 1.1.0, <c>speechbrain/augment/time_domain.py, FastDropChunk</c>, which keeps masks of <c>nMasks</c> times time floats, permutes
/// and rolls all of them in every call and by one shift for the batch. Here the patterns are short lists, made from <c>maskSeed</c> when the first
/// batch of a length is drawn for; each example takes one and a shift of its own. Dropping costs the same as in <see cref="DropChunk"/>.
/// </remarks>
public sealed class FastDropChunk : Augmentation<DropChunkParameters>
{
    private readonly ChunkDraw draw;
    // Both in one reference, so that threads which draw for batches of different times do not meet each other's.
    private Patterns last = new(-1, []);

    /// <summary>Makes the augmentation.</summary>
    /// <param name="dropLengthLow">The shortest chunk in samples, at least 0.</param>
    /// <param name="dropLengthHigh">The longest, drawn too.</param>
    /// <param name="dropCountLow">The least chunks of an example.</param>
    /// <param name="dropCountHigh">The most, drawn too.</param>
    /// <param name="dropStart">The first sample that may be dropped, before the shift; negative: counted from the end.</param>
    /// <param name="dropEnd">The sample before which chunks end, before the shift; null: the end; negative: counted from it.</param>
    /// <param name="nMasks">Number of patterns, at least 1.</param>
    /// <param name="maskSeed">Seed of the patterns.</param>
    /// <param name="perBatch">Whether one shift holds for the whole batch, as in SpeechBrain.</param>
    /// <exception cref="ArgumentOutOfRangeException">A negative or reversed range, or no pattern.</exception>
    public FastDropChunk(
        long dropLengthLow = 100, long dropLengthHigh = 1000, long dropCountLow = 1, long dropCountHigh = 10, long dropStart = 0,
        long? dropEnd = null, int nMasks = 1000, ulong maskSeed = 0, bool perBatch = false)
        : base(nameof(FastDropChunk))
    {
        draw = new ChunkDraw(dropLengthLow, dropLengthHigh, dropCountLow, dropCountHigh, dropStart, dropEnd);
        Require.Range(nMasks, nameof(nMasks), 1);
        NMasks = nMasks;
        MaskSeed = maskSeed;
        PerBatch = perBatch;
    }

    /// <summary>Number of patterns.</summary>
    public int NMasks { get; }

    /// <summary>Seed of the patterns.</summary>
    public ulong MaskSeed { get; }

    /// <summary>Whether one shift holds for the whole batch.</summary>
    public bool PerBatch { get; }

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <inheritdoc/>
    public override AugmentationLayouts Layouts => AugmentationLayouts.Waveforms;

    /// <summary>Moves chunks forward in a circle of a length; one that passes the end becomes two.</summary>
    internal static ValueList<Chunk> Roll(IEnumerable<Chunk> chunks, long shift, long time) =>
    [
        .. chunks.SelectMany(chunk =>
        {
            long start = (chunk.Start + shift) % time, rest = start + chunk.Length - time;
            return rest > 0 ? [new Chunk(start, chunk.Length - rest), new Chunk(0, rest)] : (Chunk[])[new Chunk(start, chunk.Length)];
        }),
    ];

    /// <inheritdoc/>
    protected override DropChunkParameters Draw(Generator generator, BatchShape shape)
    {
        var patterns = last;
        if (patterns.Time != shape.Time)
        {
            using var own = new Generator(MaskSeed);
            last = patterns = new(shape.Time, draw.Draw(own, [.. Enumerable.Repeat(shape.Time, NMasks)]));
        }
        long[] chosen = Draws.Integers(generator, shape.Batch, 0, NMasks - 1);
        long[] shifts = Draws.Integers(generator, PerBatch ? 1 : shape.Batch, 0, shape.Time - 1);
        return new DropChunkParameters(
            [.. chosen.Select((pattern, i) => Roll(patterns.Chunks[(int)pattern], shifts[PerBatch ? 0 : i], shape.Time))], null);
    }

    /// <inheritdoc/>
    protected override AugmentedBatch Transform(AugmentedBatch batch, DropChunkParameters parameters)
    {
        RequireValues(parameters.Chunks, nameof(parameters.Chunks), batch.Shape);
        if (parameters.Noise is not null)
            throw new ArgumentException(
                $"The draw has noise in its chunks; {nameof(FastDropChunk)} has none, {nameof(DropChunk)} has.", nameof(parameters));
        return Chunks.Drop(batch, parameters.Chunks);
    }

    private sealed record Patterns(long Time, ValueList<ValueList<Chunk>> Chunks);
}
