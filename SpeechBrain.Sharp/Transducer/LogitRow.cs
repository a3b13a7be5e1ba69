using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SpeechBrain.Sharp.Transducer;

/// <summary>
/// The two loops of the RNN-T loss that see every logit, over the V outputs of one node, in float32 or float64. A row is read from memory once by
/// each and stays in the first cache between the steps of one.
/// </summary>
/// <remarks>
/// The floor, for N float32 logits: <see cref="Normalize"/> reads 4N bytes; <see cref="Gradient"/> reads 4N and writes 4N (and the processor
/// reads what it will overwrite, 4N more, where the gradient is not in place). Each logit takes one exponential of 6 multiply-adds
/// and some 12 plain operations in each loop. At 4 x 300 x 41 x 1000 that is N = 49.2 million: 0.79 GB of memory traffic and 1.8 billion
/// operations, or 0.11 billion in vectors of 16, so that a core that moves 15 GB/s needs 53 ms for the memory and less for the arithmetic. Measured on
/// such a core, lattice included: 24 ms and 43 ms of processor time, of which 20 ms clear the fresh pages of the gradient.
/// </remarks>
internal static unsafe class LogitRow<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Vectors whose sums are added up in T before they go to the float64 total: short enough to lose no digit that matters.
    private const int Block = 64;

    /// <summary>
    /// The largest logit, and the sum of <c>exp(logit - largest)</c> over all the others: their log-sum-exp is
    /// <c>Max + log(1 + Others)</c>. The 1 is left out since, of a model that is sure, the others alone tell how sure: 1e-9 would be lost in
    /// 1 + 1e-9.
    /// </summary>
    /// <returns>NaN as the others if a logit is NaN or infinite, or all are minus infinity; single ones of minus infinity add nothing.</returns>
    public static (T Max, double Others) Normalize(T* logits, int count) =>
        Vector512.IsHardwareAccelerated ? Normalize<Vector512<T>, Lanes512<T>>(logits, count) : Normalize<Vector<T>, LanesNative<T>>(logits, count);

    /// <summary>
    /// Writes <c>weight * min(exp(logit - max) * scale, limit)</c> for each logit: the gradient but for the arcs' own outputs.
    /// <paramref name="gradient"/> may be <paramref name="logits"/>.
    /// </summary>
    public static void Gradient(T* logits, T* gradient, int count, T max, T scale, T limit, T weight)
    {
        if (Vector512.IsHardwareAccelerated)
            Gradient<Vector512<T>, Lanes512<T>>(logits, gradient, count, max, scale, limit, weight);
        else
            Gradient<Vector<T>, LanesNative<T>>(logits, gradient, count, max, scale, limit, weight);
    }

    internal static (T Max, double Others) Normalize<TVector, TLanes>(T* logits, int count)
        where TLanes : IVectorLanes<T, TVector>
    {
        int whole = count / TLanes.Count * TLanes.Count;
        var tail = Tail<TVector, TLanes>(logits + whole, count - whole);
        var largest = tail;
        for (int i = 0; i < whole; i += TLanes.Count)
            largest = TLanes.Max(largest, TLanes.Load(logits + i));
        T* lanes = stackalloc T[TLanes.Count];
        TLanes.Store(largest, lanes);
        T max = lanes[0];
        for (int lane = 1; lane < TLanes.Count; lane++)
            max = T.Max(max, lanes[lane]);

        TVector top = TLanes.Create(max), zero = TLanes.Create(T.Zero);
        TVector sum = zero, ties = zero;
        Add<TVector, TLanes>(tail, top, ref sum, ref ties);
        double others = 0, equal = -1;
        for (int i = 0; i < whole;)
        {
            for (int end = Math.Min(whole, i + Block * TLanes.Count); i < end; i += TLanes.Count)
                Add<TVector, TLanes>(TLanes.Load(logits + i), top, ref sum, ref ties);
            others += double.CreateTruncating(TLanes.Sum(sum));
            sum = zero;
        }
        others += double.CreateTruncating(TLanes.Sum(sum));
        equal += double.CreateTruncating(TLanes.Sum(ties));
        return (max, others + equal);
    }

    internal static void Gradient<TVector, TLanes>(T* logits, T* gradient, int count, T max, T scale, T limit, T weight)
        where TLanes : IVectorLanes<T, TVector>
    {
        int whole = count / TLanes.Count * TLanes.Count;
        TVector top = TLanes.Create(max), factor = TLanes.Create(scale), most = TLanes.Create(limit), by = TLanes.Create(weight);
        var tail = Tail<TVector, TLanes>(logits + whole, count - whole);
        for (int i = 0; i < whole; i += TLanes.Count)
            TLanes.Store(Of(TLanes.Load(logits + i), top, factor, most, by), gradient + i);
        T* last = stackalloc T[TLanes.Count];
        TLanes.Store(Of(tail, top, factor, most, by), last);
        for (int i = whole; i < count; i++)
            gradient[i] = last[i - whole];

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static TVector Of(TVector x, TVector top, TVector factor, TVector most, TVector by)
        {
            var g = TLanes.Multiply(TLanes.Exp(TLanes.Subtract(x, top)), factor);
            return TLanes.Multiply(TLanes.IfLess(most, g, most, g), by);
        }
    }

    // Of a NaN the comparison is false: it stays in the sum.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TVector, TLanes>(TVector x, TVector top, ref TVector sum, ref TVector ties)
        where TLanes : IVectorLanes<T, TVector>
    {
        TVector below = TLanes.Subtract(x, top), zero = TLanes.Create(T.Zero);
        sum = TLanes.Add(sum, TLanes.IfEqual(below, zero, zero, TLanes.Exp(below)));
        ties = TLanes.Add(ties, TLanes.IfEqual(below, zero, TLanes.Create(T.One), zero));
    }

    // What does not fill a vector, with minus infinity behind it: outputs of probability 0.
    private static TVector Tail<TVector, TLanes>(T* logits, int count)
        where TLanes : IVectorLanes<T, TVector>
    {
        T* lanes = stackalloc T[TLanes.Count];
        for (int lane = 0; lane < TLanes.Count; lane++)
            lanes[lane] = lane < count ? logits[lane] : T.NegativeInfinity;
        return TLanes.Load(lanes);
    }
}
