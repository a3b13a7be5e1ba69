namespace SpeechBrain.Sharp.Augment;

/// <summary>
/// One draw of <see cref="Augmenter"/>, with the draws of all that it applied: the result is its branches, one behind the other. It is what
/// happened and not how it was decided, so that it can be read, cut and replayed by itself.
/// </summary>
/// <param name="Branches">
/// Runs of examples, each with what is applied to it in turn; originals are a branch without a step, and a batch that is left alone is one
/// such branch.
/// </param>
public sealed record AugmenterParameters(ValueList<AugmenterBranch> Branches) : AugmentationParameters
{
    /// <inheritdoc/>
    /// <remarks>The branches in which the example is: its rows, in their order.</remarks>
    public override AugmenterParameters ForExample(int example)
    {
        AugmenterBranch[] own =
            [.. Branches.Where(branch => example >= branch.Start && example < branch.End).Select(branch => branch.ForExample(example))];
        return own.Length > 0
            ? new([.. own])
            : throw new ArgumentOutOfRangeException(nameof(example), example, "No branch of the draw holds this example.");
    }
}
