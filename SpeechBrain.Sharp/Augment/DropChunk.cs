using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Augment;

/// <summary>Drops stretches of waveforms: zeros, or noise as loud as the speech.</summary>
/// <remarks>
/// After SpeechBrain 1.1.0, <c>speechbrain/augment/time_domain.py, DropChunk</c>. An example too short for the allowed range keeps its samples
/// and a chunk longer than the range is shortened to it, where SpeechBrain raises; noise works with channels; the loudness of noise is measured
/// over the example's valid samples. SpeechBrain loops over examples and chunks; here all chunks of a batch cost one copy of it.
/// </remarks>
public sealed class DropChunk : Augmentation<DropChunkParameters>
{
    private readonly ChunkDraw draw;

    /// <summary>Makes the augmentation.</summary>
    /// <param name="dropLengthLow">The shortest chunk in samples, at least 0.</param>
    /// <param name="dropLengthHigh">The longest, drawn too.</param>
    /// <param name="dropCountLow">The least chunks of an example.</param>
    /// <param name="dropCountHigh">The most, drawn too.</param>
    /// <param name="dropStart">The first sample that may be dropped; negative: counted from the example's end.</param>
    /// <param name="dropEnd">The sample before which chunks end; null: the example's end; negative: counted from it.</param>
    /// <param name="noiseFactor">0: zeros. Else uniform noise within twice the example's mean absolute value times this factor.</param>
    /// <param name="perBatch">Whether one draw, made for the shortest example, holds for the whole batch.</param>
    /// <exception cref="ArgumentOutOfRangeException">A negative or reversed range, or a factor that is negative or not finite.</exception>
    public DropChunk(
        long dropLengthLow = 100, long dropLengthHigh = 1000, long dropCountLow = 1, long dropCountHigh = 3, long dropStart = 0, long? dropEnd = null,
        double noiseFactor = 0, bool perBatch = false)
        : base(nameof(DropChunk))
    {
        draw = new ChunkDraw(dropLengthLow, dropLengthHigh, dropCountLow, dropCountHigh, dropStart, dropEnd);
        Require.Range(noiseFactor, nameof(noiseFactor), 0);
        NoiseFactor = noiseFactor;
        PerBatch = perBatch;
    }

    /// <summary>How loud the noise is that fills chunks, relative to the speech; 0: silence.</summary>
    public double NoiseFactor { get; }

    /// <summary>Whether one draw holds for the whole batch.</summary>
    public bool PerBatch { get; }

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <inheritdoc/>
    public override AugmentationLayouts Layouts => AugmentationLayouts.Waveforms;

    /// <inheritdoc/>
    protected override DropChunkParameters Draw(Generator generator, BatchShape shape)
    {
        var chunks = draw.Draw(generator, PerBatch ? [shape.Lengths.Min()] : shape.Lengths);
        if (NoiseFactor == 0)
            return new DropChunkParameters(chunks, null);
        long[] needed = [.. Enumerable.Range(0, (int)shape.Batch).Select(i => chunks.At(i).Sum(chunk => chunk.Length))];
        var starts = new long[needed.Length];
        for (int i = 1; i < starts.Length; i++)
            starts[i] = starts[i - 1] + needed[i - 1];
        return new DropChunkParameters(chunks, new ChunkNoise(Draws.Seed(generator), starts[^1] + needed[^1], [.. starts]));
    }

    /// <inheritdoc/>
    protected override AugmentedBatch Transform(AugmentedBatch batch, DropChunkParameters parameters)
    {
        RequireValues(parameters.Chunks, nameof(parameters.Chunks), batch.Shape);
        if (parameters.Noise is not { } noise)
            return Chunks.Drop(batch, parameters.Chunks);
        RequireValues(noise.Start, nameof(noise.Start), batch.Shape);
        Require.Range(noise.Length, nameof(noise.Length), 0);
        using var generator = new Generator((ulong)noise.Seed, batch.Data.device);
        long[] sizes = [noise.Length, .. batch.Shape.Sizes.Skip(2)];
        var stream = rand(sizes, SignalDtype(batch), batch.Data.device, generator: generator);
        return Chunks.Drop(batch, parameters.Chunks, stream, noise.Start, NoiseFactor);
    }

    private static ScalarType SignalDtype(AugmentedBatch batch) => Signal.SignalArguments.Work(batch.Data.dtype);
}
