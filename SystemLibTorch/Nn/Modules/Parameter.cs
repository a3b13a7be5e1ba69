using SystemLibTorch.Native;

namespace TorchSharp.Modules
{
    /// <summary>A tensor that a module trains. It takes the handle of the tensor it is made from, which is left empty.</summary>
    public class Parameter : Tensor
    {
        /// <summary>Makes a parameter of a tensor's memory, in that tensor's dispose scope.</summary>
        public Parameter(Tensor data, bool requires_grad = true) : this(data.OwningScope, Steal(data.with_requires_grad(requires_grad)))
        {
        }

        /// <summary>Another owner of a parameter's native tensor, in the scope at hand: value, gradient and flags are shared.</summary>
        internal Parameter(Parameter shared) : base(NativeMethods.slt_tensor_share(shared.Handle))
        {
        }

        private Parameter(DisposeScope? scope, nint handle) : base(handle)
        {
            if (!ReferenceEquals(OwningScope, scope)) MoveToOtherDisposeScope(scope);
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>Makes a parameter of a tensor's memory; the tensor is left empty.</summary>
            public static Modules.Parameter Parameter(Tensor data, bool requires_grad = true) => new(data, requires_grad);
        }
    }
}
