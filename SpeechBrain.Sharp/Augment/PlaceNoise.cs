using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Augment;

/// <summary>
/// Uniform noise in which each number is a function of a seed and a place alone, so that a part of it can be had without the rest, and is the
/// same on every device, in every type and in every batch.
/// </summary>
/// <remarks>
/// With x = seed + place * a modulo the prime p = 2^31 - 1, the number is x (x (x + b) + c) modulo p, over p: a cubic over a prime field, of
/// which no products pass 2^62. Good enough to fill gaps with; not a generator to draw parameters from.
/// </remarks>
internal static class PlaceNoise
{
    /// <summary>The prime 2^31 - 1.</summary>
    internal const long Prime = 2147483647;

    /// <summary>Noise in [0, 1).</summary>
    /// <param name="seed">int64, 0 to 2^31 - 2.</param>
    /// <param name="place">int64, at least 0; broadcast against <paramref name="seed"/>.</param>
    /// <returns>float64.</returns>
    internal static Tensor Uniform(Tensor seed, Tensor place)
    {
        using var scope = NewDisposeScope();
        var x = place.remainder(Prime).mul_(1583458089).add(seed).remainder_(Prime);
        var y = x.add(784588716).mul_(x).remainder_(Prime).add_(1220703125).mul_(x).remainder_(Prime);
        return y.to(ScalarType.Float64).div_(Prime).MoveToOuterDisposeScope();
    }
}
