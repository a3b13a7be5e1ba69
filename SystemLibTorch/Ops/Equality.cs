using SystemLibTorch.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Operator iscloseOp = new("aten::isclose");
        private static readonly Operator allcloseOp = new("aten::allclose");
        private static readonly Operator isnanOp = new("aten::isnan");
        private static readonly Operator isinfOp = new("aten::isinf");
        private static readonly Operator isposinfOp = new("aten::isposinf");
        private static readonly Operator isneginfOp = new("aten::isneginf");
        private static readonly Operator isfiniteOp = new("aten::isfinite");
        private static readonly Operator isinTensorTensor = new("aten::isin", "Tensor_Tensor");
        private static readonly Operator isNonzeroOp = new("aten::is_nonzero");

        private static readonly Operator equalOp = new("aten::equal");

        /// <summary>Whether the elements are equal within a relative and an absolute tolerance.</summary>
        public Tensor isclose(Tensor other, double rtol = 1e-5, double atol = 1e-8, bool nanEqual = false) => iscloseOp.Call(this, other, rtol, atol, nanEqual);

        /// <summary>Whether all elements are equal within a relative and an absolute tolerance. Waits for the device.</summary>
        public bool allclose(Tensor target, double rtol = 1e-5, double atol = 1e-8, bool equal_nan = false) =>
            allcloseOp.CallValue(this, target, rtol, atol, equal_nan).Payload != 0;

        /// <summary>Whether the elements are not numbers.</summary>
        public Tensor isnan() => isnanOp.Call(this);

        /// <summary>Whether the elements are infinite.</summary>
        public Tensor isinf() => isinfOp.Call(this);

        /// <summary>Whether the elements are infinite and positive.</summary>
        public Tensor isposinf() => isposinfOp.Call(this);

        /// <summary>Whether the elements are infinite and negative.</summary>
        public Tensor isneginf() => isneginfOp.Call(this);

        /// <summary>Whether the elements are numbers and not infinite.</summary>
        public Tensor isfinite() => isfiniteOp.Call(this);

        /// <summary>Whether the elements occur in another tensor.</summary>
        public Tensor isin(Tensor test_elements, bool assumeUnique = false, bool invert = false) =>
            isinTensorTensor.Call(this, test_elements, assumeUnique, invert);

        /// <summary>Whether the one element is not zero. Waits for the device.</summary>
        public bool is_nonzero() => isNonzeroOp.CallValue(this).Payload != 0;

        /// <summary>Whether another object is a tensor of the same shape and elements. Waits for the device.</summary>
        public override bool Equals(object? obj) => obj is Tensor other && (ReferenceEquals(this, other) || equalOp.CallValue(this, other).Payload != 0);

        /// <inheritdoc/>
        public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
    }

    /// <summary>Whether the elements are equal within a relative and an absolute tolerance.</summary>
    public static Tensor isclose(Tensor tensor, Tensor other, double rtol = 1e-5, double atol = 1e-8, bool nanEqual = false) =>
        tensor.isclose(other, rtol, atol, nanEqual);

    /// <summary>Whether all elements are equal within a relative and an absolute tolerance. Waits for the device.</summary>
    public static bool allclose(Tensor tensor, Tensor target, double rtol = 1e-5, double atol = 1e-8, bool equal_nan = false) =>
        tensor.allclose(target, rtol, atol, equal_nan);

    /// <summary>Whether the elements are not numbers.</summary>
    public static Tensor isnan(Tensor input) => input.isnan();

    /// <summary>Whether the elements are infinite.</summary>
    public static Tensor isinf(Tensor tensor) => tensor.isinf();

    /// <summary>Whether the elements are infinite and positive.</summary>
    public static Tensor isposinf(Tensor tensor) => tensor.isposinf();

    /// <summary>Whether the elements are infinite and negative.</summary>
    public static Tensor isneginf(Tensor tensor) => tensor.isneginf();

    /// <summary>Whether the elements are numbers and not infinite.</summary>
    public static Tensor isfinite(Tensor tensor) => tensor.isfinite();

    /// <summary>Whether the elements occur in another tensor.</summary>
    public static Tensor isin(Tensor tensor, Tensor test_elements, bool assumeUnique = false, bool invert = false) =>
        tensor.isin(test_elements, assumeUnique, invert);
}
