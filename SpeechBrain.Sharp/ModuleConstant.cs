using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp;

/// <summary>
/// A constant that a module multiplies with (a window, a matrix of filters), made from float64 in each type and on each device that inputs
/// come in, and kept.
/// </summary>
/// <remarks>
/// It is no buffer, because a buffer follows the module through <c>to(dtype)</c>, where a constant loses digits for good (a mel matrix cast to
/// bfloat16), and because TorchSharp neither moves nor disposes of a buffer that stays out of the state dict, where SpeechBrain has none.
/// </remarks>
internal sealed class ModuleConstant : IDisposable
{
    private readonly Func<ScalarType, Device, Tensor> make;
    private readonly Lock gate = new();
    private readonly List<Tensor> made = [];
    private bool disposed;

    /// <param name="make">Makes the constant: computed in float64, rounded once to the type.</param>
    /// <param name="eager">Whether float32 on the CPU, where most inputs are, is made at once.</param>
    internal ModuleConstant(Func<ScalarType, Device, Tensor> make, bool eager = true)
    {
        this.make = make;
        if (eager)
            In(ScalarType.Float32, CPU);
    }

    /// <summary>The constant in a type and on a device; it belongs to this object.</summary>
    internal Tensor In(ScalarType dtype, Device device)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            foreach (var constant in made)
                if (constant.dtype == dtype && constant.device_type == device.type && (device.type == DeviceType.CPU || constant.device_index == device.index))
                    return constant;
            // One made inside inference mode could not take part in training later.
            using var normal = inference_mode(false);
            var fresh = make(dtype, device).DetachFromDisposeScope();
            made.Add(fresh);
            return fresh;
        }
    }

    /// <summary>Disposes of all its tensors.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            foreach (var constant in made)
                constant.Dispose();
            made.Clear();
        }
    }
}
