namespace SpeechBrain.Sharp.Decoding;

/// <summary>What greedy search heard in one utterance.</summary>
/// <param name="Tokens">The labels, without blanks.</param>
/// <param name="LogProbability">
/// The sum of their log-probabilities; blanks are not counted, as in SpeechBrain. Its exponential is SpeechBrain's score of the utterance.
/// </param>
public sealed record GreedyHypothesis(IReadOnlyList<int> Tokens, double LogProbability);
