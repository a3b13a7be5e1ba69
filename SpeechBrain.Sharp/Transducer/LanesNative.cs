using System.Numerics;
using System.Runtime.CompilerServices;

namespace SpeechBrain.Sharp.Transducer;

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
