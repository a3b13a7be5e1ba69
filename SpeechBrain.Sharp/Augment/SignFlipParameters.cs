namespace SpeechBrain.Sharp.Augment;

/// <summary>One draw of <see cref="SignFlip"/>.</summary>
/// <param name="Flip">Whether the sign changes: one for the batch or one for each example.</param>
public sealed record SignFlipParameters(ValueList<bool> Flip) : AugmentationParameters
{
    /// <inheritdoc/>
    public override SignFlipParameters ForExample(int example) => new(Flip.Only(example));
}
