using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SpeechBrain.Sharp.Transducer;

/// <summary>
/// The operations on a vector that the loops over logits need, so that these are written once and compiled for each width:
/// <see cref="Lanes512{T}"/> where the machine has vectors of 64 bytes, which <see cref="Vector{T}"/> does not use, else
/// <see cref="LanesNative{T}"/>.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
/// <typeparam name="TVector">The vector.</typeparam>
internal unsafe interface IVectorLanes<T, TVector>
    where T : unmanaged
{
    /// <summary>Numbers in a vector.</summary>
    static abstract int Count { get; }

    static abstract TVector Load(T* source);

    static abstract void Store(TVector x, T* target);

    static abstract TVector Create(T value);

    static abstract TVector Add(TVector a, TVector b);

    static abstract TVector Subtract(TVector a, TVector b);

    static abstract TVector Multiply(TVector a, TVector b);

    /// <summary>a b + c, in one operation where the machine has it.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    /// <summary>The larger; either one or NaN where one is NaN.</summary>
    static abstract TVector Max(TVector a, TVector b);

    /// <summary>a &lt; b ? x : y; of NaN the comparison is false.</summary>
    static abstract TVector IfLess(TVector a, TVector b, TVector x, TVector y);

    /// <summary>a == b ? x : y; of NaN the comparison is false.</summary>
    static abstract TVector IfEqual(TVector a, TVector b, TVector x, TVector y);

    static abstract T Sum(TVector x);

    /// <summary>For T = float: the floats whose exponent and sign are the lowest 9 bits of x.</summary>
    static abstract TVector LowBitsToExponent(TVector x);

    /// <summary>exp(x) for x not above 0; see <see cref="VectorMath"/>.</summary>
    static abstract TVector Exp(TVector x);
}

/// <inheritdoc cref="IVectorLanes{T, TVector}"/>
internal readonly unsafe struct Lanes512<T> : IVectorLanes<T, Vector512<T>>
    where T : unmanaged
{
    public static int Count => Vector512<T>.Count;

    public static Vector512<T> Load(T* source) => Vector512.Load(source);

    public static void Store(Vector512<T> x, T* target) => Vector512.Store(x, target);

    public static Vector512<T> Create(T value) => Vector512.Create(value);

    public static Vector512<T> Add(Vector512<T> a, Vector512<T> b) => a + b;

    public static Vector512<T> Subtract(Vector512<T> a, Vector512<T> b) => a - b;

    public static Vector512<T> Multiply(Vector512<T> a, Vector512<T> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> MultiplyAdd(Vector512<T> a, Vector512<T> b, Vector512<T> c) =>
        typeof(T) == typeof(float)
            ? Vector512.MultiplyAddEstimate(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>()
            : Vector512.MultiplyAddEstimate(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>();

    public static Vector512<T> Max(Vector512<T> a, Vector512<T> b) => Vector512.MaxNative(a, b);

    public static Vector512<T> IfLess(Vector512<T> a, Vector512<T> b, Vector512<T> x, Vector512<T> y) =>
        Vector512.ConditionalSelect(Vector512.LessThan(a, b), x, y);

    public static Vector512<T> IfEqual(Vector512<T> a, Vector512<T> b, Vector512<T> x, Vector512<T> y) =>
        Vector512.ConditionalSelect(Vector512.Equals(a, b), x, y);

    public static T Sum(Vector512<T> x) => Vector512.Sum(x);

    public static Vector512<T> LowBitsToExponent(Vector512<T> x) => Vector512.ShiftLeft(x.AsInt32(), 23).As<int, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Exp(Vector512<T> x) =>
        typeof(T) == typeof(float)
            ? VectorMath.Exp<Vector512<float>, Lanes512<float>>(x.AsSingle()).As<float, T>()
            : Vector512.Exp(x.AsDouble()).As<double, T>();
}

/// <inheritdoc cref="IVectorLanes{T, TVector}"/>
internal readonly unsafe struct LanesNative<T> : IVectorLanes<T, Vector<T>>
    where T : unmanaged
{
    public static int Count => Vector<T>.Count;

    public static Vector<T> Load(T* source) => Vector.Load(source);

    public static void Store(Vector<T> x, T* target) => Vector.Store(x, target);

    public static Vector<T> Create(T value) => new(value);

    public static Vector<T> Add(Vector<T> a, Vector<T> b) => a + b;

    public static Vector<T> Subtract(Vector<T> a, Vector<T> b) => a - b;

    public static Vector<T> Multiply(Vector<T> a, Vector<T> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> MultiplyAdd(Vector<T> a, Vector<T> b, Vector<T> c) =>
        typeof(T) == typeof(float)
            ? Vector.As<float, T>(Vector.MultiplyAddEstimate(Vector.As<T, float>(a), Vector.As<T, float>(b), Vector.As<T, float>(c)))
            : Vector.As<double, T>(Vector.MultiplyAddEstimate(Vector.As<T, double>(a), Vector.As<T, double>(b), Vector.As<T, double>(c)));

    public static Vector<T> Max(Vector<T> a, Vector<T> b) => Vector.MaxNative(a, b);

    public static Vector<T> IfLess(Vector<T> a, Vector<T> b, Vector<T> x, Vector<T> y) => Vector.ConditionalSelect(Vector.LessThan(a, b), x, y);

    public static Vector<T> IfEqual(Vector<T> a, Vector<T> b, Vector<T> x, Vector<T> y) => Vector.ConditionalSelect(Vector.Equals(a, b), x, y);

    public static T Sum(Vector<T> x) => Vector.Sum(x);

    public static Vector<T> LowBitsToExponent(Vector<T> x) => Vector.As<int, T>(Vector.ShiftLeft(Vector.As<T, int>(x), 23));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Exp(Vector<T> x) =>
        typeof(T) == typeof(float)
            ? Vector.As<float, T>(VectorMath.Exp<Vector<float>, LanesNative<float>>(Vector.As<T, float>(x)))
            : Vector.As<double, T>(Vector.Exp(Vector.As<T, double>(x)));
}
