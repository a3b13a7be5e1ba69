namespace SpeechBrain.Sharp.Augment;

/// <summary>One draw of <see cref="CodecAugment"/>.</summary>
/// <param name="Codec">The codec: one for the batch or one for each example.</param>
public sealed record CodecAugmentParameters(ValueList<Codec> Codec) : AugmentationParameters
{
    /// <inheritdoc/>
    public override CodecAugmentParameters ForExample(int example) => new(Codec.Only(example));
}
