using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Transducer;

/// <summary>
/// A value whose gradients were found together with it, as one node of the autograd graph: backward only scales them.
/// </summary>
internal sealed class KnownGradient : autograd.SingleTensorFunction<KnownGradient>
{
    private const string InputsKey = "inputs";

    /// <inheritdoc/>
    public override string Name => nameof(KnownGradient);

    /// <summary>The value with its gradients attached.</summary>
    /// <param name="value">A scalar, or one value an item <c>[batch]</c>; this takes it over.</param>
    /// <param name="gradients">
    /// Each input that requires a gradient, with the gradient in its shape, and in its dtype or a wider one, which lasts until the gradient is
    /// scaled: a factor that keeps small float16 gradients from vanishing comes in time. Of a value <c>[batch]</c> an input's rows belong to the
    /// items, row b to value b; of an input that all items share, the gradient is <c>[batch, ...]</c>, of each value. This takes the gradients over.
    /// </param>
    /// <returns>The value, in the current dispose scope.</returns>
    public static Tensor Of(Tensor value, IReadOnlyList<(Tensor Input, Tensor Gradient)> gradients)
    {
        if (gradients.Count == 0)
            return value;
        var known = new Known(value, [.. gradients.Select(g => g.Gradient)], [.. gradients.Select(g => (g.Input.shape, g.Input.dtype))]);
        return apply([.. gradients.Select(g => g.Input), known]);
    }

    /// <summary>Takes the inputs and, last, what is known.</summary>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var known = (Known)vars[^1];
        ctx.save_data(InputsKey, known.Inputs);
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
            return
            [
                .. ctx.get_saved_variables().Zip(
                    Inputs(ctx), (g, input) => Scale(g, input.Shape, grad_output).to(input.Type).MoveToOuterDisposeScope()),
                null!,
            ];
        }
        catch (Exception e)
        {
            Trace.TraceError($"{Name}: the gradient is NaN because it could not be computed: {e.Message}");
            return
            [
                .. Inputs(ctx).Select(i => full(1, double.NaN, i.Type, grad_output.device).expand(i.Shape).MoveToOuterDisposeScope()),
                null!,
            ];
        }
    }

    private static (long[] Shape, ScalarType Type)[] Inputs(autograd.AutogradContext ctx) => ((long[], ScalarType)[])ctx.get_data(InputsKey);

    private static Tensor Scale(Tensor gradient, long[] shape, Tensor weights)
    {
        var weight = weights.to(gradient.dtype);
        if (weight.dim() == 0)
            return gradient * weight;
        if (gradient.dim() > shape.Length)
            return weight.unsqueeze(0).matmul(gradient.reshape(weight.size(0), -1)).reshape(shape);
        return gradient * weight.reshape([-1, .. Enumerable.Repeat(1L, shape.Length - 1)]);
    }

    // Not tensors to autograd, which would look for their gradients in turn.
    private sealed record Known(Tensor Value, Tensor[] Gradients, (long[] Shape, ScalarType Type)[] Inputs);
}
