namespace SpeechBrain.Sharp.Augment;

/// <summary>One draw of <see cref="DoClip"/>.</summary>
/// <param name="Clip">The amplitude of the batch or of each example that is clipped, as a part of its peak: above 0, at most 1 to change anything.</param>
public sealed record DoClipParameters(ValueList<double> Clip) : AugmentationParameters
{
    /// <inheritdoc/>
    public override DoClipParameters ForExample(int example) => new(Clip.Only(example));
}
