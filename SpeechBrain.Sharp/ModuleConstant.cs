using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp;

/// <summary>
/// A constant tensor of a module (a filter, a window), kept as a registered buffer so that it follows the module to a device. A buffer also
/// follows the module through <c>to(dtype)</c>, where a constant loses digits for good (a float32 kernel cast to float64, a mel matrix
/// cast to bfloat16). So the rule that makes the constant is kept too: asked for a type that the buffer was not made in, it makes the
/// values anew from float64.
/// </summary>
internal sealed class ModuleConstant
{
    private readonly nn.Module owner;
    private readonly string name;
    private readonly ScalarType made;
    private readonly Func<ScalarType, Device, Tensor> make;

    /// <param name="owner">The module that owns the buffer.</param>
    /// <param name="name">The buffer's name in the module.</param>
    /// <param name="make">Makes the constant: computed in float64, cast once to the type.</param>
    /// <param name="dtype">The type of the buffer.</param>
    /// <param name="device">Where the buffer is made; null: the CPU.</param>
    /// <param name="persistent">Whether it is part of the module's state dict.</param>
    internal ModuleConstant(
        nn.Module owner, string name, Func<ScalarType, Device, Tensor> make, ScalarType dtype = ScalarType.Float32, Device? device = null, bool persistent = false)
    {
        this.owner = owner;
        this.name = name;
        this.make = make;
        made = dtype;
        owner.register_buffer(name, make(dtype, device ?? CPU), persistent);
    }

    /// <summary>The registered buffer, wherever and in whatever type it is now.</summary>
    internal Tensor Buffer => owner.get_buffer(name) ?? throw new ObjectDisposedException(owner.GetType().Name);

    /// <summary>
    /// The constant in a type, on the buffer's device: the buffer itself where it was made in that type, else a new tensor in the current
    /// dispose scope (which costs its making at each call).
    /// </summary>
    internal Tensor In(ScalarType dtype)
    {
        var buffer = Buffer;
        return made == dtype && buffer.dtype == dtype ? buffer : make(dtype, buffer.device);
    }
}
