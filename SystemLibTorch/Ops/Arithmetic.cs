using SystemLibTorch.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Operator divTensor = new("aten::div", "Tensor");
        private static readonly Operator divTensorMode = new("aten::div", "Tensor_mode");
        private static readonly Operator divScalar = new("aten::div", "Scalar");
        private static readonly Operator divScalarMode = new("aten::div", "Scalar_mode");
        private static readonly Operator divTensorInPlace = new("aten::div_", "Tensor");
        private static readonly Operator divTensorModeInPlace = new("aten::div_", "Tensor_mode");
        private static readonly Operator divScalarInPlace = new("aten::div_", "Scalar");
        private static readonly Operator divScalarModeInPlace = new("aten::div_", "Scalar_mode");
        private static readonly Operator addTensor = new("aten::add", "Tensor");
        private static readonly Operator addScalar = new("aten::add", "Scalar");
        private static readonly Operator addTensorInPlace = new("aten::add_", "Tensor");
        private static readonly Operator addScalarInPlace = new("aten::add_", "Scalar");
        private static readonly Operator subTensor = new("aten::sub", "Tensor");
        private static readonly Operator subScalar = new("aten::sub", "Scalar");
        private static readonly Operator subTensorInPlace = new("aten::sub_", "Tensor");
        private static readonly Operator subScalarInPlace = new("aten::sub_", "Scalar");
        private static readonly Operator mulTensor = new("aten::mul", "Tensor");
        private static readonly Operator mulScalar = new("aten::mul", "Scalar");
        private static readonly Operator mulTensorInPlace = new("aten::mul_", "Tensor");
        private static readonly Operator mulScalarInPlace = new("aten::mul_", "Scalar");
        private static readonly Operator floorDivideOp = new("aten::floor_divide");
        private static readonly Operator floorDivideScalar = new("aten::floor_divide", "Scalar");
        private static readonly Operator floorDivideTensorInPlace = new("aten::floor_divide_", "Tensor");
        private static readonly Operator floorDivideScalarInPlace = new("aten::floor_divide_", "Scalar");
        private static readonly Operator remainderTensor = new("aten::remainder", "Tensor");
        private static readonly Operator remainderScalar = new("aten::remainder", "Scalar");
        private static readonly Operator remainderTensorInPlace = new("aten::remainder_", "Tensor");
        private static readonly Operator remainderScalarInPlace = new("aten::remainder_", "Scalar");
        private static readonly Operator fmodTensor = new("aten::fmod", "Tensor");
        private static readonly Operator fmodScalar = new("aten::fmod", "Scalar");
        private static readonly Operator fmodTensorInPlace = new("aten::fmod_", "Tensor");
        private static readonly Operator fmodScalarInPlace = new("aten::fmod_", "Scalar");
        private static readonly Operator negOp = new("aten::neg");
        private static readonly Operator negInPlace = new("aten::neg_");
        private static readonly Operator positiveOp = new("aten::positive");
        private static readonly Operator absOp = new("aten::abs");
        private static readonly Operator absInPlace = new("aten::abs_");
        private static readonly Operator signOp = new("aten::sign");
        private static readonly Operator signInPlace = new("aten::sign_");
        private static readonly Operator sgnOp = new("aten::sgn");
        private static readonly Operator sgnInPlace = new("aten::sgn_");
        private static readonly Operator reciprocalOp = new("aten::reciprocal");
        private static readonly Operator reciprocalInPlace = new("aten::reciprocal_");
        private static readonly Operator squareOp = new("aten::square");
        private static readonly Operator copysignTensor = new("aten::copysign", "Tensor");
        private static readonly Operator signbitOp = new("aten::signbit");
        private static readonly Operator addcmulOp = new("aten::addcmul");
        private static readonly Operator addcmulInPlace = new("aten::addcmul_");
        private static readonly Operator addcdivOp = new("aten::addcdiv");
        private static readonly Operator addcdivInPlace = new("aten::addcdiv_");
        private static readonly Operator lerpTensor = new("aten::lerp", "Tensor");
        private static readonly Operator lerpTensorInPlace = new("aten::lerp_", "Tensor");
        private static readonly Operator hypotOp = new("aten::hypot");
        private static readonly Operator nanToNumOp = new("aten::nan_to_num");

        /// <summary>The sum.</summary>
        public Tensor add(Tensor target) => addTensor.Call(this, target);

        /// <summary>The sum, the other term times <paramref name="alpha"/>.</summary>
        public Tensor add(Tensor target, Scalar alpha) => addTensor.Call(this, target, alpha);

        /// <summary>The sum.</summary>
        public Tensor add(Scalar scalar) => addScalar.Call(this, scalar);

        /// <summary>The sum, the number times <paramref name="alpha"/>.</summary>
        public Tensor add(Scalar scalar, Scalar alpha) => addScalar.Call(this, scalar, alpha);

        /// <summary>Adds to this tensor.</summary>
        public Tensor add_(Tensor target) => addTensorInPlace.Modify(this, this, target);

        /// <summary>Adds to this tensor, the other term times <paramref name="alpha"/>.</summary>
        public Tensor add_(Tensor target, Scalar alpha) => addTensorInPlace.Modify(this, this, target, alpha);

        /// <summary>Adds to this tensor.</summary>
        public Tensor add_(Scalar scalar) => addScalarInPlace.Modify(this, this, scalar);

        /// <summary>Adds to this tensor, the number times <paramref name="alpha"/>.</summary>
        public Tensor add_(Scalar scalar, Scalar alpha) => addScalarInPlace.Modify(this, this, scalar, alpha);

        /// <summary>The difference.</summary>
        public Tensor sub(Tensor target) => subTensor.Call(this, target);

        /// <summary>The difference.</summary>
        public Tensor sub(Scalar target) => subScalar.Call(this, target);

        /// <summary>Subtracts from this tensor.</summary>
        public Tensor sub_(Tensor target) => subTensorInPlace.Modify(this, this, target);

        /// <summary>Subtracts from this tensor.</summary>
        public Tensor sub_(Scalar target) => subScalarInPlace.Modify(this, this, target);

        /// <summary>The difference.</summary>
        public Tensor subtract(Tensor target) => sub(target);

        /// <summary>The difference.</summary>
        public Tensor subtract(Scalar target) => sub(target);

        /// <summary>Subtracts from this tensor.</summary>
        public Tensor subtract_(Tensor target) => sub_(target);

        /// <summary>Subtracts from this tensor.</summary>
        public Tensor subtract_(Scalar target) => sub_(target);

        /// <summary>The product, element by element.</summary>
        public Tensor mul(Tensor target) => mulTensor.Call(this, target);

        /// <summary>The product.</summary>
        public Tensor mul(Scalar target) => mulScalar.Call(this, target);

        /// <summary>Multiplies this tensor, element by element.</summary>
        public Tensor mul_(Tensor target) => mulTensorInPlace.Modify(this, this, target);

        /// <summary>Multiplies this tensor.</summary>
        public Tensor mul_(Scalar target) => mulScalarInPlace.Modify(this, this, target);

        /// <summary>The product, element by element.</summary>
        public Tensor multiply(Tensor target) => mul(target);

        /// <summary>The product.</summary>
        public Tensor multiply(Scalar target) => mul(target);

        /// <summary>The quotient, element by element.</summary>
        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            Mode(rounding_mode) is { } mode ? divTensorMode.Call(this, target, mode) : divTensor.Call(this, target);

        /// <summary>The quotient.</summary>
        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            Mode(rounding_mode) is { } mode ? divScalarMode.Call(this, target, mode) : divScalar.Call(this, target);

        /// <summary>Divides this tensor, element by element.</summary>
        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            Mode(rounding_mode) is { } mode ? divTensorModeInPlace.Modify(this, this, target, mode) : divTensorInPlace.Modify(this, this, target);

        /// <summary>Divides this tensor.</summary>
        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            Mode(rounding_mode) is { } mode ? divScalarModeInPlace.Modify(this, this, target, mode) : divScalarInPlace.Modify(this, this, target);

        /// <summary>The quotient, element by element.</summary>
        public Tensor divide(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => div(target, rounding_mode);

        /// <summary>The quotient.</summary>
        public Tensor divide(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => div(target, rounding_mode);

        /// <summary>Divides this tensor, element by element.</summary>
        public Tensor divide_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => div_(target, rounding_mode);

        /// <summary>Divides this tensor.</summary>
        public Tensor divide_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => div_(target, rounding_mode);

        /// <summary>The quotient, element by element.</summary>
        public Tensor true_divide(Tensor other) => div(other);

        /// <summary>The quotient.</summary>
        public Tensor true_divide(Scalar other) => div(other);

        /// <summary>Divides this tensor, element by element.</summary>
        public Tensor true_divide_(Tensor other) => div_(other);

        /// <summary>Divides this tensor.</summary>
        public Tensor true_divide_(Scalar other) => div_(other);

        private static string? Mode(RoundingMode mode) => mode switch { RoundingMode.trunc => "trunc", RoundingMode.floor => "floor", _ => null };

        /// <summary>The quotient rounded down, element by element.</summary>
        public Tensor floor_divide(Tensor other) => floorDivideOp.Call(this, other);

        /// <summary>The quotient rounded down.</summary>
        public Tensor floor_divide(Scalar other) => floorDivideScalar.Call(this, other);

        /// <summary>Divides this tensor and rounds down, element by element.</summary>
        public Tensor floor_divide_(Tensor other) => floorDivideTensorInPlace.Modify(this, this, other);

        /// <summary>Divides this tensor and rounds down.</summary>
        public Tensor floor_divide_(Scalar other) => floorDivideScalarInPlace.Modify(this, this, other);

        /// <summary>The division's remainder, with the divisor's sign.</summary>
        public Tensor remainder(Tensor target) => remainderTensor.Call(this, target);

        /// <summary>The division's remainder, with the divisor's sign.</summary>
        public Tensor remainder(Scalar scalar) => remainderScalar.Call(this, scalar);

        /// <summary>Leaves the division's remainder in this tensor.</summary>
        public Tensor remainder_(Tensor target) => remainderTensorInPlace.Modify(this, this, target);

        /// <summary>Leaves the division's remainder in this tensor.</summary>
        public Tensor remainder_(Scalar scalar) => remainderScalarInPlace.Modify(this, this, scalar);

        /// <summary>The division's remainder, with the dividend's sign.</summary>
        public Tensor fmod(Tensor target) => fmodTensor.Call(this, target);

        /// <summary>The division's remainder, with the dividend's sign.</summary>
        public Tensor fmod(Scalar scalar) => fmodScalar.Call(this, scalar);

        /// <summary>Leaves the division's remainder in this tensor.</summary>
        public Tensor fmod_(Tensor target) => fmodTensorInPlace.Modify(this, this, target);

        /// <summary>Leaves the division's remainder in this tensor.</summary>
        public Tensor fmod_(Scalar scalar) => fmodScalarInPlace.Modify(this, this, scalar);

        /// <summary>The numbers with the other sign.</summary>
        public Tensor neg() => negOp.Call(this);

        /// <summary>The numbers with the other sign. In place.</summary>
        public Tensor neg_() => negInPlace.Modify(this, this);

        /// <summary>The numbers with the other sign.</summary>
        public Tensor negative() => neg();

        /// <summary>The tensor itself.</summary>
        public Tensor positive() => positiveOp.Call(this);

        /// <summary>The sizes of the numbers, without signs.</summary>
        public Tensor abs() => absOp.Call(this);

        /// <summary>The sizes of the numbers, without signs. In place.</summary>
        public Tensor abs_() => absInPlace.Modify(this, this);

        /// <summary>The sizes of the numbers, without signs.</summary>
        public Tensor absolute() => abs();

        /// <summary>Drops the signs of this tensor's numbers.</summary>
        public Tensor absolute_() => abs_();

        /// <summary>-1, 0 or 1.</summary>
        public Tensor sign() => signOp.Call(this);

        /// <summary>-1, 0 or 1. In place.</summary>
        public Tensor sign_() => signInPlace.Modify(this, this);

        /// <summary>-1, 0 or 1; of complex numbers the direction.</summary>
        public Tensor sgn() => sgnOp.Call(this);

        /// <summary>-1, 0 or 1; of complex numbers the direction. In place.</summary>
        public Tensor sgn_() => sgnInPlace.Modify(this, this);

        /// <summary>One over each number.</summary>
        public Tensor reciprocal() => reciprocalOp.Call(this);

        /// <summary>One over each number. In place.</summary>
        public Tensor reciprocal_() => reciprocalInPlace.Modify(this, this);

        /// <summary>Each number times itself.</summary>
        public Tensor square() => squareOp.Call(this);

        /// <summary>The numbers with another's signs.</summary>
        public Tensor copysign(Tensor other) => copysignTensor.Call(this, other);

        /// <summary>Whether the sign is set.</summary>
        public Tensor signbit() => signbitOp.Call(this);

        /// <summary>The tensor plus <paramref name="value"/> times the product of two others.</summary>
        public Tensor addcmul(Tensor tensor1, Tensor tensor2, Scalar value) => addcmulOp.Call(this, tensor1, tensor2, value);

        /// <summary>Adds <paramref name="value"/> times the product of two others.</summary>
        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) => addcmulInPlace.Modify(this, this, tensor1, tensor2, value);

        /// <summary>The tensor plus <paramref name="value"/> times the quotient of two others.</summary>
        public Tensor addcdiv(Tensor tensor1, Tensor tensor2, Scalar value) => addcdivOp.Call(this, tensor1, tensor2, value);

        /// <summary>The tensor plus the quotient of two others.</summary>
        public Tensor addcdiv(Tensor tensor1, Tensor tensor2) => addcdivOp.Call(this, tensor1, tensor2);

        /// <summary>Adds <paramref name="value"/> times the quotient of two others.</summary>
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) => addcdivInPlace.Modify(this, this, tensor1, tensor2, value);

        /// <summary>Adds the quotient of two others.</summary>
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2) => addcdivInPlace.Modify(this, this, tensor1, tensor2);

        /// <summary>A point on the line from this tensor to another.</summary>
        public Tensor lerp(Tensor end, Tensor weight) => lerpTensor.Call(this, end, weight);

        /// <summary>Moves this tensor along the line to another.</summary>
        public Tensor lerp_(Tensor end, Tensor weight) => lerpTensorInPlace.Modify(this, this, end, weight);

        /// <summary>The length of the hypotenuse.</summary>
        public Tensor hypot(Tensor other) => hypotOp.Call(this, other);

        /// <summary>The numbers, those that are not finite replaced.</summary>
        public Tensor nan_to_num(double nan = 0, double? posinf = null, double? neginf = null) => nanToNumOp.Call(this, nan, posinf, neginf);
    }

    /// <summary>The sum.</summary>
    public static Tensor add(Tensor left, Tensor right) => left.add(right);

    /// <summary>The sum, the other term times <paramref name="alpha"/>.</summary>
    public static Tensor add(Tensor left, Tensor right, Scalar alpha) => left.add(right, alpha);

    /// <summary>The sum.</summary>
    public static Tensor add(Tensor left, Scalar right) => left.add(right);

    /// <summary>The sum, the number times <paramref name="alpha"/>.</summary>
    public static Tensor add(Tensor left, Scalar right, Scalar alpha) => left.add(right, alpha);

    /// <summary>Adds to a tensor.</summary>
    public static Tensor add_(Tensor left, Tensor right) => left.add_(right);

    /// <summary>Adds to a tensor, the other term times <paramref name="alpha"/>.</summary>
    public static Tensor add_(Tensor left, Tensor right, Scalar alpha) => left.add_(right, alpha);

    /// <summary>Adds to a tensor.</summary>
    public static Tensor add_(Tensor left, Scalar right) => left.add_(right);

    /// <summary>Adds to a tensor, the number times <paramref name="alpha"/>.</summary>
    public static Tensor add_(Tensor left, Scalar right, Scalar alpha) => left.add_(right, alpha);

    /// <summary>The difference.</summary>
    public static Tensor sub(Tensor left, Tensor right) => left.sub(right);

    /// <summary>The difference.</summary>
    public static Tensor sub(Tensor left, Scalar right) => left.sub(right);

    /// <summary>Subtracts from a tensor.</summary>
    public static Tensor sub_(Tensor left, Tensor right) => left.sub_(right);

    /// <summary>Subtracts from a tensor.</summary>
    public static Tensor sub_(Tensor left, Scalar right) => left.sub_(right);

    /// <summary>The difference.</summary>
    public static Tensor subtract(Tensor left, Tensor right) => left.subtract(right);

    /// <summary>The difference.</summary>
    public static Tensor subtract(Tensor left, Scalar right) => left.subtract(right);

    /// <summary>Subtracts from a tensor.</summary>
    public static Tensor subtract_(Tensor left, Tensor right) => left.subtract_(right);

    /// <summary>Subtracts from a tensor.</summary>
    public static Tensor subtract_(Tensor left, Scalar right) => left.subtract_(right);

    /// <summary>The product, element by element.</summary>
    public static Tensor mul(Tensor left, Tensor right) => left.mul(right);

    /// <summary>The product.</summary>
    public static Tensor mul(Tensor left, Scalar right) => left.mul(right);

    /// <summary>Multiplies a tensor, element by element.</summary>
    public static Tensor mul_(Tensor left, Tensor right) => left.mul_(right);

    /// <summary>Multiplies a tensor.</summary>
    public static Tensor mul_(Tensor left, Scalar right) => left.mul_(right);

    /// <summary>The product, element by element.</summary>
    public static Tensor multiply(Tensor left, Tensor right) => left.multiply(right);

    /// <summary>The product.</summary>
    public static Tensor multiply(Tensor left, Scalar right) => left.multiply(right);

    /// <summary>The quotient, element by element.</summary>
    public static Tensor div(Tensor left, Tensor right, RoundingMode rounding_mode = RoundingMode.None) => left.div(right, rounding_mode);

    /// <summary>The quotient.</summary>
    public static Tensor div(Tensor left, Scalar right, RoundingMode rounding_mode = RoundingMode.None) => left.div(right, rounding_mode);

    /// <summary>Divides a tensor, element by element.</summary>
    public static Tensor div_(Tensor left, Tensor right, RoundingMode rounding_mode = RoundingMode.None) => left.div_(right, rounding_mode);

    /// <summary>Divides a tensor.</summary>
    public static Tensor div_(Tensor left, Scalar right, RoundingMode rounding_mode = RoundingMode.None) => left.div_(right, rounding_mode);

    /// <summary>The quotient, element by element.</summary>
    public static Tensor divide(Tensor left, Tensor right, RoundingMode rounding_mode = RoundingMode.None) => left.divide(right, rounding_mode);

    /// <summary>The quotient.</summary>
    public static Tensor divide(Tensor left, Scalar right, RoundingMode rounding_mode = RoundingMode.None) => left.divide(right, rounding_mode);

    /// <summary>Divides a tensor, element by element.</summary>
    public static Tensor divide_(Tensor left, Tensor right, RoundingMode rounding_mode = RoundingMode.None) => left.divide_(right, rounding_mode);

    /// <summary>The quotient, element by element.</summary>
    public static Tensor true_divide(Tensor dividend, Tensor divisor) => dividend.true_divide(divisor);

    /// <summary>Divides a tensor, element by element.</summary>
    public static Tensor true_divide_(Tensor dividend, Tensor divisor) => dividend.true_divide_(divisor);

    /// <summary>The quotient rounded down, element by element.</summary>
    public static Tensor floor_divide(Tensor input, Tensor other) => input.floor_divide(other);

    /// <summary>Divides a tensor and rounds down, element by element.</summary>
    public static Tensor floor_divide_(Tensor input, Tensor other) => input.floor_divide_(other);

    /// <summary>The division's remainder, with the divisor's sign.</summary>
    public static Tensor remainder(Tensor left, Tensor right) => left.remainder(right);

    /// <summary>The division's remainder, with the divisor's sign.</summary>
    public static Tensor remainder(Tensor left, Scalar right) => left.remainder(right);

    /// <summary>Leaves the division's remainder in a tensor.</summary>
    public static Tensor remainder_(Tensor left, Tensor right) => left.remainder_(right);

    /// <summary>Leaves the division's remainder in a tensor.</summary>
    public static Tensor remainder_(Tensor left, Scalar right) => left.remainder_(right);

    /// <summary>The division's remainder, with the dividend's sign.</summary>
    public static Tensor fmod(Tensor left, Tensor right) => left.fmod(right);

    /// <summary>The division's remainder, with the dividend's sign.</summary>
    public static Tensor fmod(Tensor left, Scalar right) => left.fmod(right);

    /// <summary>Leaves the division's remainder in a tensor.</summary>
    public static Tensor fmod_(Tensor left, Tensor right) => left.fmod_(right);

    /// <summary>Leaves the division's remainder in a tensor.</summary>
    public static Tensor fmod_(Tensor left, Scalar right) => left.fmod_(right);

    /// <summary>The numbers with the other sign.</summary>
    public static Tensor neg(Tensor input) => input.neg();

    /// <summary>The numbers with the other sign. In place.</summary>
    public static Tensor neg_(Tensor input) => input.neg_();

    /// <summary>The numbers with the other sign.</summary>
    public static Tensor negative(Tensor input) => input.negative();

    /// <summary>The tensor itself.</summary>
    public static Tensor positive(Tensor input) => input.positive();

    /// <summary>The sizes of the numbers, without signs.</summary>
    public static Tensor abs(Tensor input) => input.abs();

    /// <summary>The sizes of the numbers, without signs. In place.</summary>
    public static Tensor abs_(Tensor input) => input.abs_();

    /// <summary>The sizes of the numbers, without signs.</summary>
    public static Tensor absolute(Tensor input) => input.absolute();

    /// <summary>Drops the signs of a tensor's numbers.</summary>
    public static Tensor absolute_(Tensor input) => input.absolute_();

    /// <summary>-1, 0 or 1.</summary>
    public static Tensor sign(Tensor input) => input.sign();

    /// <summary>-1, 0 or 1. In place.</summary>
    public static Tensor sign_(Tensor input) => input.sign_();

    /// <summary>-1, 0 or 1; of complex numbers the direction.</summary>
    public static Tensor sgn(Tensor input) => input.sgn();

    /// <summary>-1, 0 or 1; of complex numbers the direction. In place.</summary>
    public static Tensor sgn_(Tensor input) => input.sgn_();

    /// <summary>One over each number.</summary>
    public static Tensor reciprocal(Tensor input) => input.reciprocal();

    /// <summary>One over each number. In place.</summary>
    public static Tensor reciprocal_(Tensor input) => input.reciprocal_();

    /// <summary>Each number times itself.</summary>
    public static Tensor square(Tensor input) => input.square();

    /// <summary>The numbers with another's signs.</summary>
    public static Tensor copysign(Tensor input, Tensor other) => input.copysign(other);

    /// <summary>Whether the sign is set.</summary>
    public static Tensor signbit(Tensor input) => input.signbit();

    /// <summary>The tensor plus <paramref name="value"/> times the product of two others.</summary>
    public static Tensor addcmul(Tensor input, Tensor tensor1, Tensor tensor2, Scalar value) => input.addcmul(tensor1, tensor2, value);

    /// <summary>Adds <paramref name="value"/> times the product of two others.</summary>
    public static Tensor addcmul_(Tensor input, Tensor tensor1, Tensor tensor2, Scalar value) => input.addcmul_(tensor1, tensor2, value);

    /// <summary>The tensor plus <paramref name="value"/> times the quotient of two others.</summary>
    public static Tensor addcdiv(Tensor input, Tensor tensor1, Tensor tensor2, Scalar value) => input.addcdiv(tensor1, tensor2, value);

    /// <summary>Adds <paramref name="value"/> times the quotient of two others.</summary>
    public static Tensor addcdiv_(Tensor input, Tensor tensor1, Tensor tensor2, Scalar value) => input.addcdiv_(tensor1, tensor2, value);

    /// <summary>A point on the line from a tensor to another.</summary>
    public static Tensor lerp(Tensor input, Tensor end, Tensor weight) => input.lerp(end, weight);

    /// <summary>The length of the hypotenuse.</summary>
    public static Tensor hypot(Tensor left, Tensor right) => left.hypot(right);

    /// <summary>The numbers, those that are not finite replaced.</summary>
    public static Tensor nan_to_num(Tensor input, double nan = 0, double? posinf = null, double? neginf = null) => input.nan_to_num(nan, posinf, neginf);
}
