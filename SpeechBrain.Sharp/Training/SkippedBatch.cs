namespace SpeechBrain.Sharp.Training;

/// <summary>A batch that <see cref="WeightUpdate"/> left out, because its loss or its gradient is not finite.</summary>
/// <param name="Loss">Its loss.</param>
/// <param name="GradNorm">The 2-norm of its gradient over all parameters.</param>
/// <param name="UtteranceIds">Its utterances.</param>
public sealed record SkippedBatch(double Loss, double GradNorm, IReadOnlyList<string> UtteranceIds)
{
    private const int Shown = 16;

    /// <summary>What is not finite, and the utterances by name: the first 16.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"loss {Loss}, gradient norm {GradNorm}, utterances {string.Join(", ", UtteranceIds.Take(Shown))}")
        + (UtteranceIds.Count > Shown ? $" and {UtteranceIds.Count - Shown} more" : "");
}
