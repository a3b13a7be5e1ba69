using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Serialization;

/// <summary>The names that a file format gives to the types of tensors, for those types that both it and TorchSharp have.</summary>
internal sealed class DtypeNames
{
    private readonly (string Name, ScalarType Dtype)[] known;

    private DtypeNames(params (string Name, ScalarType Dtype)[] known) => this.known = known;

    /// <summary>Of PyTorch's storages, in a pickle: <c>torch.NAME</c>.</summary>
    internal static DtypeNames TorchStorage { get; } = new(
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
        ("ComplexDoubleStorage", ScalarType.ComplexFloat64));

    /// <summary>Of the safetensors format, which has no complex numbers.</summary>
    internal static DtypeNames Safetensors { get; } = new(
        ("F64", ScalarType.Float64),
        ("F32", ScalarType.Float32),
        ("F16", ScalarType.Float16),
        ("BF16", ScalarType.BFloat16),
        ("I64", ScalarType.Int64),
        ("I32", ScalarType.Int32),
        ("I16", ScalarType.Int16),
        ("I8", ScalarType.Int8),
        ("U8", ScalarType.Byte),
        ("BOOL", ScalarType.Bool));

    /// <summary>The type of that name; null where TorchSharp has none.</summary>
    internal ScalarType? Find(string name)
    {
        foreach (var pair in known)
            if (pair.Name == name)
                return pair.Dtype;
        return null;
    }

    /// <summary>The name of that type; null where the format has none.</summary>
    internal string? NameOf(ScalarType dtype)
    {
        foreach (var pair in known)
            if (pair.Dtype == dtype)
                return pair.Name;
        return null;
    }

    /// <summary>All names, for a message.</summary>
    public override string ToString() => string.Join(", ", known.Select(pair => pair.Name));
}
