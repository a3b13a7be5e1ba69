namespace SpeechBrain.Sharp.Decoding;

/// <summary>The errors of one utterance.</summary>
/// <param name="Id">The utterance's name.</param>
/// <param name="Reference">The tokens that should have been recognised.</param>
/// <param name="Hypothesis">The tokens that were.</param>
/// <param name="Alignment">The shortest edit path between them.</param>
public sealed record UtteranceErrors(
    string Id, IReadOnlyList<string> Reference, IReadOnlyList<string> Hypothesis, IReadOnlyList<AlignedPair> Alignment)
{
    /// <summary>Tokens of the reference; a reference that is empty or begins with an empty token counts none, as in SpeechBrain.</summary>
    public int ReferenceTokens => Reference.Count == 0 || Reference[0].Length == 0 ? 0 : Reference.Count;

    /// <summary>Tokens of the hypothesis that the reference lacks.</summary>
    public int Insertions => Alignment.Count(p => p.Edit == Edit.Insertion);

    /// <summary>Tokens of the reference that the hypothesis lacks.</summary>
    public int Deletions => Alignment.Count(p => p.Edit == Edit.Deletion);

    /// <summary>Tokens recognised as others.</summary>
    public int Substitutions => Alignment.Count(p => p.Edit == Edit.Substitution);

    /// <summary>All errors.</summary>
    public int Edits => Alignment.Count(p => p.Edit != Edit.Equal);

    /// <summary>Errors in percent of the reference's tokens (of 1 if it has none).</summary>
    public double ErrorRate => 100.0 * Edits / Math.Max(1, ReferenceTokens);
}
