namespace SpeechBrain.Sharp.Augment;

/// <summary>One draw of <see cref="ChannelSwap"/>.</summary>
/// <param name="Order">For the batch or for each example, the channel that takes each channel's place: a permutation.</param>
public sealed record ChannelSwapParameters(ValueList<ValueList<int>> Order) : AugmentationParameters
{
    /// <inheritdoc/>
    public override ChannelSwapParameters ForExample(int example) => new(Order.Only(example));
}
