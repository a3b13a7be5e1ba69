using System.Diagnostics.CodeAnalysis;

namespace SpeechBrain.Sharp.Resampling;

/// <summary>
/// A ratio of two sample rates in lowest terms: every <see cref="Orig"/> input samples last as long as <see cref="New"/> output samples.
/// </summary>
/// <remarks>
/// <code>
/// var ratio = new SampleRateRatio(16000, 15200);   // 20:19
/// ratio.OutputLength(21);                          // 20 = ceil(21 * 19 / 20)
/// </code>
/// </remarks>
public sealed record SampleRateRatio
{
    /// <summary>Reduces two rates by their greatest common divisor.</summary>
    /// <param name="origFreq">Input rate in Hz (or any unit shared with <paramref name="newFreq"/>), at least 1.</param>
    /// <param name="newFreq">Output rate in the same unit, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A rate is below 1.</exception>
    public SampleRateRatio(long origFreq, long newFreq)
    {
        Require.Range(origFreq, nameof(origFreq), 1);
        Require.Range(newFreq, nameof(newFreq), 1);
        long divisor = Gcd(origFreq, newFreq);
        Orig = origFreq / divisor;
        New = newFreq / divisor;
    }

    /// <summary>Input samples in one period of the ratio.</summary>
    public long Orig { get; }

    /// <summary>Output samples in one period of the ratio.</summary>
    public long New { get; }

    /// <summary>Whether both rates are equal.</summary>
    public bool IsIdentity => Orig == New;

    /// <summary>Output rate over input rate.</summary>
    public double Value => (double)New / Orig;

    /// <summary>The number of output samples for <paramref name="length"/> input samples: <c>ceil(New * length / Orig)</c>, in integers.</summary>
    /// <param name="length">Input samples, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is below 0.</exception>
    /// <exception cref="OverflowException">The result does not fit 64 bits.</exception>
    public long OutputLength(long length)
    {
        Require.Range(length, nameof(length), 0);
        // Orig * New is at most 2^126, so the product fits 128 bits; a float would lose the last sample of long signals.
        return checked((long)(((Int128)New * length + Orig - 1) / Orig));
    }

    /// <summary>
    /// The ratio nearest to this one among those that a condition accepts, searched along the continued fraction of <see cref="Value"/>:
    /// its convergents and the fractions between them, which are the best approximations for their size.
    /// </summary>
    /// <param name="accepts">True for small terms and false from some size on, such as a bound on memory.</param>
    /// <param name="nearest">The ratio found.</param>
    /// <returns>False if not even the smallest candidate is accepted.</returns>
    public bool TryNearest(Func<SampleRateRatio, bool> accepts, [NotNullWhen(true)] out SampleRateRatio? nearest)
    {
        ArgumentNullException.ThrowIfNull(accepts);
        nearest = null;
        // Convergents h/k of New/Orig: each is (a * previous + the one before), a from Euclid's algorithm.
        (long h0, long k0, long h1, long k1) = (0, 1, 1, 0);
        for ((long p, long q) = (New, Orig); q != 0; (p, q) = (q, p % q))
        {
            long a = p / q;
            // The largest step of this term that is still accepted; the condition is monotone, so it can be halved.
            long low = 0, high = a;
            while (low < high)
            {
                long step = high - (high - low) / 2;
                if (At(step) is not { } candidate || accepts(candidate))
                    low = step;
                else
                    high = step - 1;
            }
            if (At(low) is { } best && accepts(best) && (nearest is null || RelativeError(best) < RelativeError(nearest)))
                nearest = best;
            if (low < a)
                break;
            (h0, k0, h1, k1) = (h1, k1, a * h1 + h0, a * k1 + k0);

            SampleRateRatio? At(long step) =>
                step * h1 + h0 > 0 && step * k1 + k0 > 0 ? new SampleRateRatio(step * k1 + k0, step * h1 + h0) : null;
        }
        return nearest is not null;
    }

    /// <summary>By what part of the wanted output rate another ratio misses it.</summary>
    public double RelativeError(SampleRateRatio other)
    {
        ArgumentNullException.ThrowIfNull(other);
        // Cross products in 128 bits: the difference of two close quotients would lose its digits.
        var difference = (Int128)other.New * Orig - (Int128)New * other.Orig;
        return Math.Abs((double)difference) / ((double)New * other.Orig);
    }

    /// <summary>The ratio as <c>Orig:New</c>.</summary>
    public override string ToString() => $"{Orig}:{New}";

    private static long Gcd(long a, long b)
    {
        while (b != 0)
            (a, b) = (b, a % b);
        return a;
    }
}
