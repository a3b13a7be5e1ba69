using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp;

/// <summary>
/// Argument checks that must run before libtorch sees a tensor. Each message holds the value that came, what is allowed, and the fix.
/// </summary>
internal static class Require
{
    /// <summary>The tensor has one of the ranks; <paramref name="layout"/> names them, for example <c>[batch, time]</c>.</summary>
    internal static void Rank(Tensor tensor, string name, string layout, params ReadOnlySpan<long> ranks)
    {
        ArgumentNullException.ThrowIfNull(tensor, name);
        if (!ranks.Contains(tensor.dim()))
            throw new ArgumentException($"{name} is {Describe(tensor)}; it must be {layout}.", name);
    }

    /// <summary>The tensor has at least that many dimensions.</summary>
    internal static void MinimumRank(Tensor tensor, string name, string layout, long rank)
    {
        ArgumentNullException.ThrowIfNull(tensor, name);
        if (tensor.dim() < rank)
            throw new ArgumentException($"{name} is {Describe(tensor)}; it must be {layout}.", name);
    }

    /// <summary>The tensor is float16, bfloat16, float32 or float64.</summary>
    internal static void Floating(Tensor tensor, string name)
    {
        if (!IsReal(tensor.dtype))
            throw new ArgumentException(
                $"{name} is {Describe(tensor)}; it must be float32, float64, bfloat16 or float16. Convert it first, for example with to(torch.float32).", name);
    }

    /// <summary>The two tensors lie on one device.</summary>
    internal static void SameDevice(Tensor tensor, string name, Tensor other, string otherName)
    {
        // The index of the CPU has no meaning (-1 or 0).
        if (tensor.device_type != other.device_type || (tensor.device_type != DeviceType.CPU && tensor.device_index != other.device_index))
            throw new ArgumentException(
                $"{name} lies on {tensor.device} and {otherName} on {other.device}; move one of them with to(device) so that both lie on one device.", name);
    }

    /// <summary>The tensor has this size at that dimension.</summary>
    internal static void Size(Tensor tensor, string name, long dimension, long size, string meaning)
    {
        if (tensor.shape[dimension] != size)
            throw new ArgumentException($"{name} is {Describe(tensor)}; its dimension {dimension} must be {size}, {meaning}.", name);
    }

    /// <summary>
    /// Absolute lengths <c>[batch]</c>: int64, on the device of what they are of; and, where they lie in host memory, each in
    /// <c>[minimum, maximum]</c>.
    /// </summary>
    internal static void Lengths(Tensor lengths, string name, Tensor of, string ofName, long minimum, long maximum)
    {
        Rank(lengths, name, "[batch], absolute lengths", 1);
        if (lengths.dtype != ScalarType.Int64)
            throw new ArgumentException($"{name} is {Describe(lengths)}; absolute lengths are int64.", name);
        if (lengths.size(0) != of.size(0))
            throw new ArgumentException($"{name} is {Describe(lengths)} for {of.size(0)} items; it must have one length for each.", name);
        SameDevice(lengths, name, of, ofName);
        if (lengths.device_type != DeviceType.CPU || lengths.numel() == 0)
            return;
        using var host = lengths.contiguous();
        using var values = host.data<long>();
        foreach (long value in values)
            if (value < minimum || value > maximum)
                throw new ArgumentOutOfRangeException(
                    name, value, $"{name} holds {value}; each length must lie in [{minimum}, {maximum}], {ofName} being {Describe(of)}.");
    }

    /// <summary>The integer lies in <c>[minimum, maximum]</c>.</summary>
    internal static void Range(long value, string name, long minimum, long maximum = long.MaxValue)
    {
        if (value < minimum || value > maximum)
            throw new ArgumentOutOfRangeException(
                name, value, maximum == long.MaxValue ? $"{name} must be at least {minimum}." : $"{name} must lie in [{minimum}, {maximum}].");
    }

    /// <summary>The number is finite and lies in <c>[minimum, maximum]</c>.</summary>
    internal static void Range(double value, string name, double minimum, double maximum = double.PositiveInfinity)
    {
        if (!double.IsFinite(value) || value < minimum || value > maximum)
            throw new ArgumentOutOfRangeException(
                name, value, FormattableString.Invariant($"{name} must be a finite number in [{minimum}, {maximum}]."));
    }

    /// <summary>The number is finite and above zero.</summary>
    internal static void Positive(double value, string name)
    {
        if (!double.IsFinite(value) || value <= 0)
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be a finite number above 0.");
    }

    /// <summary>The generator draws on the CPU, where parameters are drawn so that they are equal on every device.</summary>
    internal static void CpuGenerator(Generator generator, string name)
    {
        ArgumentNullException.ThrowIfNull(generator, name);
        if (generator.device.type != DeviceType.CPU)
            throw new ArgumentException($"{name} belongs to {generator.device}; parameters are drawn from a CPU generator: new torch.Generator(seed).", name);
    }

    /// <summary>The value is one of its enumeration.</summary>
    internal static void Defined<T>(T value, string name)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be one of {string.Join(", ", Enum.GetNames<T>())}.");
    }

    /// <summary>Whether a type is one of the four real floating-point types.</summary>
    internal static bool IsReal(ScalarType type) =>
        type is ScalarType.Float32 or ScalarType.Float64 or ScalarType.BFloat16 or ScalarType.Float16;

    /// <summary>Shape, type and device in words.</summary>
    internal static string Describe(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}] {tensor.dtype} on {tensor.device}";
}
