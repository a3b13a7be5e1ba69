using NUnit.Framework;
using SpeechBrain.Sharp.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Conformer;

/// <summary>What the tests of this room share.</summary>
internal static class ConformerTesting
{
    /// <summary>Random values for every parameter, so that no gain is 1 and no bias 0; in float64, in evaluation mode.</summary>
    internal static T Prepared<T>(this T module, long seed = 1, ScalarType dtype = ScalarType.Float64)
        where T : nn.Module
    {
        using var generator = new Generator((ulong)seed, CPU);
        using var gradients = no_grad();
        foreach (var parameter in module.parameters())
        {
            using var values = randn(parameter.shape, generator: generator);
            double scale = parameter.dim() > 1 ? 1.5 / Math.Sqrt(parameter.numel() / parameter.size(0)) : 0.3;
            parameter.copy_(values.mul(scale).add(parameter.dim() > 1 ? 0 : 0.5));
        }
        module.to(dtype);
        module.eval();
        return module;
    }

    /// <summary>Random numbers of a seed.</summary>
    internal static Tensor Noise(long seed, params long[] shape) => Noise(seed, ScalarType.Float64, shape);

    /// <summary>Random numbers of a seed and type.</summary>
    internal static Tensor Noise(long seed, ScalarType dtype, params long[] shape)
    {
        using var generator = new Generator((ulong)seed, CPU);
        return randn(shape, generator: generator).to(dtype);
    }

    /// <summary>Changes a view's numbers, each by another amount: a constant for all features is what a normalization takes away.</summary>
    internal static void Disturb(Tensor view) => view.add_(Noise(99, view.dtype, view.shape));

    /// <summary>Asserts that two tensors are equal within a tolerance.</summary>
    internal static void AssertClose(Tensor actual, Tensor expected, double tolerance = 1e-10, string? message = null) =>
        Assert.That(TensorComparison.Difference(expected, actual, tolerance, tolerance), Is.Null, message);

    /// <summary><c>[batch, time]</c>, True = padding, from lengths in frames.</summary>
    internal static Tensor Padding(long time, params long[] lengths) => Functional.GetMaskFromLengths(tensor(lengths), time);

    /// <summary>
    /// Asserts that the gradients of every parameter agree with central differences at some of its elements.
    /// </summary>
    internal static void CheckParameterGradients(nn.Module module, Func<Tensor> forward, int elements = 6)
    {
        using var scope = NewDisposeScope();
        var parameters = module.named_parameters().ToArray();
        var y = forward();
        var weights = arange(1, y.numel() + 1, dtype: ScalarType.Float64).mul(1.7).sin().reshape(y.shape);
        var gradients = autograd.grad([(y * weights).sum()], [.. parameters.Select(p => p.Item2)]);
        using var off = no_grad();
        for (int n = 0; n < parameters.Length; n++)
        {
            var (name, parameter) = parameters[n];
            var values = parameter.view(-1);
            long count = parameter.numel(), step = Math.Max(1, count / elements);
            for (long i = n % step; i < count; i += step)
            {
                double difference = (At(values, i, 1e-6) - At(values, i, -1e-6)) / 2e-6;
                Assert.That(gradients[n].flatten()[i].item<double>(), Is.EqualTo(difference).Within(1e-7 + 1e-5 * Math.Abs(difference)),
                    $"{name}, element {i}");
            }
        }

        double At(Tensor values, long element, double change)
        {
            using var inner = NewDisposeScope();
            values[element].add_(change);
            double result = (forward() * weights).sum().item<double>();
            values[element].sub_(change);
            return result;
        }
    }
}
