using SystemLibTorch.Native;

namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        private static readonly Operator detachOp = new("aten::detach");
        private static readonly Operator detachInPlace = new("aten::detach_");

        /// <summary>Whether operations on the tensor are recorded for backward.</summary>
        public bool requires_grad
        {
            get => NativeMethods.slt_tensor_requires_grad(Handle) != 0;
            set => NativeError.Check(NativeMethods.slt_tensor_set_requires_grad(Handle, value ? 1 : 0));
        }

        /// <summary>Sets <see cref="requires_grad"/>.</summary>
        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        /// <summary>Sets <see cref="requires_grad"/>.</summary>
        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);

        /// <summary>Whether it was made by the user rather than by a recorded operation.</summary>
        public bool is_leaf => NativeMethods.slt_tensor_is_leaf(Handle) != 0;

        /// <summary>The gradient that backward gathered, or null.</summary>
        public Tensor? grad
        {
            get
            {
                nint found;
                NativeError.Check(NativeMethods.slt_tensor_grad(Handle, &found));
                // The gradient outlives the scope it was read in: each read is a new wrapper of the same native tensor.
                return OwnOrNull(found);
            }
            set
            {
                NativeError.Check(NativeMethods.slt_tensor_set_grad(Handle, value is null ? 0 : value.Handle));
                GC.KeepAlive(value);
            }
        }

        /// <summary>Makes backward keep this tensor's gradient although it is not a leaf.</summary>
        public void retain_grad() => NativeError.Check(NativeMethods.slt_tensor_retain_grad(Handle));

        /// <summary>The same memory without the history.</summary>
        public Tensor detach() => detachOp.Call(this);

        /// <summary>Cuts the history off.</summary>
        public Tensor detach_() => detachInPlace.Modify(this, this);

        /// <summary>Gathers the gradients of this one number in the leaves it came from.</summary>
        public void backward() => backward(null);

        /// <summary>Gathers gradients in the leaves this tensor came from.</summary>
        public void backward(IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false, IList<Tensor>? inputs = null) =>
            autograd.backward([this], grad_tensors!, retain_graph, create_graph, inputs!);
    }
}
