using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Conformer;

/// <summary>Scaled dot-product attention, softmax(q kᵀ / sqrt(headDim) + mask) v, over <c>[batch, heads, time, headDim]</c>.</summary>
internal static class DotProductAttention
{
    /// <summary>The attention's result; the scores of masked keys get <see cref="AttentionMask.PerHead"/> added.</summary>
    internal static Tensor Attend(Tensor queries, Tensor keys, Tensor values, AttentionMask? mask, double dropout, bool training)
    {
        // No libtorch has a fused attention with dropout for CPUs, and its dropout is slow there.
        if (!training || dropout == 0 || queries.device_type != DeviceType.CPU)
            return nn.functional.scaled_dot_product_attention(queries, keys, values, mask?.PerHead, training ? dropout : 0);
        using var weights = Weights(queries, keys, mask, dropout, training, queries.dtype);
        return weights.matmul(values);
    }

    /// <summary>The softmax in a type, with dropout: <c>[batch, heads, time, time]</c>.</summary>
    internal static Tensor Weights(Tensor queries, Tensor keys, AttentionMask? mask, double dropout, bool training, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var scores = queries.mul(1 / Math.Sqrt(queries.size(-1))).matmul(keys.transpose(-2, -1));
        if (mask is not null)
            scores = scores.add(mask.PerHead);
        return DropoutNoise.Apply(scores.softmax(-1, dtype), dropout, training).MoveToOuterDisposeScope();
    }
}
