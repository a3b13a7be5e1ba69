namespace SpeechBrain.Sharp.Decoding;

/// <summary>One of the texts that a beam search found in an utterance.</summary>
/// <param name="Tokens">The labels, without blanks.</param>
/// <param name="LogProbability">
/// The transducer's log-probability: of all its alignments that the beam kept; with <see cref="TransducerBeamSearchOptions.MergeDuplicates"/> off, of
/// one of them.
/// </param>
/// <param name="LanguageModelLogProbability">The language model's, of the labels alone; 0 without a model.</param>
/// <param name="Score">
/// What hypotheses are ranked by: <c>LogProbability + LmWeight * LanguageModelLogProbability</c>, and, with
/// <see cref="TransducerBeamSearchOptions.NormalizeByLength"/>, that over the number of labels and one for the beginning.
/// </param>
public sealed record BeamHypothesis(IReadOnlyList<int> Tokens, double LogProbability, double LanguageModelLogProbability, double Score);
