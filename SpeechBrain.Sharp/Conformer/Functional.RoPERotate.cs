using SpeechBrain.Sharp.Conformer;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp;

public static partial class Functional
{
    /// <summary>
    /// Rotary position embedding: turns each pair of neighbours (2i, 2i + 1) of a vector at position t by the angle t 10000^(-2i / headDim).
    /// The product of two turned vectors depends on the difference of their positions alone.
    /// </summary>
    /// <param name="x"><c>[batch, time, heads, headDim]</c>, headDim even; bfloat16 and float16 are turned in float32.</param>
    /// <returns>A new tensor like <paramref name="x"/>.</returns>
    /// <remarks>
    /// J. Su et al., "RoFormer", https://arxiv.org/abs/2104.09864; SpeechBrain 1.1.0, <c>speechbrain/nnet/attention.py, _rope_rotate</c>.
    /// </remarks>
    /// <exception cref="ArgumentException">Wrong rank or type, or an odd headDim.</exception>
    public static Tensor RoPERotate(Tensor x)
    {
        Require.Rank(x, nameof(x), "[batch, time, heads, headDim]", 4);
        Require.Floating(x, nameof(x));
        if (x.size(3) % 2 != 0)
            throw new ArgumentException($"x is {Require.Describe(x)}; its last dimension must be even: pairs are turned.", nameof(x));
        using var scope = NewDisposeScope();
        var turned = Turn(x, wide => RotarySinusoids.Get(wide, x.size(1), x.size(3), 1).select(2, 1));
        return turned.MoveToOuterDisposeScope();
    }

    /// <summary>Multiplies pairs of the last dimension with complex numbers that broadcast against them.</summary>
    internal static Tensor Turn(Tensor x, Func<Tensor, Tensor> rotations)
    {
        var wide = x.dtype is ScalarType.Float32 or ScalarType.Float64 ? x : x.to(ScalarType.Float32);
        // A complex number is two neighbours at an even place in memory; a caller's tensor may lie otherwise.
        long[] stride = wide.stride();
        if (stride[^1] != 1 || stride[..^1].Any(s => s % 2 != 0) || wide.storage_offset() % 2 != 0)
            wide = wide.contiguous();
        int last = stride.Length - 1;
        var turned = wide.unflatten(last, wide.size(last) / 2, 2).view_as_complex().mul(rotations(wide)).view_as_real().flatten(last);
        return turned.dtype == x.dtype ? turned : turned.to(x.dtype);
    }
}
