using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Transducer;

/// <summary>
/// From logits to the log-probabilities of the two arcs that leave each node, as one node of the autograd graph. It keeps the logits and two
/// numbers a node; no normalised copy is made.
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
        var nodes = new LatticeLogits(logits, blank, index);
        var (max, sum) = nodes.Normalizer();
        var (byBlank, byLabel) = nodes.ArcLogProbabilities(max, sum, type);
        ctx.save_data(BlankKey, blank);
        ctx.save_data(ShapeKey, (logits.shape, logits.dtype));
        ctx.save_for_backward([logits, index, max.MoveToOuterDisposeScope(), sum.MoveToOuterDisposeScope()]);
        return stack([byBlank, byLabel], 0).transpose(2, 3).contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The gradient by the logits. As in <see cref="TransducerLossFunction"/>, no exception may leave this method: the gradient is NaN then.
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

    private static Tensor Gradient(autograd.AutogradContext ctx, Tensor byArcs)
    {
        if (ctx.get_saved_variables() is not [var logits, var index, var max, var sum])
            throw new InvalidOperationException("four tensors were saved");
        // What a loss gains by a likelier arc is minus its gradient by the arc's log-probability.
        var gains = byArcs.neg();
        return new LatticeLogits(logits, (long)ctx.get_data(BlankKey), index).Gradient(max, sum, gains.select(0, 0), gains.select(0, 1));
    }

    private sealed record Nodes(Tensor Index, long Blank, ScalarType Type);
}
