using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SpeechBrain.Sharp.Parallelism;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Conformer;

/// <summary>
/// Dropout whose random numbers cost less than its multiplication: on a CPU libtorch draws them one by one, which took a fifth of a training
/// step; here 16 generators run side by side. One number of torch's own generator seeds them, so <c>manual_seed</c> still repeats a run, and
/// the same seed gives the same noise on every processor.
/// </summary>
/// <remarks>
/// The generators are xoshiro128+ (D. Blackman and S. Vigna, "Scrambled linear pseudorandom number generators",
/// https://arxiv.org/abs/1805.01407), seeded with SplitMix64. The probability is a multiple of 2^-32.
/// </remarks>
internal static unsafe class DropoutNoise
{
    // Elements that share one seeding. Blocks are independent of each other.
    private const int Block = 1 << 16;

    private const long MostElements = int.MaxValue / sizeof(float);

    /// <summary>
    /// Sets elements to zero with a probability and divides the others by what is left of 1. In evaluation, or at probability 0, the argument itself;
    /// otherwise a new tensor, and the argument is disposed of.
    /// </summary>
    internal static Tensor Apply(Tensor owned, double probability, bool training)
    {
        if (!training || probability == 0)
            return owned;
        using (owned)
        {
            long count = owned.numel();
            if (owned.device_type != DeviceType.CPU || probability == 1 || count > MostElements || !Require.IsReal(owned.dtype))
                return nn.functional.dropout(owned, probability, training: true);
            using var noise = Noise(owned.shape, probability);
            if (owned.dtype == ScalarType.Float32)
                return owned.mul(noise);
            using var converted = noise.to(owned.dtype);
            return owned.mul(converted);
        }
    }

    /// <summary>Zeros with the probability, else 1 / (1 - probability); float32 on the CPU.</summary>
    internal static Tensor Noise(long[] shape, double probability)
    {
        var noise = empty(shape, ScalarType.Float32, CPU);
        ulong seed;
        using (var draw = randint(0, long.MaxValue, [1], dtype: ScalarType.Int64, device: CPU))
            seed = (ulong)draw.item<long>();
        int count = (int)noise.numel();
        uint* elements = (uint*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(noise.bytes));
        ParallelParts.Run(get_num_threads(), (count + Block - 1) / Block, part =>
        {
            ulong own = seed + (ulong)part;
            int begin = (int)part * Block;
            Fill(new Span<uint>(elements + begin, Math.Min(Block, count - begin)), SplitMix(ref own), probability);
        });
        return noise;
    }

    private static void Fill(Span<uint> elements, ulong seed, double probability)
    {
        var limit = Vector512.Create((uint)Math.Min(Math.Round(probability * 4294967296.0), uint.MaxValue));
        var kept = Vector512.Create(BitConverter.SingleToUInt32Bits((float)(1 / (1 - probability))));
        var (s0, s1, s2, s3) = (Seeded(ref seed), Seeded(ref seed), Seeded(ref seed), Seeded(ref seed));
        int width = Vector512<uint>.Count, i = 0;
        for (; i <= elements.Length - width; i += width)
            Next().CopyTo(elements[i..]);
        if (i < elements.Length)
        {
            Span<uint> last = stackalloc uint[width];
            Next().CopyTo(last);
            last[..(elements.Length - i)].CopyTo(elements[i..]);
        }

        Vector512<uint> Next()
        {
            var drawn = s0 + s3;
            var shifted = s1 << 9;
            s2 ^= s0;
            s3 ^= s1;
            s1 ^= s2;
            s0 ^= s3;
            s2 ^= shifted;
            s3 = (s3 << 11) | (s3 >>> 21);
            return Vector512.GreaterThanOrEqual(drawn, limit) & kept;
        }
    }

    private static Vector512<uint> Seeded(ref ulong seed)
    {
        Span<ulong> words = stackalloc ulong[Vector512<ulong>.Count];
        foreach (ref ulong word in words)
            word = SplitMix(ref seed);
        return Vector512.Create<ulong>(words).AsUInt32();
    }

    private static ulong SplitMix(ref ulong state)
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
