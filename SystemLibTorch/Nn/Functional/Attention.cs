using System.Runtime.InteropServices;
using SystemLibTorch.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            private static readonly Operator attentionOp = new("aten::scaled_dot_product_attention");
            private static readonly Operator safeSoftmax = new("aten::_safe_softmax");
            private static readonly Operator matmulOp = new("aten::matmul");
            private static readonly Operator mulScalar = new("aten::mul", "Scalar");
            private static readonly Operator transposeOp = new("aten::transpose", "int");
            private static readonly Operator maskedFill = new("aten::masked_fill", "Scalar");
            private static readonly Operator anyAlong = new("aten::any", "dim");
            private static readonly Operator allAlong = new("aten::all", "dim");
            private static readonly Operator logicalNot = new("aten::logical_not");
            private static readonly Operator logicalOr = new("aten::logical_or");
            private static readonly Operator equalScalar = new("aten::eq", "Scalar");
            private static readonly Operator trilOp = new("aten::tril");

            /// <summary>
            /// softmax(q kᵀ / √E + mask) v for <c>[..., length, E]</c>. The mask broadcasts to <c>[..., length of q, length of k]</c>: truth values
            /// (true takes part) or numbers to add, of the query's type. A query whose keys are all masked gets zeros, and so do its gradients.
            /// </summary>
            public static Tensor scaled_dot_product_attention(
                Tensor query, Tensor key, Tensor value, Tensor? attn_mask = null, double p = 0.0, bool is_casual = false)
            {
                // From libtorch 2.5, which brought _safe_softmax, the operator itself does all this; before, fully masked queries gave NaN, or there was none.
                return safeSoftmax.Exists
                    ? attentionOp.Call(query, key, value, attn_mask, p, is_casual)
                    : ComposedAttention(query, key, value, attn_mask, p, is_casual);
            }

            internal static Tensor ComposedAttention(Tensor query, Tensor key, Tensor value, Tensor? mask, double p, bool causal)
            {
                if (causal && mask is not null) throw new ExternalException("scaled_dot_product_attention: attn_mask should not be set when is_causal is.");
                if (mask is not null && mask.dtype != ScalarType.Bool && mask.dtype != query.dtype)
                    throw new ExternalException($"scaled_dot_product_attention: attn_mask must be of truth values or of the query's type {query.dtype}, not {mask.dtype}.");

                using var scope = NewDisposeScope();
                Tensor scores;
                using (var scaled = mulScalar.Call(query, 1 / Math.Sqrt(query.size(-1))))
                    scores = matmulOp.Call(scaled, transposeOp.Call(key, -2L, -1L));
                Tensor? unseeing = null; // queries that may see no key
                if (causal)
                {
                    var visible = trilOp.Call(ones([query.size(-2), key.size(-2)], ScalarType.Bool, query.device));
                    scores = Next(scores, maskedFill.Call(scores, logicalNot.Call(visible), double.NegativeInfinity));
                }
                else if (mask?.dtype == ScalarType.Bool)
                {
                    // Such a query sees all keys in the softmax, which keeps it and its gradient finite, and nothing after it.
                    unseeing = logicalNot.Call(anyAlong.Call(mask, -1L, true));
                    scores = Next(scores, maskedFill.Call(scores, logicalNot.Call(logicalOr.Call(mask, unseeing)), double.NegativeInfinity));
                }
                else if (mask is not null)
                {
                    unseeing = allAlong.Call(equalScalar.Call(mask, double.NegativeInfinity), -1L, true);
                    var finite = maskedFill.Call(mask, unseeing, 0.0);
                    scores = is_grad_enabled() ? Next(scores, scores.add(finite)) : scores.add_(finite);
                }
                var weights = Next(scores, softmaxOp.Call(scores, -1L));
                if (unseeing is not null) weights = Next(weights, maskedFill.Call(weights, unseeing, 0.0));
                if (p > 0) weights = Next(weights, dropoutOp.Call(weights, p, true));
                return matmulOp.Call(weights, value).MoveToOuterDisposeScope();
            }

            // Frees the tensors of the size of all scores as soon as the next is made: the allocator then gives their memory, still in the cache.
            private static Tensor Next(Tensor used, Tensor next)
            {
                used.Dispose();
                return next;
            }
        }
    }
}
