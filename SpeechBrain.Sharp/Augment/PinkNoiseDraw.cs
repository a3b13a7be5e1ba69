namespace SpeechBrain.Sharp.Augment;

/// <summary>One draw of <see cref="PinkNoise"/>.</summary>
/// <param name="Block">The white noise that is coloured.</param>
/// <param name="Alpha">The colour of each row of the block.</param>
public sealed record PinkNoiseDraw(NoiseBlock Block, ValueList<double> Alpha) : NoiseDraw
{
    /// <summary>The row of one example; the colours of all rows stay, since they belong to the block.</summary>
    /// <param name="example">The example's place in the batch.</param>
    public override PinkNoiseDraw ForExample(int example) => new(Block.ForExample(example), Alpha);
}
