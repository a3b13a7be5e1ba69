using SystemLibTorch.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Operator eqTensor = new("aten::eq", "Tensor");
        private static readonly Operator eqScalar = new("aten::eq", "Scalar");
        private static readonly Operator eqTensorInPlace = new("aten::eq_", "Tensor");
        private static readonly Operator eqScalarInPlace = new("aten::eq_", "Scalar");
        private static readonly Operator neTensor = new("aten::ne", "Tensor");
        private static readonly Operator neScalar = new("aten::ne", "Scalar");
        private static readonly Operator neTensorInPlace = new("aten::ne_", "Tensor");
        private static readonly Operator neScalarInPlace = new("aten::ne_", "Scalar");
        private static readonly Operator ltTensor = new("aten::lt", "Tensor");
        private static readonly Operator ltScalar = new("aten::lt", "Scalar");
        private static readonly Operator ltTensorInPlace = new("aten::lt_", "Tensor");
        private static readonly Operator ltScalarInPlace = new("aten::lt_", "Scalar");
        private static readonly Operator leTensor = new("aten::le", "Tensor");
        private static readonly Operator leScalar = new("aten::le", "Scalar");
        private static readonly Operator leTensorInPlace = new("aten::le_", "Tensor");
        private static readonly Operator leScalarInPlace = new("aten::le_", "Scalar");
        private static readonly Operator gtTensor = new("aten::gt", "Tensor");
        private static readonly Operator gtScalar = new("aten::gt", "Scalar");
        private static readonly Operator gtTensorInPlace = new("aten::gt_", "Tensor");
        private static readonly Operator gtScalarInPlace = new("aten::gt_", "Scalar");
        private static readonly Operator geTensor = new("aten::ge", "Tensor");
        private static readonly Operator geScalar = new("aten::ge", "Scalar");
        private static readonly Operator geTensorInPlace = new("aten::ge_", "Tensor");
        private static readonly Operator geScalarInPlace = new("aten::ge_", "Scalar");
        private static readonly Operator maximumOp = new("aten::maximum");
        private static readonly Operator minimumOp = new("aten::minimum");
        private static readonly Operator fmaxOp = new("aten::fmax");
        private static readonly Operator fminOp = new("aten::fmin");

        /// <summary>Whether the elements are equal.</summary>
        public Tensor eq(Tensor target) => eqTensor.Call(this, target);

        /// <summary>Whether the elements equal a number.</summary>
        public Tensor eq(Scalar target) => eqScalar.Call(this, target);

        /// <summary>Replaces this tensor's elements by whether they are equal.</summary>
        public Tensor eq_(Tensor target) => eqTensorInPlace.Modify(this, this, target);

        /// <summary>Replaces this tensor's elements by whether they equal a number.</summary>
        public Tensor eq_(Scalar target) => eqScalarInPlace.Modify(this, this, target);

        /// <summary>Whether the elements are equal, one by one (not the whole tensors).</summary>
        public Tensor equal(Tensor target) => eq(target);

        /// <summary>Whether the elements differ.</summary>
        public Tensor ne(Tensor target) => neTensor.Call(this, target);

        /// <summary>Whether the elements differ from a number.</summary>
        public Tensor ne(Scalar target) => neScalar.Call(this, target);

        /// <summary>Replaces this tensor's elements by whether they differ.</summary>
        public Tensor ne_(Tensor target) => neTensorInPlace.Modify(this, this, target);

        /// <summary>Replaces this tensor's elements by whether they differ from a number.</summary>
        public Tensor ne_(Scalar target) => neScalarInPlace.Modify(this, this, target);

        /// <summary>Whether the elements differ.</summary>
        public Tensor not_equal(Tensor target) => ne(target);

        /// <summary>Whether the elements are less.</summary>
        public Tensor lt(Tensor target) => ltTensor.Call(this, target);

        /// <summary>Whether the elements are less than a number.</summary>
        public Tensor lt(Scalar target) => ltScalar.Call(this, target);

        /// <summary>Replaces this tensor's elements by whether they are less.</summary>
        public Tensor lt_(Tensor target) => ltTensorInPlace.Modify(this, this, target);

        /// <summary>Replaces this tensor's elements by whether they are less than a number.</summary>
        public Tensor lt_(Scalar target) => ltScalarInPlace.Modify(this, this, target);

        /// <summary>Whether the elements are less.</summary>
        public Tensor less(Tensor target) => lt(target);

        /// <summary>Whether the elements are not greater.</summary>
        public Tensor le(Tensor target) => leTensor.Call(this, target);

        /// <summary>Whether the elements are not greater than a number.</summary>
        public Tensor le(Scalar target) => leScalar.Call(this, target);

        /// <summary>Replaces this tensor's elements by whether they are not greater.</summary>
        public Tensor le_(Tensor target) => leTensorInPlace.Modify(this, this, target);

        /// <summary>Replaces this tensor's elements by whether they are not greater than a number.</summary>
        public Tensor le_(Scalar target) => leScalarInPlace.Modify(this, this, target);

        /// <summary>Whether the elements are not greater.</summary>
        public Tensor less_equal(Tensor target) => le(target);

        /// <summary>Whether the elements are greater.</summary>
        public Tensor gt(Tensor target) => gtTensor.Call(this, target);

        /// <summary>Whether the elements are greater than a number.</summary>
        public Tensor gt(Scalar target) => gtScalar.Call(this, target);

        /// <summary>Replaces this tensor's elements by whether they are greater.</summary>
        public Tensor gt_(Tensor target) => gtTensorInPlace.Modify(this, this, target);

        /// <summary>Replaces this tensor's elements by whether they are greater than a number.</summary>
        public Tensor gt_(Scalar target) => gtScalarInPlace.Modify(this, this, target);

        /// <summary>Whether the elements are greater.</summary>
        public Tensor greater(Tensor target) => gt(target);

        /// <summary>Whether the elements are not less.</summary>
        public Tensor ge(Tensor target) => geTensor.Call(this, target);

        /// <summary>Whether the elements are not less than a number.</summary>
        public Tensor ge(Scalar target) => geScalar.Call(this, target);

        /// <summary>Replaces this tensor's elements by whether they are not less.</summary>
        public Tensor ge_(Tensor target) => geTensorInPlace.Modify(this, this, target);

        /// <summary>Replaces this tensor's elements by whether they are not less than a number.</summary>
        public Tensor ge_(Scalar target) => geScalarInPlace.Modify(this, this, target);

        /// <summary>Whether the elements are not less.</summary>
        public Tensor greater_equal(Tensor target) => ge(target);

        /// <summary>The greater of two, element by element; NaN wins.</summary>
        public Tensor maximum(Tensor other) => maximumOp.Call(this, other);

        /// <summary>The lesser of two, element by element; NaN wins.</summary>
        public Tensor minimum(Tensor other) => minimumOp.Call(this, other);

        /// <summary>The greater of two, element by element; NaN loses.</summary>
        public Tensor fmax(Tensor other) => fmaxOp.Call(this, other);

        /// <summary>The lesser of two, element by element; NaN loses.</summary>
        public Tensor fmin(Tensor other) => fminOp.Call(this, other);
    }

    /// <summary>Whether the elements are equal.</summary>
    public static Tensor eq(Tensor left, Tensor right) => left.eq(right);

    /// <summary>Whether the elements differ.</summary>
    public static Tensor ne(Tensor left, Tensor right) => left.ne(right);

    /// <summary>Whether the elements differ.</summary>
    public static Tensor not_equal(Tensor tensor, Tensor target) => tensor.not_equal(target);

    /// <summary>Whether the elements are less.</summary>
    public static Tensor lt(Tensor left, Tensor right) => left.lt(right);

    /// <summary>Whether the elements are less.</summary>
    public static Tensor less(Tensor tensor, Tensor target) => tensor.less(target);

    /// <summary>Whether the elements are not greater.</summary>
    public static Tensor le(Tensor left, Tensor right) => left.le(right);

    /// <summary>Whether the elements are not greater.</summary>
    public static Tensor less_equal(Tensor tensor, Tensor target) => tensor.less_equal(target);

    /// <summary>Whether the elements are greater.</summary>
    public static Tensor gt(Tensor left, Tensor right) => left.gt(right);

    /// <summary>Whether the elements are greater.</summary>
    public static Tensor greater(Tensor tensor, Tensor target) => tensor.greater(target);

    /// <summary>Whether the elements are not less.</summary>
    public static Tensor ge(Tensor left, Tensor right) => left.ge(right);

    /// <summary>Whether the elements are not less.</summary>
    public static Tensor greater_equal(Tensor tensor, Tensor target) => tensor.greater_equal(target);

    /// <summary>The greater of two, element by element; NaN wins.</summary>
    public static Tensor maximum(Tensor input, Tensor other) => input.maximum(other);

    /// <summary>The lesser of two, element by element; NaN wins.</summary>
    public static Tensor minimum(Tensor input, Tensor other) => input.minimum(other);

    /// <summary>The greater of two, element by element; NaN loses.</summary>
    public static Tensor fmax(Tensor input, Tensor other) => input.fmax(other);

    /// <summary>The lesser of two, element by element; NaN loses.</summary>
    public static Tensor fmin(Tensor input, Tensor other) => input.fmin(other);
}
