using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Transducer;

/// <summary>The losses of a batch.</summary>
/// <param name="Total">What to take the gradient of: <c>ctcWeight * Ctc + (1 - ctcWeight) * Transducer</c>.</param>
/// <param name="Transducer">The RNN-T loss, the mean over the batch.</param>
/// <param name="Ctc">The CTC loss, the mean over the batch; null if it was not computed.</param>
public sealed record TransducerLosses(Tensor Total, Tensor Transducer, Tensor? Ctc);
