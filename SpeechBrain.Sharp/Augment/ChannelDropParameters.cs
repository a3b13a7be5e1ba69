namespace SpeechBrain.Sharp.Augment;

/// <summary>One draw of <see cref="ChannelDrop"/>.</summary>
/// <param name="Keep">For the batch or for each example, whether each channel stays.</param>
public sealed record ChannelDropParameters(ValueList<ValueList<bool>> Keep) : AugmentationParameters
{
    /// <inheritdoc/>
    public override ChannelDropParameters ForExample(int example) => new(Keep.Only(example));
}
