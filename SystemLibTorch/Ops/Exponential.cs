using SystemLibTorch.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Operator expOp = new("aten::exp");
        private static readonly Operator expInPlace = new("aten::exp_");
        private static readonly Operator exp2Op = new("aten::exp2");
        private static readonly Operator expm1Op = new("aten::expm1");
        private static readonly Operator expm1InPlace = new("aten::expm1_");
        private static readonly Operator logOp = new("aten::log");
        private static readonly Operator logInPlace = new("aten::log_");
        private static readonly Operator log2Op = new("aten::log2");
        private static readonly Operator log2InPlace = new("aten::log2_");
        private static readonly Operator log10Op = new("aten::log10");
        private static readonly Operator log10InPlace = new("aten::log10_");
        private static readonly Operator log1pOp = new("aten::log1p");
        private static readonly Operator log1pInPlace = new("aten::log1p_");
        private static readonly Operator sqrtOp = new("aten::sqrt");
        private static readonly Operator sqrtInPlace = new("aten::sqrt_");
        private static readonly Operator rsqrtOp = new("aten::rsqrt");
        private static readonly Operator rsqrtInPlace = new("aten::rsqrt_");
        private static readonly Operator powTensorScalar = new("aten::pow", "Tensor_Scalar");
        private static readonly Operator powTensorTensor = new("aten::pow", "Tensor_Tensor");
        private static readonly Operator powScalarInPlace = new("aten::pow_", "Scalar");
        private static readonly Operator powTensorInPlace = new("aten::pow_", "Tensor");
        private static readonly Operator floatPowerTensorTensor = new("aten::float_power", "Tensor_Tensor");
        private static readonly Operator logaddexpOp = new("aten::logaddexp");
        private static readonly Operator logaddexp2Op = new("aten::logaddexp2");
        private static readonly Operator logitOp = new("aten::logit");
        private static readonly Operator xlogyTensor = new("aten::xlogy", "Tensor");
        private static readonly Operator xlogyScalarOther = new("aten::xlogy", "Scalar_Other");
        private static readonly Operator erfOp = new("aten::erf");
        private static readonly Operator erfInPlace = new("aten::erf_");
        private static readonly Operator erfcOp = new("aten::erfc");
        private static readonly Operator erfcInPlace = new("aten::erfc_");
        private static readonly Operator erfinvOp = new("aten::erfinv");
        private static readonly Operator erfinvInPlace = new("aten::erfinv_");
        private static readonly Operator lgammaOp = new("aten::lgamma");
        private static readonly Operator lgammaInPlace = new("aten::lgamma_");
        private static readonly Operator digammaOp = new("aten::digamma");
        private static readonly Operator digammaInPlace = new("aten::digamma_");
        private static readonly Operator i0Op = new("aten::i0");
        private static readonly Operator sigmoidOp = new("aten::sigmoid");
        private static readonly Operator sigmoidInPlace = new("aten::sigmoid_");

        /// <summary>e to the power of each number.</summary>
        public Tensor exp() => expOp.Call(this);

        /// <summary>e to the power of each number. In place.</summary>
        public Tensor exp_() => expInPlace.Modify(this, this);

        /// <summary>Two to the power of each number.</summary>
        public Tensor exp2() => exp2Op.Call(this);

        /// <summary>e to the power of each number, less one, exact near zero.</summary>
        public Tensor expm1() => expm1Op.Call(this);

        /// <summary>e to the power of each number, less one, exact near zero. In place.</summary>
        public Tensor expm1_() => expm1InPlace.Modify(this, this);

        /// <summary>The natural logarithm.</summary>
        public Tensor log() => logOp.Call(this);

        /// <summary>The natural logarithm. In place.</summary>
        public Tensor log_() => logInPlace.Modify(this, this);

        /// <summary>The logarithm to base two.</summary>
        public Tensor log2() => log2Op.Call(this);

        /// <summary>The logarithm to base two. In place.</summary>
        public Tensor log2_() => log2InPlace.Modify(this, this);

        /// <summary>The logarithm to base ten.</summary>
        public Tensor log10() => log10Op.Call(this);

        /// <summary>The logarithm to base ten. In place.</summary>
        public Tensor log10_() => log10InPlace.Modify(this, this);

        /// <summary>The natural logarithm of one more than each number, exact near zero.</summary>
        public Tensor log1p() => log1pOp.Call(this);

        /// <summary>The natural logarithm of one more than each number, exact near zero. In place.</summary>
        public Tensor log1p_() => log1pInPlace.Modify(this, this);

        /// <summary>The square root.</summary>
        public Tensor sqrt() => sqrtOp.Call(this);

        /// <summary>The square root. In place.</summary>
        public Tensor sqrt_() => sqrtInPlace.Modify(this, this);

        /// <summary>One over the square root.</summary>
        public Tensor rsqrt() => rsqrtOp.Call(this);

        /// <summary>One over the square root. In place.</summary>
        public Tensor rsqrt_() => rsqrtInPlace.Modify(this, this);

        /// <summary>A power.</summary>
        public Tensor pow(Scalar exponent) => powTensorScalar.Call(this, exponent);

        /// <summary>A power, element by element.</summary>
        public Tensor pow(Tensor exponent) => powTensorTensor.Call(this, exponent);

        /// <summary>Raises this tensor's numbers to a power.</summary>
        public Tensor pow_(Scalar exponent) => powScalarInPlace.Modify(this, this, exponent);

        /// <summary>Raises this tensor's numbers to a power, element by element.</summary>
        public Tensor pow_(Tensor exponent) => powTensorInPlace.Modify(this, this, exponent);

        /// <summary>A power, computed in double precision.</summary>
        public Tensor float_power(Tensor target) => floatPowerTensorTensor.Call(this, target);

        /// <summary>The logarithm of the sum of two exponentials.</summary>
        public Tensor logaddexp(Tensor other) => logaddexpOp.Call(this, other);

        /// <summary>The logarithm to base two of the sum of two powers of two.</summary>
        public Tensor logaddexp2(Tensor other) => logaddexp2Op.Call(this, other);

        /// <summary>The logarithm of p / (1 - p).</summary>
        public Tensor logit(double? eps = null) => logitOp.Call(this, eps);

        /// <summary>The tensor times a logarithm; zero where the tensor is zero.</summary>
        public Tensor xlogy(Tensor y) => xlogyTensor.Call(this, y);

        /// <summary>The tensor times a logarithm; zero where the tensor is zero.</summary>
        public Tensor xlogy(Scalar y) => xlogyScalarOther.Call(this, y);

        /// <summary>The error function.</summary>
        public Tensor erf() => erfOp.Call(this);

        /// <summary>The error function. In place.</summary>
        public Tensor erf_() => erfInPlace.Modify(this, this);

        /// <summary>One less the error function.</summary>
        public Tensor erfc() => erfcOp.Call(this);

        /// <summary>One less the error function. In place.</summary>
        public Tensor erfc_() => erfcInPlace.Modify(this, this);

        /// <summary>The inverse of the error function.</summary>
        public Tensor erfinv() => erfinvOp.Call(this);

        /// <summary>The inverse of the error function. In place.</summary>
        public Tensor erfinv_() => erfinvInPlace.Modify(this, this);

        /// <summary>The logarithm of the gamma function.</summary>
        public Tensor lgamma() => lgammaOp.Call(this);

        /// <summary>The logarithm of the gamma function. In place.</summary>
        public Tensor lgamma_() => lgammaInPlace.Modify(this, this);

        /// <summary>The derivative of the logarithm of the gamma function.</summary>
        public Tensor digamma() => digammaOp.Call(this);

        /// <summary>The derivative of the logarithm of the gamma function. In place.</summary>
        public Tensor digamma_() => digammaInPlace.Modify(this, this);

        /// <summary>The modified Bessel function of the first kind, order zero.</summary>
        public Tensor i0() => i0Op.Call(this);

        /// <summary>1 / (1 + exp(-x)).</summary>
        public Tensor sigmoid() => sigmoidOp.Call(this);

        /// <summary>1 / (1 + exp(-x)). In place.</summary>
        public Tensor sigmoid_() => sigmoidInPlace.Modify(this, this);
    }

    /// <summary>e to the power of each number.</summary>
    public static Tensor exp(Tensor input) => input.exp();

    /// <summary>e to the power of each number. In place.</summary>
    public static Tensor exp_(Tensor input) => input.exp_();

    /// <summary>Two to the power of each number.</summary>
    public static Tensor exp2(Tensor input) => input.exp2();

    /// <summary>e to the power of each number, less one, exact near zero.</summary>
    public static Tensor expm1(Tensor input) => input.expm1();

    /// <summary>e to the power of each number, less one, exact near zero. In place.</summary>
    public static Tensor expm1_(Tensor input) => input.expm1_();

    /// <summary>The natural logarithm.</summary>
    public static Tensor log(Tensor input) => input.log();

    /// <summary>The natural logarithm. In place.</summary>
    public static Tensor log_(Tensor input) => input.log_();

    /// <summary>The logarithm to base two.</summary>
    public static Tensor log2(Tensor input) => input.log2();

    /// <summary>The logarithm to base two. In place.</summary>
    public static Tensor log2_(Tensor input) => input.log2_();

    /// <summary>The logarithm to base ten.</summary>
    public static Tensor log10(Tensor input) => input.log10();

    /// <summary>The logarithm to base ten. In place.</summary>
    public static Tensor log10_(Tensor input) => input.log10_();

    /// <summary>The natural logarithm of one more than each number, exact near zero.</summary>
    public static Tensor log1p(Tensor input) => input.log1p();

    /// <summary>The natural logarithm of one more than each number, exact near zero. In place.</summary>
    public static Tensor log1p_(Tensor input) => input.log1p_();

    /// <summary>The square root.</summary>
    public static Tensor sqrt(Tensor input) => input.sqrt();

    /// <summary>The square root. In place.</summary>
    public static Tensor sqrt_(Tensor input) => input.sqrt_();

    /// <summary>One over the square root.</summary>
    public static Tensor rsqrt(Tensor input) => input.rsqrt();

    /// <summary>One over the square root. In place.</summary>
    public static Tensor rsqrt_(Tensor input) => input.rsqrt_();

    /// <summary>A power.</summary>
    public static Tensor pow(Tensor left, Scalar exponent) => left.pow(exponent);

    /// <summary>A power, element by element.</summary>
    public static Tensor pow(Tensor left, Tensor exponent) => left.pow(exponent);

    /// <summary>Raises a tensor's numbers to a power.</summary>
    public static Tensor pow_(Tensor left, Scalar exponent) => left.pow_(exponent);

    /// <summary>Raises a tensor's numbers to a power, element by element.</summary>
    public static Tensor pow_(Tensor left, Tensor exponent) => left.pow_(exponent);

    /// <summary>A power, computed in double precision.</summary>
    public static Tensor float_power(Tensor input, Tensor target) => input.float_power(target);

    /// <summary>The logarithm of the sum of two exponentials.</summary>
    public static Tensor logaddexp(Tensor left, Tensor right) => left.logaddexp(right);

    /// <summary>The logarithm to base two of the sum of two powers of two.</summary>
    public static Tensor logaddexp2(Tensor left, Tensor right) => left.logaddexp2(right);

    /// <summary>The logarithm of p / (1 - p).</summary>
    public static Tensor logit(Tensor input, double? eps = null) => input.logit(eps);

    /// <summary>The tensor times a logarithm; zero where the tensor is zero.</summary>
    public static Tensor xlogy(Tensor x, Tensor y) => x.xlogy(y);

    /// <summary>The tensor times a logarithm; zero where the tensor is zero.</summary>
    public static Tensor xlogy(Tensor x, Scalar y) => x.xlogy(y);

    /// <summary>The error function.</summary>
    public static Tensor erf(Tensor input) => input.erf();

    /// <summary>The error function. In place.</summary>
    public static Tensor erf_(Tensor input) => input.erf_();

    /// <summary>One less the error function.</summary>
    public static Tensor erfc(Tensor input) => input.erfc();

    /// <summary>One less the error function. In place.</summary>
    public static Tensor erfc_(Tensor input) => input.erfc_();

    /// <summary>The inverse of the error function.</summary>
    public static Tensor erfinv(Tensor input) => input.erfinv();

    /// <summary>The inverse of the error function. In place.</summary>
    public static Tensor erfinv_(Tensor input) => input.erfinv_();

    /// <summary>The logarithm of the gamma function.</summary>
    public static Tensor lgamma(Tensor input) => input.lgamma();

    /// <summary>The logarithm of the gamma function. In place.</summary>
    public static Tensor lgamma_(Tensor input) => input.lgamma_();

    /// <summary>The derivative of the logarithm of the gamma function.</summary>
    public static Tensor digamma(Tensor input) => input.digamma();

    /// <summary>The derivative of the logarithm of the gamma function. In place.</summary>
    public static Tensor digamma_(Tensor input) => input.digamma_();

    /// <summary>The modified Bessel function of the first kind, order zero.</summary>
    public static Tensor i0(Tensor input) => input.i0();

    /// <summary>1 / (1 + exp(-x)).</summary>
    public static Tensor sigmoid(Tensor input) => input.sigmoid();

    /// <summary>1 / (1 + exp(-x)). In place.</summary>
    public static Tensor sigmoid_(Tensor input) => input.sigmoid_();
}
