using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Augment.Signal;

/// <summary>What the signal functions demand of their tensors, checked before libtorch sees them.</summary>
internal static class SignalArguments
{
    /// <summary>Real floating tensors only.</summary>
    internal static void Floats(Tensor tensor, string name)
    {
        ArgumentNullException.ThrowIfNull(tensor, name);
        if (!tensor.is_floating_point())
            throw new ArgumentException($"{name} is {tensor.dtype}; float16, bfloat16, float32 or float64 is needed: convert it with to(torch.float32).", name);
    }

    /// <summary>Waveforms: floats of shape [time], [batch, time] or [batch, time, channels] with at least one sample.</summary>
    internal static void Waveforms(Tensor tensor, string name)
    {
        Floats(tensor, name);
        var shape = tensor.shape;
        if (shape.Length is < 1 or > 3)
            throw new ArgumentException($"{name} has shape [{string.Join(", ", shape)}]; [time], [batch, time] or [batch, time, channels] is needed.", name);
        if (shape[shape.Length == 1 ? 0 : 1] == 0)
            throw new ArgumentException($"{name} has shape [{string.Join(", ", shape)}], without a sample; at least one is needed.", name);
    }

    /// <summary>Two tensors that meet in one operation.</summary>
    internal static void Together(Tensor first, string firstName, Tensor second, string secondName)
    {
        if (first.dtype != second.dtype)
            throw new ArgumentException($"{secondName} is {second.dtype} and {firstName} {first.dtype}; convert one so that they agree.", secondName);
        SameDevice(first, firstName, second, secondName);
    }

    internal static void SameDevice(Tensor first, string firstName, Tensor second, string secondName)
    {
        if (first.device_type != second.device_type || first.device_index != second.device_index)
            throw new ArgumentException($"{secondName} is on {second.device} and {firstName} on {first.device}; move one with to(device).", secondName);
    }

    /// <summary>
    /// Lengths in samples, one an item (or one for all), as a tensor of <paramref name="dtype"/> that divides a [batch, 1, ...] tensor.
    /// </summary>
    internal static Tensor Lengths(Tensor lengths, Tensor waveforms, ScalarType dtype)
    {
        SameDevice(waveforms, nameof(waveforms), lengths, nameof(lengths));
        var shape = waveforms.shape;
        long batch = shape.Length == 1 ? 1 : shape[0];
        var sizes = lengths.shape;
        bool onePerItem = sizes.Length <= Math.Max(2, shape.Length) && sizes.Skip(1).All(s => s == 1) && (sizes.Length == 0 || sizes[0] == 1 || sizes[0] == batch);
        if (!onePerItem || lengths.is_complex() || lengths.dtype == ScalarType.Bool)
            throw new ArgumentException(
                $"lengths is {lengths.dtype} of shape [{string.Join(", ", sizes)}]; numbers of shape [], [{batch}] or [{batch}, 1] are needed, one length in samples for each item.",
                nameof(lengths));
        if (lengths.is_cpu())
        {
            using var scope = NewDisposeScope();
            foreach (double length in lengths.detach().to(ScalarType.Float64).contiguous().data<double>())
                if (!(length > 0) || double.IsInfinity(length))
                    throw new ArgumentOutOfRangeException(nameof(lengths), length, "A length must be a positive number of samples.");
        }
        var column = new long[Math.Max(2, shape.Length)];
        Array.Fill(column, 1);
        column[0] = lengths.numel();
        return lengths.to(dtype).reshape(column);
    }

    /// <summary>The type to compute in: float16 and bfloat16 in float32 (libtorch's CPU and its FFT lack them), others in themselves.</summary>
    internal static ScalarType Work(ScalarType dtype) => dtype is ScalarType.Float16 or ScalarType.BFloat16 ? ScalarType.Float32 : dtype;
}
