using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Conformer;

/// <summary>Checks that what a module is given fits its weights, before libtorch sees it.</summary>
internal static class ModuleInput
{
    /// <summary>
    /// The input is <c>[batch, time, features]</c> and has the type (or that of the products) and the device of a weight.
    /// </summary>
    internal static void Sequence(Tensor x, string name, long features, Tensor weight, ProductType? products = null)
    {
        Require.Rank(x, name, $"[batch, time, {features}]", 3);
        if (x.size(2) != features)
            throw new ArgumentException($"{name} is {Require.Describe(x)}; it must be [batch, time, {features}], as wide as the module.", name);
        Like(x, name, weight, products);
    }

    /// <summary>The input has the type (or that of the products) and the device of a weight.</summary>
    internal static void Like(Tensor x, string name, Tensor weight, ProductType? products = null)
    {
        if (x.dtype == ScalarType.Float16 && x.device_type == DeviceType.CPU)
            throw new ArgumentException(
                $"{name} is {Require.Describe(x)}; layers compute in float16 on a GPU alone. Convert input and module to bfloat16 or float32, or "
                + "move them.", name);
        if (x.dtype != weight.dtype && x.dtype != products?.Type)
            throw new ArgumentException(
                $"{name} is {Require.Describe(x)} and the module's weights are {weight.dtype}; convert one of them, for example "
                + $"{name}.to({weight.dtype}).", name);
        Require.SameDevice(x, name, weight, "the module's weights");
    }

    /// <summary>The chunk belongs to the streams whose frames, <c>[batch, frames, features]</c>, come before it.</summary>
    internal static void Continues(Tensor x, string name, Tensor? left)
    {
        if (left is null)
            return;
        Require.SameDevice(x, name, left, "the stream");
        if (x.size(0) != left.size(0) || x.size(2) != left.size(2) || x.dtype != left.dtype)
            throw new ArgumentException(
                $"{name} is {Require.Describe(x)}; it continues {left.size(0)} streams of {left.dtype} frames with {left.size(2)} features. A "
                + "context belongs to the module and to the streams it began with.", name);
    }

    /// <summary>A probability of dropping, 0 up to but not including 1.</summary>
    internal static void Dropout(double dropout, string name)
    {
        if (!(dropout >= 0 && dropout < 1))
            throw new ArgumentOutOfRangeException(name, dropout, FormattableString.Invariant($"{name} is a probability: 0 or more, below 1."));
    }
}
