using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Conformer;

/// <summary>All that a pass through an encoder makes; the tensors belong to the caller.</summary>
/// <param name="Output"><c>[batch, time, dModel]</c>, normalized.</param>
/// <param name="HiddenStates">The input, then the output of each layer that took part; not normalized.</param>
/// <param name="Attention">The attention weights of each layer that took part, as in <see cref="SelfAttention.ForwardWithWeights"/>.</param>
public sealed record ConformerEncoderStates(Tensor Output, IReadOnlyList<Tensor> HiddenStates, IReadOnlyList<Tensor?> Attention);
