namespace TorchSharp;

/// <summary>Conversions of tensors.</summary>
public static partial class TensorExtensionMethods
{
    /// <summary>Bytes of one element of a type.</summary>
    public static int ElementSize(this ScalarType type) => type switch
    {
        ScalarType.Byte or ScalarType.Int8 or ScalarType.Bool => 1,
        ScalarType.Int16 or ScalarType.Float16 or ScalarType.BFloat16 => 2,
        ScalarType.Int32 or ScalarType.Float32 => 4,
        ScalarType.Int64 or ScalarType.Float64 or ScalarType.ComplexFloat32 => 8,
        ScalarType.ComplexFloat64 => 16,
        _ => throw new NotSupportedException($"{type} has no element size"),
    };

    /// <summary>The one element as a float. Waits for the device.</summary>
    public static float ToSingle(this Tensor value) => value.ToScalar().ToSingle();

    /// <summary>The one element as a double. Waits for the device.</summary>
    public static double ToDouble(this Tensor value) => value.ToScalar().ToDouble();

    /// <summary>The one element as a 64-bit integer. Waits for the device.</summary>
    public static long ToInt64(this Tensor value) => value.ToScalar().ToInt64();

    /// <summary>The one element as a 32-bit integer. Waits for the device.</summary>
    public static int ToInt32(this Tensor value) => value.ToScalar().ToInt32();

    /// <summary>The one element as a truth value. Waits for the device.</summary>
    public static bool ToBoolean(this Tensor value) => value.ToScalar().ToBoolean();

    /// <summary>The one element as an 8-bit unsigned integer. Waits for the device.</summary>
    public static byte ToByte(this Tensor value) => value.ToScalar().ToByte();

    /// <summary>The one element as an 8-bit integer. Waits for the device.</summary>
    public static sbyte ToSByte(this Tensor value) => value.ToScalar().ToSByte();

    /// <summary>The one element as a 16-bit integer. Waits for the device.</summary>
    public static short ToInt16(this Tensor value) => value.ToScalar().ToInt16();

    /// <summary>The one element as a half-precision number. Waits for the device.</summary>
    public static Half ToHalf(this Tensor value) => value.ToScalar().ToHalf();

    /// <summary>A tensor of one number.</summary>
    public static Tensor ToTensor<T>(this T scalar, Device? device = null, bool requires_grad = false) where T : struct =>
        (requires_grad, scalar) switch
        {
            (true, not (float or double)) => throw new ArgumentException("Only floating point types support gradients.", nameof(requires_grad)),
            (_, byte value) => tensor(value, device, requires_grad),
            (_, sbyte value) => tensor(value, device, requires_grad),
            (_, short value) => tensor(value, device, requires_grad),
            (_, int value) => tensor(value, int32, device, requires_grad),
            (_, long value) => tensor(value, int64, device, requires_grad),
            (_, float value) => tensor(value, float32, device, requires_grad),
            (_, double value) => tensor(value, float64, device, requires_grad),
            _ => throw new NotImplementedException($"Creating tensor of type {typeof(T)} is not supported."),
        };

    /// <summary>A tensor of a copy of an array, in a shape.</summary>
    public static Tensor ToTensor<T>(this T[] rawArray, long[] dimensions, bool doCopy = false, bool requires_grad = false) => rawArray switch
    {
        byte[] array => tensor(array, dimensions, requires_grad: requires_grad),
        sbyte[] array => tensor(array, dimensions, requires_grad: requires_grad),
        short[] array => tensor(array, dimensions, requires_grad: requires_grad),
        int[] array => tensor(array, dimensions, requires_grad: requires_grad),
        long[] array => tensor(array, dimensions, requires_grad: requires_grad),
        float[] array => tensor(array, dimensions, requires_grad: requires_grad),
        double[] array => tensor(array, dimensions, requires_grad: requires_grad),
        bool[] array => tensor(array, dimensions, requires_grad: requires_grad),
        _ => throw new NotImplementedException($"Creating tensor of type {typeof(T)} is not supported."),
    };

    /// <summary>The number of elements of a shape.</summary>
    public static long TotalSize(this IEnumerable<long> shape)
    {
        long product = 1;
        foreach (var size in shape) product *= size;
        return product;
    }

    /// <summary>Shape, type and device as text; the elements are not shown.</summary>
    public static string metastr(this Tensor tensor) => tensor.ToString();

    /// <summary>The tensor as text. This binding has the style of metadata only, whatever is asked for.</summary>
    public static string str(
        this Tensor tensor, string? fltFormat = null, int? width = null, string? newLine = null, System.Globalization.CultureInfo? cultureInfo = null,
        TensorStringStyle style = TensorStringStyle.Default) => tensor.ToString();

    /// <summary>Writes the tensor as text to the console, and returns it.</summary>
    public static Tensor print(
        this Tensor t, string? fltFormat = "g5", int? width = 100, string? newLine = null, System.Globalization.CultureInfo? cultureInfo = null,
        TensorStringStyle style = TensorStringStyle.Default)
    {
        Console.Write(t.str(fltFormat, width, newLine, cultureInfo, style) + (newLine ?? Environment.NewLine));
        return t;
    }
}
