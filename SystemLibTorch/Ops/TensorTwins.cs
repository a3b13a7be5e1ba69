using SystemLibTorch.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A copy with its own memory.</summary>
    public static Tensor clone(Tensor input) => input.clone();

    /// <summary>One position of a dimension, which goes.</summary>
    public static Tensor select(Tensor input, long dim, long index) => input.select(dim, index);

    /// <summary>The number of elements.</summary>
    public static long numel(Tensor input) => input.numel();

    /// <summary>Whether the one element is not zero. Waits for the device.</summary>
    public static bool is_nonzero(Tensor input) => input.is_nonzero();

    /// <summary>Whether an object is a tensor.</summary>
    public static bool is_tensor(object obj) => obj is Tensor;

    /// <summary>Whether the elements are equal, one by one (not the whole tensors).</summary>
    public static Tensor equal(Tensor tensor, Tensor target) => tensor.equal(target);

    /// <summary>The tensor with a type on a device; itself where nothing changes.</summary>
    public static Tensor as_tensor(Tensor data, ScalarType? dtype = null, Device? device = null) => data.to(dtype ?? data.dtype, device ?? data.device);
}
