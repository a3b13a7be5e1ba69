using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Transducer;

/// <summary>What the simple joint says of a batch.</summary>
/// <param name="Loss">The loss: a scalar, or <c>[batch]</c> without reduction.</param>
/// <param name="BlankArcs">
/// Probability that an alignment takes the blank arc of a node, <c>[batch, T, U + 1]</c>; 0 outside the utterance, without a gradient.
/// </param>
/// <param name="LabelArcs">Probability that an alignment takes the label arc of a node, <c>[batch, T, U + 1]</c>.</param>
public sealed record SimpleTransducerScore(Tensor Loss, Tensor BlankArcs, Tensor LabelArcs);
