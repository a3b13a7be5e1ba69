using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Serialization;

/// <summary>The names that the safetensors format gives to types, for the ten types that both it and libtorch have.</summary>
internal static class SafetensorsDtype
{
    private static readonly (string Name, ScalarType Dtype)[] Known =
    [
        ("F64", ScalarType.Float64),
        ("F32", ScalarType.Float32),
        ("F16", ScalarType.Float16),
        ("BF16", ScalarType.BFloat16),
        ("I64", ScalarType.Int64),
        ("I32", ScalarType.Int32),
        ("I16", ScalarType.Int16),
        ("I8", ScalarType.Int8),
        ("U8", ScalarType.Byte),
        ("BOOL", ScalarType.Bool),
    ];

    internal static string Names => string.Join(", ", Known.Select(k => k.Name));

    internal static ScalarType? Find(string name)
    {
        foreach (var known in Known)
            if (known.Name == name)
                return known.Dtype;
        return null;
    }

    internal static string? NameOf(ScalarType dtype)
    {
        foreach (var known in Known)
            if (known.Dtype == dtype)
                return known.Name;
        return null;
    }

    /// <summary>Bytes of one element.</summary>
    internal static int SizeOf(ScalarType dtype) => NameOf(dtype) is null
        ? throw new ArgumentException($"{dtype} has no place in a safetensors file; it holds {Names}.", nameof(dtype))
        : dtype.ElementSize();
}
