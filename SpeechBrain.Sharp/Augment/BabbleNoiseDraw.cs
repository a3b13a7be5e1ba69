namespace SpeechBrain.Sharp.Augment;

/// <summary>One draw of <see cref="BabbleNoise"/>.</summary>
/// <param name="Speakers">For each example the other examples that are heard behind it.</param>
public sealed record BabbleNoiseDraw(ValueList<ValueList<int>> Speakers) : NoiseDraw
{
    /// <summary>Refused: the noise is made of other examples.</summary>
    /// <exception cref="InvalidOperationException">Always.</exception>
    public override BabbleNoiseDraw ForExample(int example) =>
        throw new InvalidOperationException("Babble is made of other examples of the batch; one example alone has no such draw.");
}
