namespace SpeechBrain.Sharp.Augment;

/// <summary>One draw of <see cref="DropBitResolution"/>.</summary>
/// <param name="Target">The resolution of the batch or of each example.</param>
public sealed record DropBitResolutionParameters(ValueList<BitResolution> Target) : AugmentationParameters
{
    /// <inheritdoc/>
    public override DropBitResolutionParameters ForExample(int example) => new(Target.Only(example));
}
