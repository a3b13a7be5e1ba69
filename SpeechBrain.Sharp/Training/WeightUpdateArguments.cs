using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Training;

/// <summary>What <see cref="WeightUpdate"/> can be given.</summary>
internal static class WeightUpdateArguments
{
    /// <summary>A loss: one number of a type that holds it, with a history, on the device of the parameters.</summary>
    internal static void RequireLoss(Tensor loss, Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(loss);
        if (loss.numel() != 1 || loss.dtype is not (ScalarType.Float32 or ScalarType.Float64))
            throw new ArgumentException(
                $"loss is {Require.Describe(loss)}; it must be one number, float32 or float64: take the mean, or to(torch.float32).", nameof(loss));
        if (!loss.requires_grad)
            throw new ArgumentException(
                "loss has no history, so nothing can be learned from it: it was computed without gradients or detached.", nameof(loss));
        Require.SameDevice(loss, nameof(loss), parameter, "the parameters");
    }

    /// <summary>
    /// The parameters of an optimizer, on one device. Handles differ from one wrapper of a parameter to the next; shapes tell most mistakes.
    /// </summary>
    internal static void RequireParameters(IReadOnlyList<Parameter> parameters, optim.Optimizer optimizer)
    {
        if (parameters.Count == 0)
            throw new ArgumentException("There are no parameters; give those of the model that require gradients.", nameof(parameters));
        if (!parameters.Select(Require.Describe).Order().SequenceEqual(optimizer.parameters().Select(Require.Describe).Order()))
            throw new ArgumentException(
                $"parameters are {parameters.Count} tensors of {parameters.Sum(p => p.numel())} numbers together, and not those of the optimizer's "
                + $"groups, {optimizer.parameters().Count()} of {optimizer.parameters().Sum(p => p.numel())}; give to both the same.",
                nameof(parameters));
        foreach (var parameter in parameters)
            Require.SameDevice(parameter, nameof(parameters), parameters[0], "the first of them");
    }
}
