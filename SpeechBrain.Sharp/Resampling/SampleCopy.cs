using System.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Resampling;

/// <summary>Copies samples between a tensor's memory, in its type and stride, and contiguous values of the type that sums are computed in.</summary>
internal static unsafe class SampleCopy<T>
    where T : unmanaged, INumber<T>
{
    /// <summary>Whether samples of a type lie in memory as the sums need them.</summary>
    internal static bool IsDirect(ScalarType dtype, long stride) =>
        stride == 1 && dtype == (typeof(T) == typeof(double) ? ScalarType.Float64 : ScalarType.Float32);

    internal static void Read(ScalarType dtype, byte* source, long stride, T* target, long count)
    {
        switch (dtype)
        {
            case ScalarType.Float32:
            case ScalarType.Float64:
                for (long i = 0; i < count; i++)
                    target[i] = ((T*)source)[i * stride];
                break;
            case ScalarType.BFloat16:
                for (long i = 0; i < count; i++)
                    ((float*)target)[i] = BitConverter.Int32BitsToSingle(((ushort*)source)[i * stride] << 16);
                break;
            default:
                for (long i = 0; i < count; i++)
                    ((float*)target)[i] = (float)((Half*)source)[i * stride];
                break;
        }
    }

    internal static void Write(ScalarType dtype, T* source, byte* target, long stride, long count)
    {
        switch (dtype)
        {
            case ScalarType.Float32:
            case ScalarType.Float64:
                for (long i = 0; i < count; i++)
                    ((T*)target)[i * stride] = source[i];
                break;
            case ScalarType.BFloat16:
                for (long i = 0; i < count; i++)
                    ((ushort*)target)[i * stride] = BFloat16Bits(((float*)source)[i]);
                break;
            default:
                for (long i = 0; i < count; i++)
                    ((Half*)target)[i * stride] = (Half)((float*)source)[i];
                break;
        }
    }

    // The upper half of a float32, rounded to nearest and halves to even: just below a half is added, and one more if the kept part is odd.
    // A NaN whose payload lies in the lower half alone would become an infinity.
    private static ushort BFloat16Bits(float value)
    {
        if (float.IsNaN(value))
            return 0x7FC0;
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}
