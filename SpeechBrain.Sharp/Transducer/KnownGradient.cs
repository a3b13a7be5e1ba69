using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Transducer;

/// <summary>
/// A value whose gradients were found together with it, as one node of the autograd graph: backward only scales them.
/// </summary>
internal sealed class KnownGradient : autograd.SingleTensorFunction<KnownGradient>
{
    private const string ShapesKey = "shapes";

    /// <inheritdoc/>
    public override string Name => nameof(KnownGradient);

    /// <summary>The value with its gradients attached.</summary>
    /// <param name="value">A scalar, or one value an item <c>[batch]</c>; this takes it over.</param>
    /// <param name="gradients">
    /// Each input that requires a gradient, with the gradient in its shape and dtype; of a value <c>[batch]</c>, item by item along the first
    /// dimension: what value b owes to row b of the input. This takes the gradients over.
    /// </param>
    /// <returns>The value, in the current dispose scope.</returns>
    public static Tensor Of(Tensor value, IReadOnlyList<(Tensor Input, Tensor Gradient)> gradients) =>
        gradients.Count == 0 ? value : apply([.. gradients.Select(g => g.Input), new Known(value, [.. gradients.Select(g => g.Gradient)])]);

    /// <summary>Takes the inputs and, last, what is known.</summary>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var known = (Known)vars[^1];
        ctx.save_data(ShapesKey, known.Gradients.Select(g => (g.shape, g.dtype)).ToArray());
        ctx.save_for_backward([.. known.Gradients]);
        return known.Value;
    }

    /// <summary>
    /// The gradients times <paramref name="grad_output"/>. An exception that left this method would end the process on TorchSharp's own
    /// binding; should one occur (memory exhausted), the gradients are NaN, which no training loop overlooks, and the message goes to
    /// <see cref="Trace"/>.
    /// </summary>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        try
        {
            List<Tensor> scaled = [.. ctx.get_saved_variables().Select(g => Scale(g, grad_output).MoveToOuterDisposeScope()), null!];
            return scaled;
        }
        catch (Exception e)
        {
            Trace.TraceError($"{Name}: the gradient is NaN because it could not be computed: {e.Message}");
            var shapes = ((long[] Shape, ScalarType Type)[])ctx.get_data(ShapesKey);
            return [.. shapes.Select(s => full(1, double.NaN, s.Type, grad_output.device).expand(s.Shape).MoveToOuterDisposeScope()), null!];
        }
    }

    private static Tensor Scale(Tensor gradient, Tensor weights)
    {
        var weight = weights.to(gradient.dtype);
        return gradient * (weights.dim() == 0 ? weight : weight.reshape([-1, .. Enumerable.Repeat(1L, (int)gradient.dim() - 1)]));
    }

    // Not tensors to autograd, which would look for their gradients in turn.
    private sealed record Known(Tensor Value, Tensor[] Gradients);
}
