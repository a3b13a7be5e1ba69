using SystemLibTorch.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Gradients.</summary>
    public static unsafe partial class autograd
    {
        /// <summary>Gradients of outputs with respect to inputs, without touching the leaves' own.</summary>
        public static IList<Tensor> grad(
            IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor> grad_outputs = null!, bool retain_graph = false, bool create_graph = false, bool allow_unused = false)
        {
            var results = new nint[inputs.Count];
            fixed (nint* o = Handles(outputs), i = Handles(inputs), g = Handles(grad_outputs), r = results)
            {
                var status = NativeMethods.slt_grad(
                    o, outputs.Count, i, inputs.Count, g, grad_outputs?.Count ?? 0, retain_graph || create_graph ? 1 : 0, create_graph ? 1 : 0, allow_unused ? 1 : 0, r);
                GC.KeepAlive(outputs);
                GC.KeepAlive(inputs);
                GC.KeepAlive(grad_outputs);
                NativeError.Check(status);
            }
            return Array.ConvertAll(results, handle => Tensor.OwnOrNull(handle)!);
        }

        /// <summary>Gathers the gradients of tensors in the leaves they came from.</summary>
        public static void backward(
            IList<Tensor> tensors, IList<Tensor> grad_tensors = null!, bool? retain_graph = null, bool create_graph = false, IList<Tensor> inputs = null!)
        {
            fixed (nint* t = Handles(tensors), g = Handles(grad_tensors), i = Handles(inputs))
            {
                var status = NativeMethods.slt_backward(
                    t, tensors.Count, g, grad_tensors?.Count ?? 0, (retain_graph ?? create_graph) ? 1 : 0, create_graph ? 1 : 0, i, inputs?.Count ?? 0);
                GC.KeepAlive(tensors);
                GC.KeepAlive(grad_tensors);
                GC.KeepAlive(inputs);
                NativeError.Check(status);
            }
        }

        /// <summary>Gathers the gradients of a tensor in the leaves it came from.</summary>
        public static void backward(
            Tensor tensor, IList<Tensor> grad_tensors = null!, bool? retain_graph = null, bool create_graph = false, IList<Tensor> inputs = null!) =>
            backward([tensor], grad_tensors, retain_graph, create_graph, inputs);

        /// <summary>Makes backward name the operation that produced a NaN, until it is disposed.</summary>
        public static AnomalyMode detect_anomaly(bool check_nan = true) => new(true, check_nan);

        internal static nint[] Handles(IEnumerable<Tensor?>? tensors) => tensors is null ? [] : [.. tensors.Select(tensor => tensor is null ? 0 : tensor.Handle)];
    }
}
