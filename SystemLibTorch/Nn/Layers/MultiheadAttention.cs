using TorchSharp.Modules;
using TorchSharp.Utils;

namespace TorchSharp.Modules
{
    /// <summary>
    /// Attention by several heads of <c>[length, batch, features]</c>. In both masks of truth values, true is left out (not as in
    /// <c>scaled_dot_product_attention</c>); the result's second part is the heads' mean of weights, <c>[batch, length of query, length of key]</c>.
    /// </summary>
    public sealed class MultiheadAttention : nn.Module<Tensor, Tensor, Tensor, Tensor?, bool, Tensor?, Tuple<Tensor, Tensor>>
    {
        private readonly long heads;
        private readonly long headSize;
        private readonly double dropout;
        private readonly bool addZero;

        [ComponentName(Name = "in_proj_weight")]
        private Parameter? projection;

        [ComponentName(Name = "q_proj_weight")]
        private Parameter? queryProjection;

        [ComponentName(Name = "k_proj_weight")]
        private Parameter? keyProjection;

        [ComponentName(Name = "v_proj_weight")]
        private Parameter? valueProjection;

        [ComponentName(Name = "in_proj_bias")]
        private Parameter? projectionBias;

        [ComponentName(Name = "bias_k")]
        private Parameter? extraKey;

        [ComponentName(Name = "bias_v")]
        private Parameter? extraValue;

        [ComponentName(Name = "out_proj")]
        private readonly Linear outProjection;

        internal MultiheadAttention(
            long embedded_dim, long num_heads, double dropout, bool bias, bool add_bias_kv, bool add_zero_attn, long? kdim, long? vdim)
            : base(nameof(MultiheadAttention))
        {
            if (embedded_dim % num_heads != 0)
                throw new ArgumentException($"embedded_dim {embedded_dim} must be a multiple of num_heads {num_heads}", nameof(num_heads));
            heads = num_heads;
            headSize = embedded_dim / num_heads;
            this.dropout = dropout;
            addZero = add_zero_attn;
            var (keys, values) = (kdim ?? embedded_dim, vdim ?? embedded_dim);
            if (keys == embedded_dim && values == embedded_dim)
            {
                projection = Drawn(3 * embedded_dim, embedded_dim);
            }
            else
            {
                queryProjection = Drawn(embedded_dim, embedded_dim);
                keyProjection = Drawn(embedded_dim, keys);
                valueProjection = Drawn(embedded_dim, values);
            }
            if (bias) projectionBias = Owned(nn.Parameter(zeros(3 * embedded_dim)));
            outProjection = nn.Linear(embedded_dim, embedded_dim, bias);
            if (bias) nn.init.zeros_(outProjection.bias!);
            if (add_bias_kv)
            {
                extraKey = Drawn(1, 1, embedded_dim);
                extraValue = Drawn(1, 1, embedded_dim);
            }
            RegisterComponents();

            static Parameter Drawn(params long[] shape)
            {
                var weight = nn.Parameter(empty(shape));
                nn.init.xavier_uniform_(weight);
                return Owned(weight);
            }

            // On the real package the weights lie in the native module, in no dispose scope.
            static Parameter Owned(Parameter weight)
            {
                weight.DetachFromDisposeScope();
                return weight;
            }
        }

        /// <inheritdoc/>
        public override Tuple<Tensor, Tensor> forward(
            Tensor query, Tensor key, Tensor value, Tensor? key_padding_mask, bool need_weights, Tensor? attn_mask)
        {
            using var scope = NewDisposeScope();
            var (length, batch, features) = (query.size(0), query.size(1), heads * headSize);
            var q = Project(query, 0, queryProjection).mul(1 / Math.Sqrt(headSize));
            var k = Project(key, 1, keyProjection);
            var v = Project(value, 2, valueProjection);
            if (extraKey is not null)
            {
                k = cat([k, extraKey.expand(1, batch, features)]);
                v = cat([v, extraValue!.expand(1, batch, features)]);
            }
            if (addZero)
            {
                var zero = k.new_zeros([1, batch, features]);
                k = cat([k, zero]);
                v = cat([v, zero]);
            }
            var keys = k.size(0);
            var scores = Heads(q).matmul(Heads(k).transpose(-2, -1)); // [batch, heads, length, keys]
            if (Widened(attn_mask, keys) is { } mask)
            {
                if (mask.dim() == 3) mask = mask.view(batch, heads, length, keys);
                scores = mask.dtype == ScalarType.Bool ? scores.masked_fill(mask, double.NegativeInfinity) : scores.add(mask);
            }
            if (Widened(key_padding_mask, keys) is { } padding)
                scores = scores.masked_fill(padding.to(ScalarType.Bool).view(batch, 1, 1, keys), double.NegativeInfinity);
            var weights = nn.functional.dropout(nn.functional.softmax(scores, -1), dropout, training);
            var seen = weights.matmul(Heads(v)).permute(2, 0, 1, 3).reshape(length, batch, features);
            var output = outProjection.call(seen).MoveToOuterDisposeScope();
            return Tuple.Create(output, need_weights ? weights.mean([1]).MoveToOuterDisposeScope() : nn.Undefined());
        }

        /// <summary>As <see cref="forward"/>, with hooks.</summary>
        public new Tuple<Tensor, Tensor> call(
            Tensor query, Tensor key, Tensor value, Tensor? key_padding_mask = null, bool need_weights = true, Tensor? attn_mask = null) =>
            base.call(query, key, value, key_padding_mask, need_weights, attn_mask);

        private Tensor Project(Tensor input, long part, Parameter? own)
        {
            var features = heads * headSize;
            var weight = own ?? projection!.narrow(0, part * features, features);
            return nn.functional.linear(input, weight, projectionBias?.narrow(0, part * features, features));
        }

        // [length, batch, features] as [batch, heads, length, head size]
        private Tensor Heads(Tensor projected) => projected.view(projected.size(0), projected.size(1), heads, headSize).permute(1, 2, 0, 3);

        /// <summary>A mask with places for the keys that were added behind the given ones; those always take part.</summary>
        private static Tensor? Widened(Tensor? mask, long keys) =>
            mask is null || mask.size(-1) == keys ? mask : nn.functional.pad(mask, (0, keys - mask.size(-1)));
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>Attention by several heads.</summary>
            public static MultiheadAttention MultiheadAttention(
                long embedded_dim, long num_heads, double dropout = 0.0, bool bias = true, bool add_bias_kv = false, bool add_zero_attn = false, long? kdim = null,
                long? vdim = null) => new(embedded_dim, num_heads, dropout, bias, add_bias_kv, add_zero_attn, kdim, vdim);
        }
    }
}
