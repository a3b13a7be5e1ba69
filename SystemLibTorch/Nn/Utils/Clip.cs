using SystemLibTorch.Native;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Helpers for training.</summary>
        public static partial class utils
        {
            private static readonly Operator vectorNorm = new("aten::linalg_vector_norm");
            private static readonly Operator stackOp = new("aten::stack");
            private static readonly Operator mulInPlace = new("aten::mul_", "Scalar");
            private static readonly Operator clampInPlace = new("aten::clamp_");
            private static readonly Operator catOp = new("aten::cat");
            private static readonly Operator reshapeOp = new("aten::reshape");

            /// <summary>Scales all gradients so that their norm together is at most a bound; returns the norm before. Waits for the device.</summary>
            public static double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm, double norm_type = 2.0)
            {
                using var frozen = no_grad();
                using var scope = NewDisposeScope();
                List<Tensor> grads = [.. tensors.Select(tensor => tensor.grad).OfType<Tensor>()];
                if (grads.Count == 0) return 0;
                var home = grads[0].device;
                Tensor[] norms = [.. grads.Select(grad => vectorNorm.Call(grad, norm_type).to(home))];
                var total = vectorNorm.Call(stackOp.Call(norms), norm_type).ToDouble();
                var scale = max_norm / (total + 1e-6);
                // not "if (scale < 1)": a norm that is no number must spoil the gradients, as it does in libtorch
                if (!(scale >= 1))
                    foreach (var grad in grads) mulInPlace.Modify(grad, grad, scale);
                return total;
            }

            /// <summary>Clips every element of the gradients to ± a bound.</summary>
            public static void clip_grad_value_(IEnumerable<Parameter> tensors, double clip_value)
            {
                using var frozen = no_grad();
                foreach (var tensor in tensors)
                {
                    using var grad = tensor.grad;
                    if (grad is not null) clampInPlace.Modify(grad, grad, -clip_value, clip_value);
                }
            }

            /// <summary>All parameters' elements in one vector.</summary>
            public static Tensor parameters_to_vector(IEnumerable<Parameter> tensors)
            {
                using var scope = NewDisposeScope();
                Tensor[] flat = [.. tensors.Select(tensor => reshapeOp.Call(tensor, new long[] { -1 }))];
                return catOp.Call(flat).MoveToOuterDisposeScope();
            }
        }
    }
}
