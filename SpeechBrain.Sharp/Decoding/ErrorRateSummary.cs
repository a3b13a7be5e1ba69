namespace SpeechBrain.Sharp.Decoding;

/// <summary>The errors of many utterances.</summary>
/// <param name="Edits">All errors.</param>
/// <param name="ReferenceTokens">Tokens of all references.</param>
/// <param name="Insertions">Tokens that the references lack.</param>
/// <param name="Deletions">Tokens that the hypotheses lack.</param>
/// <param name="Substitutions">Tokens recognised as others.</param>
/// <param name="ErroneousSentences">Utterances with at least one error.</param>
/// <param name="Sentences">Utterances.</param>
public sealed record ErrorRateSummary(
    int Edits, int ReferenceTokens, int Insertions, int Deletions, int Substitutions, int ErroneousSentences, int Sentences)
{
    /// <summary>Errors in percent of the references' tokens; 0 if these have none. With split tokens this is the character error rate.</summary>
    public double ErrorRate => ReferenceTokens == 0 ? 0 : 100.0 * Edits / ReferenceTokens;

    /// <summary>Utterances with an error, in percent; 0 if there are none (SpeechBrain divides by zero then).</summary>
    public double SentenceErrorRate => Sentences == 0 ? 0 : 100.0 * ErroneousSentences / Sentences;

    /// <summary>The line that SpeechBrain and Kaldi print: <c>%WER 62.90 [ 39 / 62, 12 ins, 15 del, 12 sub ]</c>.</summary>
    /// <returns>One line without its end.</returns>
    public override string ToString() =>
        $"%WER {Percent.Format(ErrorRate)} [ {Edits} / {ReferenceTokens}, {Insertions} ins, {Deletions} del, {Substitutions} sub ]";
}
