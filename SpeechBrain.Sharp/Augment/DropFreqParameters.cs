namespace SpeechBrain.Sharp.Augment;

/// <summary>One draw of <see cref="DropFreq"/>.</summary>
/// <param name="Frequencies">
/// The lower edges of the notches of the batch or of each example, as parts of the Nyquist frequency: above 0, at most 1.
/// </param>
public sealed record DropFreqParameters(ValueList<ValueList<double>> Frequencies) : AugmentationParameters
{
    /// <inheritdoc/>
    public override DropFreqParameters ForExample(int example) => new(Frequencies.Only(example));
}
