using System.Numerics;
using System.Runtime.CompilerServices;

namespace SpeechBrain.Sharp.Transducer;

/// <summary>
/// The two loops of the RNN-T loss that see every logit, over the V outputs of one node, in float32 or float64. A row is read from memory once by each
/// and stays in the first cache between the steps of one.
/// </summary>
/// <remarks>
/// The floor, for N float32 logits: <see cref="Normalize"/> reads 4N bytes; <see cref="Gradient"/> reads 4N and writes 4N (and the processor
/// reads what it will overwrite, 4N more, where the gradient is not in place). Each logit takes one exponential of 6 multiply-adds
/// and some 12 plain operations in each loop. At 4 x 300 x 41 x 1000 that is N = 49.2 million: 0.79 GB of memory traffic and 1.8 billion
/// operations, or 0.11 billion in vectors of 16, so that a core that moves 15 GB/s needs 53 ms for the memory and less for the arithmetic.
/// </remarks>
internal static unsafe class LogitRow<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
{
    // Vectors whose sums are added up in T before they go to the float64 total: short enough to lose no digit that matters.
    private const int Block = 64;

    private static int Lanes => Vector<T>.Count;

    /// <summary>
    /// The largest logit, and the sum of <c>exp(logit - largest)</c> over all the others: their log-sum-exp is
    /// <c>Max + log(1 + Others)</c>. The 1 is left out since, of a model that is sure, the rest alone tells how sure: 1e-9 would be lost in 1 + 1e-9.
    /// </summary>
    /// <returns>NaN as the others if a logit is NaN or infinite, or all are minus infinity; single ones of minus infinity add nothing.</returns>
    public static (T Max, double Others) Normalize(T* logits, int count)
    {
        int whole = count / Lanes * Lanes;
        var tail = Tail(logits + whole, count - whole);
        var largest = tail;
        for (int i = 0; i < whole; i += Lanes)
            largest = Vector.MaxNative(largest, Vector.Load(logits + i));
        T max = largest[0];
        for (int lane = 1; lane < Lanes; lane++)
            max = T.Max(max, largest[lane]);

        var top = new Vector<T>(max);
        double rest = 0, ties = 0;
        for (int i = 0; i < whole;)
        {
            Vector<T> sum = Vector<T>.Zero, equal = Vector<T>.Zero;
            for (int end = Math.Min(whole, i + Block * Lanes); i < end; i += Lanes)
                Add(Vector.Load(logits + i) - top, ref sum, ref equal);
            rest += Convert.ToDouble(Vector.Sum(sum));
            ties += Convert.ToDouble(Vector.Sum(equal));
        }
        Vector<T> last = Vector<T>.Zero, lastEqual = Vector<T>.Zero;
        Add(tail - top, ref last, ref lastEqual);
        rest += Convert.ToDouble(Vector.Sum(last));
        ties += Convert.ToDouble(Vector.Sum(lastEqual));
        return (max, rest + (ties - 1));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static void Add(Vector<T> below, ref Vector<T> sum, ref Vector<T> equal)
        {
            // Of a NaN the comparison is false: it stays in the sum.
            var isTop = Vector.Equals(below, Vector<T>.Zero);
            sum += Vector.AndNot(VectorMath.Exp(below), isTop);
            equal += Vector.BitwiseAnd(isTop, Vector<T>.One);
        }
    }

    /// <summary>
    /// Writes <c>weight * min(exp(logit - max) * scale, limit)</c> for each logit: the gradient but for the arcs' own outputs.
    /// <paramref name="gradient"/> may be <paramref name="logits"/>.
    /// </summary>
    public static void Gradient(T* logits, T* gradient, int count, T max, T scale, T limit, T weight)
    {
        int whole = count / Lanes * Lanes;
        Vector<T> top = new(max), factor = new(scale), most = new(limit), by = new(weight);
        var tail = Tail(logits + whole, count - whole);
        for (int i = 0; i < whole; i += Lanes)
            Vector.Store(Limited(VectorMath.Exp(Vector.Load(logits + i) - top) * factor, most) * by, gradient + i);
        var last = Limited(VectorMath.Exp(tail - top) * factor, most) * by;
        for (int i = whole; i < count; i++)
            gradient[i] = last[i - whole];

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector<T> Limited(Vector<T> g, Vector<T> most) => Vector.ConditionalSelect(Vector.GreaterThan(g, most), most, g);
    }

    // What does not fill a vector, with minus infinity behind it: outputs of probability 0.
    private static Vector<T> Tail(T* logits, int count)
    {
        T* lanes = stackalloc T[Lanes];
        for (int lane = 0; lane < Lanes; lane++)
            lanes[lane] = lane < count ? logits[lane] : T.NegativeInfinity;
        return Vector.Load(lanes);
    }
}
