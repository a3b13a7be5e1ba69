using SystemLibTorch.Native;

namespace TorchSharp;

public static partial class torch
{
    public static unsafe partial class autograd
    {
        /// <summary>What a custom function's forward leaves for its backward.</summary>
        public class AutogradContext : IDisposable
        {
            private readonly Dictionary<string, object> data = [];

            internal AutogradContext()
            {
            }

            /// <summary>The tensors that forward saved, until the graph is freed by a backward.</summary>
            internal List<Tensor?> Saved { get; private set; } = [];

            internal List<Tensor> Dirty { get; private set; } = [];

            internal List<Tensor> NonDifferentiable { get; private set; } = [];

            /// <summary>The node's address; 0 in forward.</summary>
            internal nint Node { get; set; }

            /// <summary>Whether backward gets zeros in the place of gradients that nobody asked for.</summary>
            public bool MaterializeGrads { get; private set; } = true;

            /// <summary>Keeps tensors for backward.</summary>
            public void save_for_backward(List<Tensor> tensors) => Saved = [.. tensors];

            /// <summary>The tensors that forward kept; they can be asked for while the graph lives.</summary>
            public List<Tensor> get_saved_variables()
            {
                if (Node == 0) throw new InvalidOperationException("get_saved_variables belongs in backward: in forward, and once the graph is gone, there is nothing to get");
                var handles = new nint[NativeMethods.slt_function_saved_count(Node)];
                fixed (nint* target = handles) NativeError.Check(NativeMethods.slt_function_saved(Node, target));
                return [.. handles.Select(handle => Tensor.OwnOrNull(handle)!)];
            }

            /// <summary>Keeps anything else for backward.</summary>
            public void save_data(string key, object value) => data[key] = value;

            /// <summary>What was kept under a key.</summary>
            public object get_data(string key) => data[key];

            /// <summary>Says which inputs forward changed in place.</summary>
            public void mark_dirty(List<Tensor> tensors) => Dirty = [.. tensors];

            /// <summary>Says which outputs have no gradient.</summary>
            public void mark_non_differentiable(List<Tensor> tensors) => NonDifferentiable = [.. tensors];

            /// <summary>Sets <see cref="MaterializeGrads"/>.</summary>
            public void set_materialize_grads(bool value) => MaterializeGrads = value;

            /// <inheritdoc/>
            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            /// <summary>Forgets what was kept.</summary>
            protected virtual void Dispose(bool disposing) => data.Clear();
        }
    }
}
