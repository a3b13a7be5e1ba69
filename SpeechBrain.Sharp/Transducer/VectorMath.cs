using System.Numerics;
using System.Runtime.CompilerServices;

namespace SpeechBrain.Sharp.Transducer;

/// <summary>The functions that the RNN-T loss evaluates for each logit and each node of the lattice, on vectors of the machine's width.</summary>
internal static class VectorMath
{
    /// <summary>exp(x) for x not above 0.</summary>
    /// <remarks>
    /// <para>
    /// Float32: relative error below 1.5e-7 (1.3 units in the last place) down to x = -86.6, 0 from -87.7 on, and between the two 0 or the
    /// least normal numbers; exp(0) is exactly 1, exp(-infinity) exactly 0, and NaN gives NaN. x = k ln 2 + r with |r| at most ln(2)/2, where k ln 2
    /// is subtracted in two parts of which the first is exact; exp(r) is a polynomial of degree 6 whose coefficients make the largest
    /// relative error least (3e-9), and 2^k is built from the bits of k.
    /// </para>
    /// <para>Float64: .NET's own, within 1 unit in the last place or so, down to x = -708.</para>
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector<T> Exp<T>(Vector<T> x) =>
        typeof(T) == typeof(float)
            ? Vector.As<float, T>(Exp(Vector.As<T, float>(x)))
            : Vector.As<double, T>(Vector.Exp(Vector.As<T, double>(x)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Exp(Vector<float> x)
    {
        // At the floor k is -127, whose biased exponent 0 makes 2^k zero. A comparison, unlike a maximum, leaves NaN what it is.
        var floor = new Vector<float>(-88f);
        x = Vector.ConditionalSelect(Vector.LessThan(x, floor), floor, x);
        // Added to 1.5 * 2^23 a number is rounded to an integer, here k + 127, that lies in the lowest bits.
        var shift = new Vector<float>(12582912f + 127f);
        var shifted = Vector.MultiplyAddEstimate(x, new Vector<float>(1.44269504f), shift);
        var k = shifted - shift;
        var r = Vector.MultiplyAddEstimate(k, new Vector<float>(-0.693359375f), x);
        r = Vector.MultiplyAddEstimate(k, new Vector<float>(2.12194440e-4f), r);
        var p = Vector.MultiplyAddEstimate(new Vector<float>(0.0013814540579915047f), r, new Vector<float>(0.00836874544620514f));
        p = Vector.MultiplyAddEstimate(p, r, new Vector<float>(0.04166838899254799f));
        p = Vector.MultiplyAddEstimate(p, r, new Vector<float>(0.1666652113199234f));
        p = Vector.MultiplyAddEstimate(p, r, new Vector<float>(0.4999999403953552f));
        p = Vector.MultiplyAddEstimate(p, r, Vector<float>.One);
        p = Vector.MultiplyAddEstimate(p, r, Vector<float>.One);
        return p * Vector.AsVectorSingle(Vector.ShiftLeft(Vector.AsVectorInt32(shifted), 23));
    }

    /// <summary>log(1 + x) for x not below 0, to full relative precision: the error of rounding 1 + x is divided out again.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector<double> Log1P(Vector<double> x)
    {
        var sum = Vector<double>.One + x;
        var rounded = sum - Vector<double>.One;
        return Vector.ConditionalSelect(Vector.Equals(rounded, Vector<double>.Zero), x, Vector.Log(sum) * (x / rounded));
    }

    /// <summary>log(exp(a) + exp(b)); minus infinity is the logarithm of 0, and NaN gives NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector<double> LogAdd(Vector<double> a, Vector<double> b)
    {
        // Equal infinities have no difference.
        var apart = Vector.ConditionalSelect(Vector.Equals(a, b), Vector<double>.Zero, -Vector.Abs(a - b));
        return Vector.ConditionalSelect(Vector.GreaterThan(a, b), a, b) + Log1P(Vector.Exp(apart));
    }
}
