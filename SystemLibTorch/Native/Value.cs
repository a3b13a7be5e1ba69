using System.Runtime.CompilerServices;

namespace SystemLibTorch.Native;

/// <summary>What a value that crosses the border holds; the same numbers stand in native/shim.h.</summary>
internal enum ValueTag
{
    None = 0,
    Tensor = 1,
    Int = 2,
    Double = 3,
    Bool = 4,
    IntList = 5,
    DoubleList = 6,
    TensorList = 7,
    Device = 8,
    String = 9,
    Generator = 10,
    Default = 11,
    BoolList = 12,
}

/// <summary>One argument or result as native code sees it.</summary>
internal struct NativeValue
{
    public ValueTag Tag;
    public int Count;
    public long Payload;
}

/// <summary>
/// One argument of an operator, made by implicit conversion from whatever the C# method was given. Lists, strings and owners of handles stay managed
/// until the call; <see cref="Operator"/> lays them out for native code.
/// </summary>
internal readonly struct Arg
{
    public readonly ValueTag Tag;
    public readonly long Payload;
    public readonly object? Reference;

    private Arg(ValueTag tag, long payload, object? reference = null) => (Tag, Payload, Reference) = (tag, payload, reference);

    /// <summary>The schema's None.</summary>
    public static readonly Arg None = new(ValueTag.None, 0);

    public static implicit operator Arg(torch.Tensor? tensor) => tensor is null ? None : new(ValueTag.Tensor, 0, tensor);

    public static implicit operator Arg(long value) => new(ValueTag.Int, value);

    public static implicit operator Arg(long? value) => value is { } v ? v : None;

    public static implicit operator Arg(bool value) => new(ValueTag.Bool, value ? 1 : 0);

    public static implicit operator Arg(bool? value) => value is { } v ? v : None;

    public static implicit operator Arg(double value) => new(ValueTag.Double, BitConverter.DoubleToInt64Bits(value));

    public static implicit operator Arg(double? value) => value is { } v ? v : None;

    public static implicit operator Arg(Scalar? scalar) => scalar is null ? None : scalar.Kind switch
    {
        ValueTag.Int => scalar.Integer,
        ValueTag.Bool => scalar.Integer != 0,
        _ => scalar.Real,
    };

    public static implicit operator Arg(torch.ScalarType type) => (long)type;

    public static implicit operator Arg(torch.ScalarType? type) => type is { } t ? t : None;

    public static implicit operator Arg(torch.Device? device) => device is null ? None : new(ValueTag.Device, device.Packed);

    public static implicit operator Arg(torch.Generator? generator) => generator is null ? None : new(ValueTag.Generator, 0, generator);

    public static implicit operator Arg(string? text) => text is null ? None : new(ValueTag.String, 0, text);

    public static implicit operator Arg(long[]? list) => list is null ? None : new(ValueTag.IntList, 0, list);

    public static implicit operator Arg(double[]? list) => list is null ? None : new(ValueTag.DoubleList, 0, list);

    public static implicit operator Arg(torch.Tensor?[]? list) => list is null ? None : new(ValueTag.TensorList, 0, list);
}
