namespace SpeechBrain.Sharp.Augment;

/// <summary>One draw of <see cref="DropChunk"/> or <see cref="FastDropChunk"/>.</summary>
/// <param name="Chunks">The chunks that are dropped, for the batch or for each example; later ones lie over earlier ones.</param>
/// <param name="Noise">What fills them; null: zeros.</param>
public sealed record DropChunkParameters(ValueList<ValueList<Chunk>> Chunks, ChunkNoise? Noise) : AugmentationParameters
{
    /// <inheritdoc/>
    public override DropChunkParameters ForExample(int example) =>
        new(Chunks.Only(example), Noise is null ? null : Noise with { Start = Noise.Start.Only(example) });
}
