using NUnit.Framework;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Testing;

/// <summary>Compares gradients with central finite differences in float64.</summary>
public static class GradCheck
{
    /// <summary>
    /// Asserts that for each element x of each input, the derivative of <c>sum(f * c)</c> with fixed weights c agrees with
    /// <c>(f(x + h) - f(x - h)) / 2h</c>. The error of the difference is of order h^2 from the formula and 1e-16 / h from rounding.
    /// </summary>
    /// <param name="function">A function of the inputs that is smooth at them.</param>
    /// <param name="inputs">Float64 tensors on any device; small ones, since each element costs two calls.</param>
    public static void Check(Func<Tensor[], Tensor> function, params Tensor[] inputs) => Check(function, 1e-6, 1e-5, 1e-7, inputs);

    /// <summary>As above with a step and tolerances of one's own.</summary>
    public static void Check(Func<Tensor[], Tensor> function, double step, double rtol, double atol, params Tensor[] inputs)
    {
        using var scope = NewDisposeScope();
        foreach (var input in inputs)
            Assert.That(input.dtype, Is.EqualTo(ScalarType.Float64), "finite differences need float64");

        var leaves = inputs.Select(i => i.detach().clone().requires_grad_()).ToArray();
        var output = function(leaves);
        // Fixed weights of many sizes and both signs, so that errors can't cancel in the sum.
        var weights = arange(1, output.numel() + 1, dtype: ScalarType.Float64, device: output.device).mul(1.7).sin().reshape(output.shape);
        var gradients = autograd.grad([(output * weights).sum()], leaves, allow_unused: true);

        using var noGrad = no_grad();
        for (int n = 0; n < inputs.Length; n++)
        {
            double[] analytic = gradients[n] is { IsInvalid: false } g ? Values(g) : new double[inputs[n].numel()];
            double[] values = Values(inputs[n]);
            for (int i = 0; i < values.Length; i++)
            {
                double difference = (At(i, step) - At(i, -step)) / (2 * step);
                Assert.That(analytic[i], Is.EqualTo(difference).Within(atol + rtol * Math.Abs(difference)), $"gradient of input {n} at element {i}");
            }

            double At(int element, double change)
            {
                using var inner = NewDisposeScope();
                double[] moved = [.. values];
                moved[element] += change;
                var arguments = inputs.Select(t => t.detach()).ToArray();
                arguments[n] = tensor(moved, dtype: ScalarType.Float64).reshape(inputs[n].shape).to(inputs[n].device);
                return (function(arguments) * weights).sum().item<double>();
            }
        }
    }

    private static double[] Values(Tensor tensor) => tensor.numel() == 0 ? [] : tensor.detach().cpu().contiguous().data<double>().ToArray();
}
