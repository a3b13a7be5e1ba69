using System.Numerics;
using TorchSharp;

namespace SpeechBrain.Sharp.Transducer;

/// <summary>Rows of bfloat16 or float16 numbers in memory, as float32 numbers and back.</summary>
internal static unsafe class LogitConversion
{
    /// <summary>Every bfloat16 and float16 number is a float32 number.</summary>
    internal static void Widen(torch.ScalarType dtype, ushort* source, float* target, int count)
    {
        int i = 0;
        if (dtype == torch.ScalarType.BFloat16)
        {
            for (; i <= count - Vector<ushort>.Count; i += Vector<ushort>.Count)
            {
                Vector.Widen(Vector.Load(source + i), out var low, out var high);
                Vector.Store(Vector.AsVectorSingle(Vector.ShiftLeft(low, 16)), target + i);
                Vector.Store(Vector.AsVectorSingle(Vector.ShiftLeft(high, 16)), target + i + Vector<float>.Count);
            }
            for (; i < count; i++)
                target[i] = BitConverter.UInt32BitsToSingle((uint)source[i] << 16);
        }
        else
        {
            for (; i < count; i++)
                target[i] = (float)((Half*)source)[i];
        }
    }

    /// <summary>Rounded to the nearest, halves to even.</summary>
    internal static void Narrow(torch.ScalarType dtype, float* source, ushort* target, int count)
    {
        int i = 0;
        if (dtype == torch.ScalarType.BFloat16)
        {
            for (; i <= count - Vector<ushort>.Count; i += Vector<ushort>.Count)
                Vector.Store(Vector.Narrow(Upper(Vector.Load(source + i)), Upper(Vector.Load(source + i + Vector<float>.Count))), target + i);
            for (; i < count; i++)
                target[i] = (ushort)Upper(new Vector<float>(source[i]))[0];
        }
        else
        {
            for (; i < count; i++)
                ((Half*)target)[i] = (Half)source[i];
        }
    }

    // The upper half of a float32: just below a half of its last place is added, and one more if the kept part is odd. A NaN whose payload lies
    // in the lower half alone would become an infinity.
    private static Vector<uint> Upper(Vector<float> x)
    {
        var bits = Vector.AsVectorUInt32(x);
        var odd = Vector.BitwiseAnd(Vector.ShiftRightLogical(bits, 16), Vector<uint>.One);
        var rounded = Vector.ShiftRightLogical(bits + new Vector<uint>(0x7FFF) + odd, 16);
        return Vector.ConditionalSelect(Vector.AsVectorUInt32(Vector.Equals(x, x)), rounded, new Vector<uint>(0x7FC0));
    }
}
