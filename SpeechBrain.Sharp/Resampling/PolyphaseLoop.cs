using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace SpeechBrain.Sharp.Resampling;

/// <summary>
/// The inner loop of the polyphase form: neighbouring outputs of one period, each the dot product of its own weights with its own
/// stretch of the input.
/// </summary>
/// <remarks>
/// An output is always summed in the same order (lanes, then halves, then neighbours), wherever it stands in a run, so that a signal
/// resampled in pieces gives the same bits as in one. Lanes beyond the taps are masked out of the input, not only weighted with zero:
/// a NaN there would survive the zero.
/// </remarks>
internal static unsafe class PolyphaseLoop<T>
    where T : unmanaged, INumber<T>
{
    // Outputs whose sums are finished together: their partial sums share the last additions.
    private const int Group = 4;

    /// <summary>Values in the widest vector that this machine computes well with.</summary>
    internal static int Lanes =>
        Vector512.IsHardwareAccelerated ? Vector512<T>.Count : Vector256.IsHardwareAccelerated ? Vector256<T>.Count : Vector128<T>.Count;

    /// <summary>Computes a run of outputs.</summary>
    /// <param name="x">The input at the begin of the period; read from the first tap of the first output to the last padded tap of the last.</param>
    /// <param name="first">First tap of each output.</param>
    /// <param name="weights">Their weights, <paramref name="stride"/> values apart.</param>
    /// <param name="taps">Weights that matter.</param>
    /// <param name="stride">Weights with padding, a multiple of <see cref="Lanes"/>.</param>
    /// <param name="y">The outputs.</param>
    /// <param name="count">How many.</param>
    internal static void Run(T* x, int* first, T* weights, int taps, int stride, T* y, int count)
    {
        // The number of vectors is a constant within each loop, so that the compiler unrolls it.
        switch (stride / Lanes)
        {
            case 1: Run<One>(x, first, weights, taps, stride, y, count); break;
            case 2: Run<Two>(x, first, weights, taps, stride, y, count); break;
            case 3: Run<Three>(x, first, weights, taps, stride, y, count); break;
            case 4: Run<Four>(x, first, weights, taps, stride, y, count); break;
            default: Run<Many>(x, first, weights, taps, stride, y, count); break;
        }
    }

    private static void Run<TVectors>(T* x, int* first, T* weights, int taps, int stride, T* y, int count)
        where TVectors : struct, IVectors
    {
        // Only the mask of the width in use is ever read; the compiler drops the others.
        T last = T.CreateTruncating(taps - (stride - Lanes));
        var wide = Vector512.LessThan(Vector512<T>.Indices, Vector512.Create(last));
        var middle = Vector256.LessThan(Vector256<T>.Indices, Vector256.Create(last));
        var narrow = Vector128.LessThan(Vector128<T>.Indices, Vector128.Create(last));
        int done = 0;
        for (; done <= count - Group; done += Group)
        {
            T* w = weights + (nint)done * stride;
            Finish(
                Dot<TVectors>(x + first[done], w, stride, wide, middle, narrow),
                Dot<TVectors>(x + first[done + 1], w + stride, stride, wide, middle, narrow),
                Dot<TVectors>(x + first[done + 2], w + 2 * stride, stride, wide, middle, narrow),
                Dot<TVectors>(x + first[done + 3], w + 3 * stride, stride, wide, middle, narrow),
                y + done);
        }
        // The rest: the same sums in the same places of a group of their own.
        T* rest = stackalloc T[Group];
        for (; done < count; done++)
        {
            var partial = Dot<TVectors>(x + first[done], weights + (nint)done * stride, stride, wide, middle, narrow);
            Finish(partial, partial, partial, partial, rest);
            y[done] = rest[0];
        }
    }

    /// <summary>A dot product, up to the last additions among the lanes of 16 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<T> Dot<TVectors>(T* x, T* w, int stride, Vector512<T> wide, Vector256<T> middle, Vector128<T> narrow)
        where TVectors : struct, IVectors
    {
        int last = (TVectors.Count == 0 ? stride / Lanes : TVectors.Count) - 1;
        if (Vector512.IsHardwareAccelerated)
        {
            var sum = Vector512<T>.Zero;
            for (int v = 0; v < last; v++)
                sum = MultiplyAdd(Vector512.Load(x + v * Lanes), Vector512.Load(w + v * Lanes), sum);
            sum = MultiplyAdd(Vector512.Load(x + last * Lanes) & wide, Vector512.Load(w + last * Lanes), sum);
            var half = sum.GetLower() + sum.GetUpper();
            return half.GetLower() + half.GetUpper();
        }
        if (Vector256.IsHardwareAccelerated)
        {
            var sum = Vector256<T>.Zero;
            for (int v = 0; v < last; v++)
                sum = MultiplyAdd(Vector256.Load(x + v * Lanes), Vector256.Load(w + v * Lanes), sum);
            sum = MultiplyAdd(Vector256.Load(x + last * Lanes) & middle, Vector256.Load(w + last * Lanes), sum);
            return sum.GetLower() + sum.GetUpper();
        }
        var total = Vector128<T>.Zero;
        for (int v = 0; v < last; v++)
            total = MultiplyAdd(Vector128.Load(x + v * Lanes), Vector128.Load(w + v * Lanes), total);
        return MultiplyAdd(Vector128.Load(x + last * Lanes) & narrow, Vector128.Load(w + last * Lanes), total);
    }

    /// <summary>Adds the lanes of each of four vectors and writes the four sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(Vector128<T> a, Vector128<T> b, Vector128<T> c, Vector128<T> d, T* y)
    {
        if (typeof(T) == typeof(float))
        {
            var (a4, b4, c4, d4) = (a.AsSingle(), b.AsSingle(), c.AsSingle(), d.AsSingle());
            Pairs(Pairs(a4, b4), Pairs(c4, d4)).Store((float*)y);
        }
        else
        {
            Pairs(a.AsDouble(), b.AsDouble()).Store((double*)y);
            Pairs(c.AsDouble(), d.AsDouble()).Store((double*)y + 2);
        }
    }

    // [a0 + a1, a2 + a3, b0 + b1, b2 + b3]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Pairs(Vector128<float> a, Vector128<float> b) =>
        Sse3.IsSupported ? Sse3.HorizontalAdd(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.AddPairwise(a, b)
        : Vector128.Create(a[0] + a[1], a[2] + a[3], b[0] + b[1], b[2] + b[3]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> Pairs(Vector128<double> a, Vector128<double> b) =>
        Sse3.IsSupported ? Sse3.HorizontalAdd(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.AddPairwise(a, b)
        : Vector128.Create(a[0] + a[1], b[0] + b[1]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> MultiplyAdd(Vector512<T> a, Vector512<T> b, Vector512<T> c) =>
        typeof(T) == typeof(float)
            ? Vector512.MultiplyAddEstimate(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>()
            : Vector512.MultiplyAddEstimate(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> MultiplyAdd(Vector256<T> a, Vector256<T> b, Vector256<T> c) =>
        typeof(T) == typeof(float)
            ? Vector256.MultiplyAddEstimate(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>()
            : Vector256.MultiplyAddEstimate(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<T> MultiplyAdd(Vector128<T> a, Vector128<T> b, Vector128<T> c) =>
        typeof(T) == typeof(float)
            ? Vector128.MultiplyAddEstimate(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>()
            : Vector128.MultiplyAddEstimate(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>();

    // How many vectors a dot product has, as a type: a constant to the compiler.
    private interface IVectors
    {
        static abstract int Count { get; }
    }

    private readonly struct One : IVectors
    {
        public static int Count => 1;
    }

    private readonly struct Two : IVectors
    {
        public static int Count => 2;
    }

    private readonly struct Three : IVectors
    {
        public static int Count => 3;
    }

    private readonly struct Four : IVectors
    {
        public static int Count => 4;
    }

    private readonly struct Many : IVectors
    {
        public static int Count => 0;
    }
}
