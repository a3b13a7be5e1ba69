using System.Numerics;
using System.Runtime.CompilerServices;

namespace SpeechBrain.Sharp.Transducer;

/// <summary>The functions that the RNN-T loss evaluates for each logit and each node of the lattice, on vectors of the machine's width.</summary>
internal static class VectorMath
{
    /// <summary>exp(x) for x not above 0, in float32.</summary>
    /// <remarks>
    /// Relative error below 1.5e-7 (1.3 units in the last place) down to x = -87.3, where exp(x) is the least normal number; 0 from x = -87.7 on,
    /// between the two a denormal number or 0. exp(0) is exactly 1, exp(-infinity) exactly 0, and NaN gives NaN. x = k ln 2 + r with |r| at most
    /// ln(2)/2, where k ln 2 is subtracted in two parts of which the first is exact; exp(r) is a polynomial of degree 6 whose coefficients make
    /// the largest relative error least (3e-9), and 2^k is built from the bits of k. Float64 has .NET's own, within some units in the last place.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Exp<TVector, TLanes>(TVector x)
        where TLanes : IVectorLanes<float, TVector>
    {
        // At the floor k is -127, whose biased exponent 0 makes 2^k zero. A comparison, unlike a maximum, leaves NaN what it is.
        var floor = TLanes.Create(-88f);
        x = TLanes.IfLess(x, floor, floor, x);
        // Added to 1.5 * 2^23 a number is rounded to an integer, here k + 127, that lies in the lowest bits.
        var shift = TLanes.Create(12582912f + 127f);
        var shifted = TLanes.MultiplyAdd(x, TLanes.Create(1.44269504f), shift);
        var k = TLanes.Subtract(shifted, shift);
        var r = TLanes.MultiplyAdd(k, TLanes.Create(-0.693359375f), x);
        r = TLanes.MultiplyAdd(k, TLanes.Create(2.12194440e-4f), r);
        var one = TLanes.Create(1f);
        var p = TLanes.MultiplyAdd(TLanes.Create(0.0013814540579915047f), r, TLanes.Create(0.00836874544620514f));
        p = TLanes.MultiplyAdd(p, r, TLanes.Create(0.04166838899254799f));
        p = TLanes.MultiplyAdd(p, r, TLanes.Create(0.1666652113199234f));
        p = TLanes.MultiplyAdd(p, r, TLanes.Create(0.4999999403953552f));
        p = TLanes.MultiplyAdd(p, r, one);
        p = TLanes.MultiplyAdd(p, r, one);
        return TLanes.Multiply(p, TLanes.LowBitsToExponent(shifted));
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
