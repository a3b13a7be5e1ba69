namespace SpeechBrain.Sharp.Augment;

/// <summary>One draw of <see cref="AddNoise"/>.</summary>
/// <param name="Snr">Signal-to-noise ratio of the batch or of each example, in decibels.</param>
/// <param name="Noise">The noise.</param>
public sealed record AddNoiseParameters(ValueList<double> Snr, NoiseDraw Noise) : AugmentationParameters
{
    /// <inheritdoc/>
    public override AddNoiseParameters ForExample(int example) => new(Snr.Only(example), Noise.ForExample(example));
}
