namespace SpeechBrain.Sharp.Augment;

/// <summary>One draw of <see cref="RandAmp"/>.</summary>
/// <param name="Amplitude">The peak that the batch or each example gets.</param>
public sealed record RandAmpParameters(ValueList<double> Amplitude) : AugmentationParameters
{
    /// <inheritdoc/>
    public override RandAmpParameters ForExample(int example) => new(Amplitude.Only(example));
}
