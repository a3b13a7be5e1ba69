using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Serialization;

/// <summary>The names that PyTorch gives to storages of a type, for the types that TorchSharp has.</summary>
internal static class TorchStorageType
{
    private static readonly (string Name, ScalarType Dtype)[] Known =
    [
        ("DoubleStorage", ScalarType.Float64),
        ("FloatStorage", ScalarType.Float32),
        ("HalfStorage", ScalarType.Float16),
        ("BFloat16Storage", ScalarType.BFloat16),
        ("LongStorage", ScalarType.Int64),
        ("IntStorage", ScalarType.Int32),
        ("ShortStorage", ScalarType.Int16),
        ("CharStorage", ScalarType.Int8),
        ("ByteStorage", ScalarType.Byte),
        ("BoolStorage", ScalarType.Bool),
        ("ComplexFloatStorage", ScalarType.ComplexFloat32),
        ("ComplexDoubleStorage", ScalarType.ComplexFloat64),
    ];

    internal static string Names => string.Join(", ", Known.Select(k => k.Name));

    /// <summary>The type of <c>torch.NAME</c>; null where TorchSharp has none, or it is no storage.</summary>
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
}
