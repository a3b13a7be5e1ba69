using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Transducer;

/// <summary>The backward pass of a custom function that must not throw: an exception would end the process on TorchSharp's own binding.</summary>
internal static class GuardedBackward
{
    /// <summary>
    /// What <paramref name="gradient"/> gives. Should it throw (logits changed in place since the forward pass, memory exhausted), the gradient is
    /// NaN, which no training loop overlooks, and the message goes to <see cref="Trace"/>.
    /// </summary>
    /// <param name="name">Of the function.</param>
    /// <param name="shape">Of the gradient.</param>
    /// <param name="dtype">Of the gradient.</param>
    /// <param name="device">Of the gradient.</param>
    /// <param name="gradient">Computes it; what else it makes is disposed.</param>
    internal static Tensor Run(string name, long[] shape, ScalarType dtype, Device device, Func<Tensor> gradient)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        try
        {
            return gradient().MoveToOuterDisposeScope();
        }
        catch (Exception e)
        {
            Trace.TraceError($"{name}: the gradient is NaN because it could not be computed: {e.Message}");
            return full(1, double.NaN, dtype, device).expand(shape).MoveToOuterDisposeScope();
        }
    }
}
