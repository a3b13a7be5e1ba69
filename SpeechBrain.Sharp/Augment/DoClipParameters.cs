namespace SpeechBrain.Sharp.Augment;

/// <summary>One draw of <see cref="DoClip"/>.</summary>
/// <param name="Clip">
/// The amplitude at which the batch or each example is clipped, as a part of its peak: above 0. 1 changes nothing; above 1 the
/// samples are divided by it.
/// </param>
public sealed record DoClipParameters(ValueList<double> Clip) : AugmentationParameters
{
    /// <inheritdoc/>
    public override DoClipParameters ForExample(int example) => new(Clip.Only(example));
}
