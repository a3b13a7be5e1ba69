using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Transducer;

/// <summary>
/// Log-probabilities of the arcs under the joint <c>am[t] + lm[u]</c>, <c>[batch, U + 1, T]</c> or what broadcasts to it; ordinary differentiable
/// operations. Results lie in the current dispose scope.
/// </summary>
/// <param name="am">Scores <c>[batch, T, V]</c>, float32 or float64.</param>
/// <param name="lm">Scores <c>[batch, U + 1, V]</c> of the same dtype.</param>
/// <param name="index">Label of each lattice row, <c>[batch, U + 1, 1]</c>.</param>
/// <param name="blank">The index of blank.</param>
internal sealed class SimpleJoint(Tensor am, Tensor lm, Tensor index, long blank)
{
    // A product that underflows means logits 87 apart on every output (float32): its logarithm must not be minus infinity.
    private readonly Scalar tiny = am.dtype == ScalarType.Float64 ? 2.3e-308 : 1.2e-38;

    /// <summary>Blank and label arcs of the joint.</summary>
    public (Tensor Blank, Tensor Label) Arcs()
    {
        // The shifts cancel: no gradient need go through them.
        Tensor amTop = am.detach().amax([-1], keepdim: true), lmTop = lm.detach().amax([-1], keepdim: true);
        var sums = (lm - lmTop).exp().matmul((am - amTop).exp().transpose(1, 2)); // [batch, U + 1, T]
        var normalizer = sums.clamp_min(tiny).log() + lmTop + amTop.transpose(1, 2);
        return (
            am.select(-1, blank).unsqueeze(1) + lm.select(-1, blank).unsqueeze(2) - normalizer,
            OfLabels(am) + lm.gather(2, index) - normalizer);
    }

    /// <summary>Arcs by the predictor alone, <c>[batch, U + 1, 1]</c>.</summary>
    public (Tensor Blank, Tensor Label) LanguageArcs()
    {
        var log = lm.log_softmax(-1);
        return (log.select(-1, blank).unsqueeze(2), log.gather(2, index));
    }

    /// <summary>Arcs by the encoder and the predictor's mean distribution over all states of the batch.</summary>
    /// <param name="labels">Labels of each utterance <c>[batch]</c>: states beyond them are padding.</param>
    public (Tensor Blank, Tensor Label) AcousticArcs(Tensor labels)
    {
        var row = arange(lm.size(1), dtype: ScalarType.Int64, device: lm.device).unsqueeze(0);
        var isState = row.le(labels.unsqueeze(1)).unsqueeze(-1).to(lm.dtype);
        var unigram = (lm.softmax(-1) * isState).sum([0, 1]) / isState.sum();
        var log = (am + unigram.clamp_min(tiny).log()).log_softmax(-1);
        return (log.select(-1, blank).unsqueeze(1), OfLabels(log));
    }

    private Tensor OfLabels(Tensor scores) => scores.transpose(1, 2).gather(1, index.expand(-1, -1, scores.size(1)));
}
