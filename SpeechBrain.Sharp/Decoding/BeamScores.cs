namespace SpeechBrain.Sharp.Decoding;

/// <summary>What may follow some labels in a frame.</summary>
/// <param name="Blank">Blank's log-probability.</param>
/// <param name="Outputs">The likeliest outputs, best first; blank may be among them.</param>
/// <param name="LogProbabilities">Their log-probabilities.</param>
/// <param name="LanguageModel">What a language model gives for each; null without one.</param>
internal sealed record BeamScores(double Blank, int[] Outputs, double[] LogProbabilities, double[]? LanguageModel);
