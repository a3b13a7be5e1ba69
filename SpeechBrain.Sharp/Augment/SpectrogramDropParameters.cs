namespace SpeechBrain.Sharp.Augment;

/// <summary>One draw of <see cref="SpectrogramDrop"/>.</summary>
/// <param name="Spans">For each example what is dropped: frames, or features; they may overlap.</param>
/// <param name="Replace">
/// What comes in its place, never <see cref="SpectrogramReplace.RandomSelection"/>: one for the batch or one for each example.
/// </param>
/// <param name="Shift">By how many frames <see cref="SpectrogramReplace.Swap"/> turns an example: one for the batch or one for each example.</param>
/// <param name="Seed">Seed of each example's noise for <see cref="SpectrogramReplace.Rand"/>, 0 to 2^31 - 2.</param>
public sealed record SpectrogramDropParameters(
    ValueList<ValueList<Chunk>> Spans, ValueList<SpectrogramReplace> Replace, ValueList<long> Shift, ValueList<long> Seed) : AugmentationParameters
{
    /// <inheritdoc/>
    public override SpectrogramDropParameters ForExample(int example) => Replace.At(example) == SpectrogramReplace.CutCat
        ? throw new InvalidOperationException("An example that takes slices of another one has no draw of its own.")
        : new(Spans.Only(example), Replace.Only(example), Shift.Only(example), Seed.Only(example));
}
