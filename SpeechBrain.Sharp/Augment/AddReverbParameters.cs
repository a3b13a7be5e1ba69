namespace SpeechBrain.Sharp.Augment;

/// <summary>One draw of <see cref="AddReverb"/>.</summary>
/// <param name="Rir">The bank's impulse response for the batch or for each example.</param>
public sealed record AddReverbParameters(ValueList<int> Rir) : AugmentationParameters
{
    /// <inheritdoc/>
    public override AddReverbParameters ForExample(int example) => new(Rir.Only(example));
}
