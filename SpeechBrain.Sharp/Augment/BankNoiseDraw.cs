namespace SpeechBrain.Sharp.Augment;

/// <summary>One draw of <see cref="BankNoise"/>.</summary>
/// <param name="File">The bank's recording for the batch or for each example.</param>
/// <param name="Start">The first sample that is taken of it.</param>
public sealed record BankNoiseDraw(ValueList<int> File, ValueList<long> Start) : NoiseDraw
{
    /// <inheritdoc/>
    public override BankNoiseDraw ForExample(int example) => new(File.Only(example), Start.Only(example));
}
