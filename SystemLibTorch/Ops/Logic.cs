using SystemLibTorch.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Operator logicalAndOp = new("aten::logical_and");
        private static readonly Operator logicalAndInPlace = new("aten::logical_and_");
        private static readonly Operator logicalOrOp = new("aten::logical_or");
        private static readonly Operator logicalOrInPlace = new("aten::logical_or_");
        private static readonly Operator logicalXorOp = new("aten::logical_xor");
        private static readonly Operator logicalXorInPlace = new("aten::logical_xor_");
        private static readonly Operator logicalNotOp = new("aten::logical_not");
        private static readonly Operator logicalNotInPlace = new("aten::logical_not_");
        private static readonly Operator bitwiseAndTensor = new("aten::bitwise_and", "Tensor");
        private static readonly Operator bitwiseAndTensorInPlace = new("aten::bitwise_and_", "Tensor");
        private static readonly Operator bitwiseOrTensor = new("aten::bitwise_or", "Tensor");
        private static readonly Operator bitwiseOrTensorInPlace = new("aten::bitwise_or_", "Tensor");
        private static readonly Operator bitwiseXorTensor = new("aten::bitwise_xor", "Tensor");
        private static readonly Operator bitwiseXorTensorInPlace = new("aten::bitwise_xor_", "Tensor");
        private static readonly Operator bitwiseNotOp = new("aten::bitwise_not");
        private static readonly Operator bitwiseNotInPlace = new("aten::bitwise_not_");
        private static readonly Operator bitwiseLeftShiftTensor = new("aten::bitwise_left_shift", "Tensor");
        private static readonly Operator bitwiseRightShiftTensor = new("aten::bitwise_right_shift", "Tensor");

        /// <summary>Whether both are true.</summary>
        public Tensor logical_and(Tensor other) => logicalAndOp.Call(this, other);

        /// <summary>Keeps in this tensor whether both are true.</summary>
        public Tensor logical_and_(Tensor other) => logicalAndInPlace.Modify(this, this, other);

        /// <summary>Whether one is true.</summary>
        public Tensor logical_or(Tensor other) => logicalOrOp.Call(this, other);

        /// <summary>Keeps in this tensor whether one is true.</summary>
        public Tensor logical_or_(Tensor other) => logicalOrInPlace.Modify(this, this, other);

        /// <summary>Whether exactly one is true.</summary>
        public Tensor logical_xor(Tensor other) => logicalXorOp.Call(this, other);

        /// <summary>Keeps in this tensor whether exactly one is true.</summary>
        public Tensor logical_xor_(Tensor other) => logicalXorInPlace.Modify(this, this, other);

        /// <summary>Whether the elements are false.</summary>
        public Tensor logical_not() => logicalNotOp.Call(this);

        /// <summary>Replaces this tensor's elements by their opposites.</summary>
        public Tensor logical_not_() => logicalNotInPlace.Modify(this, this);

        /// <summary>The bits that both have.</summary>
        public Tensor bitwise_and(Tensor other) => bitwiseAndTensor.Call(this, other);

        /// <summary>Keeps the bits that both have.</summary>
        public Tensor bitwise_and_(Tensor other) => bitwiseAndTensorInPlace.Modify(this, this, other);

        /// <summary>The bits that one has.</summary>
        public Tensor bitwise_or(Tensor other) => bitwiseOrTensor.Call(this, other);

        /// <summary>Adds another's bits.</summary>
        public Tensor bitwise_or_(Tensor other) => bitwiseOrTensorInPlace.Modify(this, this, other);

        /// <summary>The bits that exactly one has.</summary>
        public Tensor bitwise_xor(Tensor other) => bitwiseXorTensor.Call(this, other);

        /// <summary>Keeps the bits that exactly one has.</summary>
        public Tensor bitwise_xor_(Tensor other) => bitwiseXorTensorInPlace.Modify(this, this, other);

        /// <summary>The other bits.</summary>
        public Tensor bitwise_not() => bitwiseNotOp.Call(this);

        /// <summary>Turns every bit.</summary>
        public Tensor bitwise_not_() => bitwiseNotInPlace.Modify(this, this);

        /// <summary>The bits moved to the left.</summary>
        public Tensor bitwise_left_shift(Tensor other) => bitwiseLeftShiftTensor.Call(this, other);

        /// <summary>The bits moved to the right.</summary>
        public Tensor bitwise_right_shift(Tensor other) => bitwiseRightShiftTensor.Call(this, other);
    }

    /// <summary>Whether both are true.</summary>
    public static Tensor logical_and(Tensor left, Tensor right) => left.logical_and(right);

    /// <summary>Keeps in a tensor whether both are true.</summary>
    public static Tensor logical_and_(Tensor left, Tensor right) => left.logical_and_(right);

    /// <summary>Whether one is true.</summary>
    public static Tensor logical_or(Tensor left, Tensor right) => left.logical_or(right);

    /// <summary>Keeps in a tensor whether one is true.</summary>
    public static Tensor logical_or_(Tensor left, Tensor right) => left.logical_or_(right);

    /// <summary>Whether exactly one is true.</summary>
    public static Tensor logical_xor(Tensor left, Tensor right) => left.logical_xor(right);

    /// <summary>Keeps in a tensor whether exactly one is true.</summary>
    public static Tensor logical_xor_(Tensor left, Tensor right) => left.logical_xor_(right);

    /// <summary>Whether the elements are false.</summary>
    public static Tensor logical_not(Tensor input) => input.logical_not();

    /// <summary>The bits that both have.</summary>
    public static Tensor bitwise_and(Tensor left, Tensor right) => left.bitwise_and(right);

    /// <summary>Keeps the bits that both have.</summary>
    public static Tensor bitwise_and_(Tensor left, Tensor right) => left.bitwise_and_(right);

    /// <summary>The bits that one has.</summary>
    public static Tensor bitwise_or(Tensor left, Tensor right) => left.bitwise_or(right);

    /// <summary>Adds another's bits.</summary>
    public static Tensor bitwise_or_(Tensor left, Tensor right) => left.bitwise_or_(right);

    /// <summary>The bits that exactly one has.</summary>
    public static Tensor bitwise_xor(Tensor left, Tensor right) => left.bitwise_xor(right);

    /// <summary>Keeps the bits that exactly one has.</summary>
    public static Tensor bitwise_xor_(Tensor left, Tensor right) => left.bitwise_xor_(right);

    /// <summary>The other bits.</summary>
    public static Tensor bitwise_not(Tensor input) => input.bitwise_not();

    /// <summary>Turns every bit.</summary>
    public static Tensor bitwise_not_(Tensor input) => input.bitwise_not_();

    /// <summary>The bits moved to the left.</summary>
    public static Tensor bitwise_left_shift(Tensor left, Tensor right) => left.bitwise_left_shift(right);

    /// <summary>The bits moved to the right.</summary>
    public static Tensor bitwise_right_shift(Tensor left, Tensor right) => left.bitwise_right_shift(right);
}
