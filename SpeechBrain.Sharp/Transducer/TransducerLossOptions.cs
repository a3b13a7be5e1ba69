using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Transducer;

/// <summary>
/// What is rarely changed about an RNN-T loss.
/// <code>
/// using var skipped = new SkippedUtterances();
/// var options = new TransducerLossOptions { FastEmit = 0.005, SkipNonFinite = skipped };
/// </code>
/// </summary>
public sealed record TransducerLossOptions
{
    /// <summary>What computes it.</summary>
    public TransducerLossEngine Engine { get; init; } = TransducerLossEngine.Auto;

    /// <summary>
    /// What <see cref="TransducerLossEngine.Tensor"/> computes the lattice in: float64, or float32 for devices where float64 is very slow (its error
    /// grows with the utterance: about 1e-3 at 300 frames). <see cref="TransducerLossEngine.Cpu"/> always takes float64, but for utterances that the
    /// budget of a fused loss cuts along time: those go through tensor operations.
    /// </summary>
    public ScalarType LatticeType { get; init; } = ScalarType.Float64;

    /// <summary>
    /// The weight lambda of FastEmit (J. Yu et al., FastEmit: low-latency streaming ASR with sequence-level emission regularization, 2021), which
    /// makes a model emit its labels earlier; 0 leaves it out, the paper uses 0.001 to 0.01. The gradient that comes by way of the label arcs counts
    /// 1 + lambda. The loss's value stays what it is, so with it the gradient is no longer that of the value.
    /// </summary>
    public double FastEmit { get; init; }

    /// <summary>
    /// The gradient of each utterance's negative log-likelihood by each logit is limited to plus and minus this, before it is divided by frames
    /// or batch or multiplied by whatever follows the loss, as torchaudio's <c>clamp</c> does; null: no limit.
    /// </summary>
    public double? GradientClamp { get; init; }

    /// <summary>
    /// Where given, an utterance whose loss is NaN or infinite (a logit of NaN or plus infinity, or minus infinities that leave no path) is left
    /// out and counted here: its loss and gradient are 0, and the mean is that of the others. Nothing waits for the device. Null: such an utterance's
    /// loss and gradient are NaN or infinite, and so are sum and mean; the other utterances' gradients are not harmed.
    /// </summary>
    public SkippedUtterances? SkipNonFinite { get; init; }

    internal TransducerGradientOptions Gradient => new(FastEmit, GradientClamp ?? double.PositiveInfinity);
}
