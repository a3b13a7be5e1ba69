using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Transducer;

/// <summary>
/// From logits to the log-probabilities of the two arcs that leave each node, as one node of the autograd graph. It keeps the logits alone; no
/// normalised copy is made.
/// </summary>
internal sealed class ArcLogProbabilities : autograd.SingleTensorFunction<ArcLogProbabilities>
{
    private const string BlankKey = "blank";
    private const string ShapeKey = "shape";

    /// <inheritdoc/>
    public override string Name => nameof(ArcLogProbabilities);

    /// <summary>The log-probabilities of blank and of the label at each node.</summary>
    /// <param name="logits"><c>[batch, T, rows, V]</c>.</param>
    /// <param name="index">Label of each node, <c>[batch, T, rows]</c> int64.</param>
    /// <param name="blank">The index of blank.</param>
    /// <param name="type">Dtype of the result: float64 or float32.</param>
    /// <returns>Both, <c>[batch, T, rows]</c>, in the current dispose scope.</returns>
    public static (Tensor Blank, Tensor Label) Of(Tensor logits, Tensor index, long blank, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var both = apply(logits, new Nodes(index, blank, type));
        return scope.MoveToOuter(both.select(0, 0), both.select(0, 1));
    }

    /// <summary>Takes logits and <see cref="Nodes"/>.</summary>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var logits = (Tensor)vars[0];
        var (index, blank, type) = (Nodes)vars[1];
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var (byBlank, byLabel) = new LatticeLogits(logits, blank, index).ArcLogProbabilities(type);
        ctx.save_data(BlankKey, blank);
        ctx.save_data(ShapeKey, (logits.shape, logits.dtype));
        ctx.save_for_backward([logits, index]);
        return stack([byBlank, byLabel], 0).transpose(2, 3).contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>The gradient by the logits; see <see cref="GuardedBackward"/>.</summary>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var (shape, dtype) = ((long[], ScalarType))ctx.get_data(ShapeKey);
        return [GuardedBackward.Run(Name, shape, dtype, grad_output.device, () => Gradient(ctx, grad_output)), null!];
    }

    private static Tensor Gradient(autograd.AutogradContext ctx, Tensor byArcs)
    {
        if (ctx.get_saved_variables() is not [var logits, var index])
            throw new InvalidOperationException("two tensors were saved");
        // What a loss gains by a likelier arc is minus its gradient by the arc's log-probability.
        var gains = byArcs.neg();
        return new LatticeLogits(logits, (long)ctx.get_data(BlankKey), index).Gradient(gains.select(0, 0), gains.select(0, 1));
    }

    private sealed record Nodes(Tensor Index, long Blank, ScalarType Type);
}
