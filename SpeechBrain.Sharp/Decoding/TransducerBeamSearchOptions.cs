namespace SpeechBrain.Sharp.Decoding;

/// <summary>
/// What a <see cref="TransducerBeamSearcher"/> keeps and what it gives up. The defaults are SpeechBrain's, where it has such a setting.
/// </summary>
public sealed record TransducerBeamSearchOptions
{
    /// <summary>Hypotheses that a frame may leave, and outputs that continue each; at least 1. With 1 the search is greedy.</summary>
    public int BeamSize { get; init; } = 4;

    /// <summary>The most hypotheses to return, at least 1.</summary>
    public int NBest { get; init; } = 5;

    /// <summary>What a language model's log-probability of a label counts, 0 or more; 0: no model.</summary>
    public double LmWeight { get; init; }

    /// <summary>
    /// A frame ends when the best hypothesis that has left it is so much (in natural logarithms) better than the best one still in it; 0 or more,
    /// infinity: never.
    /// </summary>
    public double StateBeam { get; init; } = 2.3;

    /// <summary>
    /// A label continues a hypothesis only if its log-probability is at most so much below the best label's; 0 or more, infinity: always.
    /// </summary>
    public double ExpandBeam { get; init; } = 2.3;

    /// <summary>The most labels a frame may emit, at least 1. SpeechBrain has no such limit, and may never come to an end.</summary>
    public int MaxSymbolsPerStep { get; init; } = 5;

    /// <summary>
    /// Whether hypotheses of the same labels become one, whose probability is their sum. SpeechBrain keeps them apart: several places of the beam
    /// can then hold one text, each with a part of its probability.
    /// </summary>
    public bool MergeDuplicates { get; init; } = true;

    /// <summary>
    /// Whether hypotheses are ranked by their score over the number of their labels and one, as in SpeechBrain, or by the score itself.
    /// </summary>
    public bool NormalizeByLength { get; init; } = true;

    internal void Check(bool hasLanguageModel)
    {
        Require.Range(BeamSize, nameof(BeamSize), 1);
        Require.Range(NBest, nameof(NBest), 1);
        Require.Range(MaxSymbolsPerStep, nameof(MaxSymbolsPerStep), 1);
        Require.Range(LmWeight, nameof(LmWeight), 0);
        foreach (var (name, value) in ((string, double)[])[(nameof(StateBeam), StateBeam), (nameof(ExpandBeam), ExpandBeam)])
            if (!(value >= 0))
                throw new ArgumentOutOfRangeException(name, value, $"{name} must be 0 or more; infinity prunes nothing.");
        if (LmWeight > 0 && !hasLanguageModel)
            throw new ArgumentException(
                FormattableString.Invariant($"LmWeight is {LmWeight}, and there is no language model; give one, or the weight 0."), nameof(LmWeight));
    }
}
