namespace SpeechBrain.Sharp.Augment;

/// <summary>One draw of <see cref="Warping"/>.</summary>
/// <param name="Center">The frame (or feature) that moves: one for the batch or one for each example; 0: nothing does.</param>
/// <param name="Target">Where it goes.</param>
public sealed record WarpingParameters(ValueList<long> Center, ValueList<long> Target) : AugmentationParameters
{
    /// <inheritdoc/>
    public override WarpingParameters ForExample(int example) => new(Center.Only(example), Target.Only(example));
}
