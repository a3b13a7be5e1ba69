namespace SpeechBrain.Sharp.Augment;

/// <summary>Examples of a batch and what is applied to them: a part of the result of an <see cref="Augmenter"/>.</summary>
/// <param name="Start">The first example.</param>
/// <param name="End">One behind the last.</param>
/// <param name="Steps">What is applied, in turn; none: the examples come as they are.</param>
public sealed record AugmenterBranch(int Start, int End, ValueList<AugmenterStep> Steps)
{
    /// <summary>The branch of one of its examples, alone in its batch.</summary>
    internal AugmenterBranch ForExample(int example) =>
        new(0, 1, [.. Steps.Select(step => step with { Parameters = step.Parameters.ForExample(example - Start) })]);
}
