using NUnit.Framework;
using SpeechBrain.Sharp.Tests.Testing;
using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Transducer;

[TestFixture]
public sealed unsafe class LogitConversionTests
{
    [TestCase(ScalarType.BFloat16)]
    [TestCase(ScalarType.Float16)]
    public void EveryNumberIsWidenedAndNarrowedAsTorchDoes(ScalarType dtype)
    {
        // All bit patterns, and an odd one more for the part that fills no vector.
        ushort[] bits = [.. Enumerable.Range(0, 65536).Select(i => (ushort)i), 0x3C01];
        float[] wide = new float[bits.Length];
        ushort[] back = new ushort[bits.Length];
        fixed (ushort* source = bits, target = back)
        fixed (float* numbers = wide)
        {
            LogitConversion.Widen(dtype, source, numbers, bits.Length);
            LogitConversion.Narrow(dtype, numbers, target, bits.Length);
        }
        double[] expected = Numbers.Values(FromBits(bits, dtype));
        for (int i = 0; i < bits.Length; i++)
        {
            Assert.That(wide[i], Is.EqualTo((float)expected[i]), $"bits {bits[i]:X4}");
            if (!float.IsNaN(wide[i]))
                Assert.That(back[i], Is.EqualTo(bits[i]));
        }
        Assert.That(Numbers.Values(FromBits(back, dtype)).Select(double.IsNaN), Is.EqualTo(expected.Select(double.IsNaN)));
    }

    [TestCase(ScalarType.BFloat16)]
    [TestCase(ScalarType.Float16)]
    public void NarrowingRoundsToTheNearestEven(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var random = new Random(3);
        float[] numbers =
        [
            1.00390625f, 1.01171875f, 1.00390637f, 1.00048828f, 1.00146484f, 3.4e38f, 70000f, 1e-41f, 5e-8f, 0f, -0f, float.PositiveInfinity,
            .. Enumerable.Range(0, 500).Select(_ => (float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-6, 5)))),
            BitConverter.UInt32BitsToSingle(0x7F800001), // a NaN that loses its payload must stay one
        ];
        ushort[] bits = new ushort[numbers.Length];
        fixed (ushort* target = bits)
        fixed (float* source = numbers)
            LogitConversion.Narrow(dtype, source, target, numbers.Length);
        Assert.That(Numbers.Values(FromBits(bits, dtype)), Is.EqualTo(Numbers.Values(tensor(numbers).to(dtype))));
    }

    private static Tensor FromBits(ushort[] bits, ScalarType dtype)
    {
        var result = empty(bits.Length, dtype: dtype);
        bits.CopyTo(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ushort>(result.bytes));
        return result;
    }
}
