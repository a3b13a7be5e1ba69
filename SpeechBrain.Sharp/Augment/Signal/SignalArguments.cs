using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Augment.Signal;

/// <summary>What the signal functions demand of their tensors, checked before libtorch sees them.</summary>
internal static class SignalArguments
{
    /// <summary>Waveforms: floats of shape [time], [batch, time] or [batch, time, channels] with at least one sample.</summary>
    internal static void Waveforms(Tensor tensor, string name)
    {
        Require.Rank(tensor, name, "[time], [batch, time] or [batch, time, channels]", 1, 2, 3);
        Require.Floating(tensor, name);
        if (tensor.shape[tensor.dim() == 1 ? 0 : 1] == 0)
            throw new ArgumentException($"{name} is {Require.Describe(tensor)}, without a sample; at least one is needed.", name);
    }

    /// <summary>Two tensors that meet in one operation: of one type, on one device.</summary>
    internal static void Together(Tensor first, string firstName, Tensor second, string secondName)
    {
        Require.SameDevice(second, secondName, first, firstName);
        if (first.dtype != second.dtype)
            throw new ArgumentException($"{secondName} is {second.dtype} and {firstName} {first.dtype}; convert one so that they agree.", secondName);
    }

    /// <summary>
    /// Lengths in samples, one an item (or one for all), as a tensor of <paramref name="dtype"/> that divides a [batch, 1, ...] tensor.
    /// </summary>
    internal static Tensor Lengths(Tensor lengths, Tensor waveforms, ScalarType dtype)
    {
        Require.SameDevice(lengths, nameof(lengths), waveforms, nameof(waveforms));
        var shape = waveforms.shape;
        int rank = Math.Max(2, shape.Length);
        long batch = shape.Length == 1 ? 1 : shape[0];
        var sizes = lengths.shape;
        bool oneForAll = sizes.All(s => s == 1);
        bool onePerItem = sizes.Length > 0 && sizes[0] == batch && sizes.Skip(1).All(s => s == 1);
        if (sizes.Length > rank || !(oneForAll || onePerItem) || lengths.is_complex() || lengths.dtype == ScalarType.Bool)
            throw new ArgumentException(
                $"lengths is {Require.Describe(lengths)}; it must hold each item's length in samples, [{batch}] or [{batch}, 1], or one for all.",
                nameof(lengths));
        if (lengths.is_cpu())
            CheckPositive(lengths);
        var column = new long[rank];
        Array.Fill(column, 1);
        column[0] = lengths.numel();
        return lengths.to(dtype).reshape(column);
    }

    /// <summary>The type to compute in: float16 and bfloat16 in float32 (libtorch's CPU and its FFT lack them), others in themselves.</summary>
    internal static ScalarType Work(ScalarType dtype) => dtype is ScalarType.Float16 or ScalarType.BFloat16 ? ScalarType.Float32 : dtype;

    private static void CheckPositive(Tensor lengths)
    {
        using var scope = NewDisposeScope();
        foreach (double length in lengths.detach().to(ScalarType.Float64).contiguous().data<double>())
            if (!(length > 0) || double.IsInfinity(length))
                throw new ArgumentOutOfRangeException(nameof(lengths), length, "A length must be a positive number of samples.");
    }
}
