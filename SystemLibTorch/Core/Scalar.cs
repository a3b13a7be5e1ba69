using SystemLibTorch.Native;

namespace TorchSharp;

/// <summary>A number on its way into an operator. Here it is plain managed memory; disposing it does nothing.</summary>
public sealed class Scalar : IDisposable
{
    internal readonly ValueTag Kind;
    internal readonly long Integer;
    internal readonly double Real;

    private Scalar(ValueTag kind, long integer, double real, torch.ScalarType type) => (Kind, Integer, Real, Type) = (kind, integer, real, type);

    /// <summary>The element type that the number came as.</summary>
    public torch.ScalarType Type { get; }

    internal static Scalar Of(long value, torch.ScalarType type) => new(ValueTag.Int, value, value, type);

    internal static Scalar Of(double value, torch.ScalarType type) => new(ValueTag.Double, (long)value, value, type);

    internal static Scalar Of(bool value) => new(ValueTag.Bool, value ? 1 : 0, value ? 1 : 0, torch.ScalarType.Bool);

    /// <summary>An 8-bit unsigned number.</summary>
    public static implicit operator Scalar(byte value) => Of((long)value, torch.ScalarType.Byte);

    /// <summary>An 8-bit number.</summary>
    public static implicit operator Scalar(sbyte value) => Of((long)value, torch.ScalarType.Int8);

    /// <summary>A 16-bit number.</summary>
    public static implicit operator Scalar(short value) => Of((long)value, torch.ScalarType.Int16);

    /// <summary>A 32-bit number.</summary>
    public static implicit operator Scalar(int value) => Of((long)value, torch.ScalarType.Int32);

    /// <summary>A 64-bit number.</summary>
    public static implicit operator Scalar(long value) => Of(value, torch.ScalarType.Int64);

    /// <summary>A half-precision number.</summary>
    public static implicit operator Scalar(Half value) => Of((double)value, torch.ScalarType.Float16);

    /// <summary>A single-precision number.</summary>
    public static implicit operator Scalar(float value) => Of((double)value, torch.ScalarType.Float32);

    /// <summary>A double-precision number.</summary>
    public static implicit operator Scalar(double value) => Of(value, torch.ScalarType.Float64);

    /// <summary>A truth value.</summary>
    public static implicit operator Scalar(bool value) => Of(value);

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}

/// <summary>Conversions to and from <see cref="Scalar"/>.</summary>
public static class ScalarExtensionMethods
{
    /// <summary>The number as a scalar.</summary>
    public static Scalar ToScalar(this float value) => value;

    /// <summary>The number as a scalar.</summary>
    public static Scalar ToScalar(this double value) => value;

    /// <summary>The number as a scalar.</summary>
    public static Scalar ToScalar(this int value) => value;

    /// <summary>The number as a scalar.</summary>
    public static Scalar ToScalar(this long value) => value;

    /// <summary>The number as a scalar.</summary>
    public static Scalar ToScalar(this byte value) => value;

    /// <summary>The number as a scalar.</summary>
    public static Scalar ToScalar(this sbyte value) => value;

    /// <summary>The number as a scalar.</summary>
    public static Scalar ToScalar(this short value) => value;

    /// <summary>The number as a scalar.</summary>
    public static Scalar ToScalar(this Half value) => value;

    /// <summary>The truth value as a scalar.</summary>
    public static Scalar ToScalar(this bool value) => value;

    /// <summary>The scalar as a double.</summary>
    public static double ToDouble(this Scalar value) => value.Real;

    /// <summary>The scalar as a float.</summary>
    public static float ToSingle(this Scalar value) => (float)value.Real;

    /// <summary>The scalar as a 64-bit integer.</summary>
    public static long ToInt64(this Scalar value) => value.Integer;

    /// <summary>The scalar as a 32-bit integer.</summary>
    public static int ToInt32(this Scalar value) => (int)value.Integer;

    /// <summary>The scalar as an 8-bit unsigned integer.</summary>
    public static byte ToByte(this Scalar value) => (byte)value.Integer;

    /// <summary>The scalar as an 8-bit integer.</summary>
    public static sbyte ToSByte(this Scalar value) => (sbyte)value.Integer;

    /// <summary>The scalar as a 16-bit integer.</summary>
    public static short ToInt16(this Scalar value) => (short)value.Integer;

    /// <summary>The scalar as a half-precision number.</summary>
    public static Half ToHalf(this Scalar value) => (Half)value.Real;

    /// <summary>The scalar as a truth value.</summary>
    public static bool ToBoolean(this Scalar value) => value.Real != 0;
}
