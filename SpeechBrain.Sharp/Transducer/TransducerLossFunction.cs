using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Transducer;

/// <summary>
/// The RNN-T loss by tensor operations as one node of the autograd graph: logits in, one negative log-likelihood an utterance out. It keeps the
/// logits themselves and two numbers a lattice node, so that nothing as large as the logits lives between forward and backward.
/// </summary>
internal sealed class TransducerLossFunction : autograd.SingleTensorFunction<TransducerLossFunction>
{
    private const string BlankKey = "blank";
    private const string OptionsKey = "options";
    private const string ShapeKey = "shape";

    /// <inheritdoc/>
    public override string Name => nameof(TransducerLossFunction);

    /// <summary>The losses without a graph: half the work of <see cref="forward"/> and <see cref="backward"/>.</summary>
    /// <returns>Negative log-likelihoods <c>[batch]</c> in the lattice's dtype.</returns>
    public static Tensor Evaluate(Tensor logits, TransducerTargets targets)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return LossAndPosteriors(logits, targets).Loss.MoveToOuterDisposeScope();
    }

    /// <summary>Takes logits, <see cref="TransducerTargets"/> and <see cref="TransducerGradientOptions"/>.</summary>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var logits = (Tensor)vars[0];
        var targets = (TransducerTargets)vars[1];
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var (loss, blankArcs, labelArcs) = LossAndPosteriors(logits, targets);

        ctx.save_data(BlankKey, targets.Blank);
        ctx.save_data(OptionsKey, vars[2]);
        ctx.save_data(ShapeKey, (logits.shape, logits.dtype));
        // The binding saves these after this method has returned: they must outlive its scope.
        ctx.save_for_backward([logits, targets.Index, blankArcs.MoveToOuterDisposeScope(), labelArcs.MoveToOuterDisposeScope()]);
        return loss.MoveToOuterDisposeScope();
    }

    /// <summary>The gradient of the losses, weighted by <paramref name="grad_output"/> <c>[batch]</c>; see <see cref="GuardedBackward"/>.</summary>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var (shape, dtype) = ((long[], ScalarType))ctx.get_data(ShapeKey);
        return [GuardedBackward.Run(Name, shape, dtype, grad_output.device, () => Gradient(ctx, grad_output)), null!, null!];
    }

    private static (Tensor Loss, Tensor BlankArcs, Tensor LabelArcs) LossAndPosteriors(Tensor logits, TransducerTargets targets)
    {
        var nodes = new LatticeLogits(logits, targets.Blank, targets.Index);
        var (blank, label) = nodes.ArcLogProbabilities(targets.LatticeType);
        return new TransducerLattice(blank, label, targets.Frames, targets.Labels).LossAndPosteriors();
    }

    private static Tensor Gradient(autograd.AutogradContext ctx, Tensor lossWeights)
    {
        // get_saved_variables makes new tensors: they are in the caller's scope.
        if (ctx.get_saved_variables() is not [var logits, var index, var blankArcs, var labelArcs])
            throw new InvalidOperationException("four tensors were saved");
        var options = (TransducerGradientOptions)ctx.get_data(OptionsKey);
        var weights = lossWeights.reshape(-1, 1, 1);
        var unused = weights.eq(0);
        // What does not count must not reach the gradient even where it is NaN.
        return new LatticeLogits(logits, (long)ctx.get_data(BlankKey), index).Gradient(
            blankArcs.masked_fill(unused, 0), (labelArcs * (1 + options.FastEmit)).masked_fill(unused, 0), weights, options.Clamp);
    }
}
