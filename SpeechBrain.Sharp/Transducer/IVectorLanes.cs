using System.Numerics;

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
