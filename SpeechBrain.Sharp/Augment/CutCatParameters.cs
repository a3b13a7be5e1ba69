namespace SpeechBrain.Sharp.Augment;

/// <summary>One draw of <see cref="CutCat"/>.</summary>
/// <param name="Cuts">
/// For the batch or for each example the samples at which a new segment begins, ascending; every second segment, the one behind the first cut among
/// them, comes from the example before.
/// </param>
public sealed record CutCatParameters(ValueList<ValueList<long>> Cuts) : AugmentationParameters
{
    /// <summary>Refused: an example's segments come from another one.</summary>
    /// <exception cref="InvalidOperationException">Always.</exception>
    public override CutCatParameters ForExample(int example) =>
        throw new InvalidOperationException("CutCat takes segments from the example before; one example alone has no such draw.");
}
