using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Decoding;

/// <summary>
/// A language model that a beam search asks how likely each label comes next (shallow fusion). It may be a network (<see cref="RNNLM"/>), or
/// a table of counts whose state is the number of the last words.
/// </summary>
public interface ILanguageModel
{
    /// <summary>Takes in one more token of each of several texts. The search calls it without gradients.</summary>
    /// <param name="tokens">Tokens <c>[texts]</c>, int64, on the transducer's device; at the beginning of a text that is blank.</param>
    /// <param name="states">
    /// What it gave as states of each text's tokens so far, a row a text; null: the texts begin.
    /// </param>
    /// <returns>
    /// Log-probabilities of what comes next <c>[texts, outputs]</c>, floating point, outputs numbered as the transducer's (what stands at blank is
    /// not used); and states of any number, shape and dtype, the first dimension of each being the texts. All in the current dispose scope and on
    /// the device of the tokens.
    /// </returns>
    (Tensor LogProbabilities, IReadOnlyList<Tensor> States) Next(Tensor tokens, IReadOnlyList<Tensor>? states);
}
