namespace SpeechBrain.Sharp.Augment;

/// <summary>One draw of <see cref="WhiteNoise"/>.</summary>
/// <param name="Block">The noise.</param>
public sealed record WhiteNoiseDraw(NoiseBlock Block) : NoiseDraw
{
    /// <inheritdoc/>
    public override WhiteNoiseDraw ForExample(int example) => new(Block.ForExample(example));
}
