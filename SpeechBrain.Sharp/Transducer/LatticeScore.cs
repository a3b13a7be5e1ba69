using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Transducer;

/// <summary>The losses of a lattice of arcs, differentiable by the arcs' log-probabilities.</summary>
internal static class LatticeScore
{
    /// <summary>Losses, and the posterior probabilities that a path of the utterance takes an arc.</summary>
    /// <param name="blank">Log-probabilities <c>[batch, U + 1, T]</c>.</param>
    /// <param name="label">Log-probabilities <c>[batch, U + 1, T]</c>.</param>
    /// <param name="frames">Frames of each utterance, <c>[batch]</c> int64.</param>
    /// <param name="labels">Labels of each utterance, <c>[batch]</c> int64.</param>
    /// <returns>Losses <c>[batch]</c>, and posteriors <c>[batch, T, U + 1]</c> without a gradient of their own.</returns>
    public static (Tensor Loss, Tensor BlankArcs, Tensor LabelArcs) Of(Tensor blank, Tensor label, Tensor frames, Tensor labels)
    {
        using var scope = NewDisposeScope();
        Tensor loss, blankArcs, labelArcs;
        using (no_grad())
            (loss, blankArcs, labelArcs) = new TransducerLattice(blank.detach(), label.detach(), frames, labels).LossAndPosteriors();
        List<(Tensor, Tensor)> gradients = [];
        if (is_grad_enabled() && blank.requires_grad)
            gradients.Add((blank, blankArcs.transpose(1, 2).neg()));
        if (is_grad_enabled() && label.requires_grad)
            gradients.Add((label, labelArcs.transpose(1, 2).neg()));
        return scope.MoveToOuter(KnownGradient.Of(loss, gradients), blankArcs, labelArcs);
    }

    /// <summary>One value of many losses <c>[batch]</c>, or the losses themselves.</summary>
    public static Tensor Reduce(Tensor losses, LossReduction reduction) => reduction switch
    {
        LossReduction.Sum => losses.sum(),
        LossReduction.Mean => losses.sum() / losses.size(0),
        _ => losses.alias(),
    };
}
