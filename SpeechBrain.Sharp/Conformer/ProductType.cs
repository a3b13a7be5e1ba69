using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Conformer;

/// <summary>The type in which one layer computes its products, see <see cref="MixedPrecision"/>; and the products themselves.</summary>
/// <remarks>A cast is part of the graph: the gradient that comes back through it has the type of what was cast.</remarks>
internal sealed class ProductType
{
    /// <summary>bfloat16 or float16; null: the type of the weights.</summary>
    internal ScalarType? Type { get; set; }

    /// <summary>The type in which products of a tensor are computed.</summary>
    internal ScalarType For(Tensor x) => Type ?? x.dtype;

    /// <summary>A tensor in the type of products: itself if it has that type already.</summary>
    /// <exception cref="ArgumentException">float16 on the CPU.</exception>
    internal Tensor Cast(Tensor x)
    {
        if (Type == ScalarType.Float16 && x.device_type == DeviceType.CPU)
            throw new ArgumentException(
                "Products in float16 need a GPU, and the input lies on the CPU: choose ComputeIn(ScalarType.BFloat16), or move module and input.");
        return To(x, For(x));
    }

    /// <summary>A linear layer, in the type of products.</summary>
    internal Tensor Linear(Tensor x, Tensor weight, Tensor? bias = null) =>
        nn.functional.linear(Cast(x), To(weight, For(x)), bias is null ? null : To(bias, For(x)));

    /// <summary>A tensor in a type: itself if it has that type already.</summary>
    internal static Tensor To(Tensor x, ScalarType type) => x.dtype == type ? x : x.to(type);
}
