namespace SpeechBrain.Sharp.Augment;

/// <summary>One draw of <see cref="RandomShift"/>.</summary>
/// <param name="Shift">By how many places the data move, to the right or (negative) left: one for the batch or one for each example.</param>
public sealed record RandomShiftParameters(ValueList<long> Shift) : AugmentationParameters
{
    /// <inheritdoc/>
    public override RandomShiftParameters ForExample(int example) => new(Shift.Only(example));
}
