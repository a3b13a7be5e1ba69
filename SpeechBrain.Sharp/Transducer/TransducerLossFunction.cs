using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Transducer;

/// <summary>
/// The RNN-T loss as one node of the autograd graph: logits in, one negative log-likelihood an utterance out. It keeps the logits
/// themselves and a few numbers a lattice node, so that nothing as large as the logits lives between forward and backward.
/// </summary>
internal sealed class TransducerLossFunction : autograd.SingleTensorFunction<TransducerLossFunction>
{
    private const string BlankKey = "blank";
    private const string ShapeKey = "shape";

    /// <inheritdoc/>
    public override string Name => nameof(TransducerLossFunction);

    /// <summary>The losses without a graph: half the work of <see cref="forward"/>.</summary>
    /// <returns>Negative log-likelihoods <c>[batch]</c> in the lattice's dtype.</returns>
    public static Tensor Evaluate(Tensor logits, TransducerTargets targets)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var nodes = new LatticeLogits(logits, targets.Blank, targets.Index);
        var (max, sum) = nodes.Normalizer();
        var (blank, label) = nodes.ArcLogProbabilities(max, sum, targets.LatticeType);
        return new TransducerLattice(blank, label, targets.Frames, targets.Labels).Loss().MoveToOuterDisposeScope();
    }

    /// <summary>Takes logits and a <see cref="TransducerTargets"/>.</summary>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var logits = (Tensor)vars[0];
        var targets = (TransducerTargets)vars[1];
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var nodes = new LatticeLogits(logits, targets.Blank, targets.Index);
        var (max, sum) = nodes.Normalizer();
        var (blank, label) = nodes.ArcLogProbabilities(max, sum, targets.LatticeType);
        var (loss, blankArcs, labelArcs) = new TransducerLattice(blank, label, targets.Frames, targets.Labels).LossAndPosteriors();

        ctx.save_data(BlankKey, targets.Blank);
        ctx.save_data(ShapeKey, (logits.shape, logits.dtype));
        // The binding saves these after this method has returned: they must outlive its scope.
        ctx.save_for_backward([logits, targets.Index, .. new[] { max, sum, blankArcs, labelArcs }.Select(s => s.MoveToOuterDisposeScope())]);
        return loss.MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The gradient of the losses, weighted by <paramref name="grad_output"/> <c>[batch]</c>. An exception that left this method would end
    /// the process on TorchSharp's own binding; should one occur (logits changed in place since the forward pass, memory exhausted), the
    /// gradient is NaN, which no training loop overlooks, and the message goes to <see cref="Trace"/>.
    /// </summary>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        try
        {
            return [Gradient(ctx, grad_output).MoveToOuterDisposeScope(), null!];
        }
        catch (Exception e)
        {
            Trace.TraceError($"{Name}: the gradient is NaN because it could not be computed: {e.Message}");
            var (shape, dtype) = ((long[], ScalarType))ctx.get_data(ShapeKey);
            return [full(1, double.NaN, dtype, grad_output.device).expand(shape).MoveToOuterDisposeScope(), null!];
        }
    }

    private static Tensor Gradient(autograd.AutogradContext ctx, Tensor lossWeights)
    {
        // get_saved_variables makes new tensors: they are in the caller's scope.
        if (ctx.get_saved_variables() is not [var logits, var index, var max, var sum, var blankArcs, var labelArcs])
            throw new InvalidOperationException("six tensors were saved");
        var nodes = new LatticeLogits(logits, (long)ctx.get_data(BlankKey), index);
        var weights = lossWeights.reshape(-1, 1, 1);
        return nodes.Gradient(max, sum, blankArcs * weights, labelArcs * weights);
    }
}
