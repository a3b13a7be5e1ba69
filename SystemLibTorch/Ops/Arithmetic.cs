using SystemLibTorch.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Operator addTensor = new("aten::add", "Tensor");
        private static readonly Operator addScalar = new("aten::add", "Scalar");
        private static readonly Operator addInPlace = new("aten::add_", "Tensor");
        private static readonly Operator addScalarInPlace = new("aten::add_", "Scalar");
        private static readonly Operator unsqueezeOp = new("aten::unsqueeze");

        /// <summary>The sum.</summary>
        public Tensor add(Tensor target) => addTensor.Call(this, target);

        /// <summary>The sum, the other term times <paramref name="alpha"/>.</summary>
        public Tensor add(Tensor target, Scalar alpha) => addTensor.Call(this, target, alpha);

        /// <summary>The sum.</summary>
        public Tensor add(Scalar scalar) => addScalar.Call(this, scalar);

        /// <summary>Adds to this tensor.</summary>
        public Tensor add_(Tensor target) => addInPlace.Modify(this, this, target);

        /// <summary>Adds to this tensor.</summary>
        public Tensor add_(Tensor target, Scalar alpha) => addInPlace.Modify(this, this, target, alpha);

        /// <summary>Adds to this tensor.</summary>
        public Tensor add_(Scalar scalar) => addScalarInPlace.Modify(this, this, scalar);

        /// <summary>The sum.</summary>
        public static Tensor operator +(Tensor left, Tensor right) => left.add(right);

        /// <summary>The sum.</summary>
        public static Tensor operator +(Tensor left, Scalar right) => left.add(right);

        /// <summary>A new dimension of one at a place.</summary>
        public Tensor unsqueeze(long dim) => unsqueezeOp.Call(this, dim);
    }
}
