using SystemLibTorch.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Operator geluOp = new("aten::gelu");
        private static readonly Operator geluInPlace = new("aten::gelu_");
        private static readonly Operator softmaxInt = new("aten::softmax", "int");
        private static readonly Operator logSoftmaxInt = new("aten::log_softmax", "int");
        private static readonly Operator logSigmoidOp = new("aten::log_sigmoid");
        private static readonly Operator softplusOp = new("aten::softplus");
        private static readonly Operator reluOp = new("aten::relu");
        private static readonly Operator reluInPlace = new("aten::relu_");
        private static readonly Operator relu6Op = new("aten::relu6");
        private static readonly Operator relu6InPlace = new("aten::relu6_");
        private static readonly Operator siluOp = new("aten::silu");
        private static readonly Operator siluInPlace = new("aten::silu_");
        private static readonly Operator seluOp = new("aten::selu");
        private static readonly Operator seluInPlace = new("aten::selu_");
        private static readonly Operator eluOp = new("aten::elu");
        private static readonly Operator leakyReluOp = new("aten::leaky_relu");
        private static readonly Operator leakyReluInPlace = new("aten::leaky_relu_");
        private static readonly Operator gluOp = new("aten::glu");
        private static readonly Operator hardtanhOp = new("aten::hardtanh");
        private static readonly Operator hardsigmoidOp = new("aten::hardsigmoid");
        private static readonly Operator hardsigmoidInPlace = new("aten::hardsigmoid_");
        private static readonly Operator hardswishOp = new("aten::hardswish");
        private static readonly Operator hardswishInPlace = new("aten::hardswish_");
        private static readonly Operator preluOp = new("aten::prelu");
        private static readonly Operator thresholdOp = new("aten::threshold");

        /// <summary>Exponentials over their sum along a dimension.</summary>
        public Tensor softmax(long dim, ScalarType? dtype = null) => softmaxInt.Call(this, dim, dtype);

        /// <summary>The logarithm of softmax along a dimension.</summary>
        public Tensor log_softmax(long dim, ScalarType? dtype = null) => logSoftmaxInt.Call(this, dim, dtype);

        /// <summary>The logarithm of the sigmoid.</summary>
        public Tensor log_sigmoid() => logSigmoidOp.Call(this);

        /// <summary>log(1 + exp(beta x)) / beta, the identity above a threshold.</summary>
        public Tensor softplus(double beta = 1, double threshold = 20) => softplusOp.Call(this, beta, threshold);

        /// <summary>The positive part.</summary>
        public Tensor relu() => reluOp.Call(this);

        /// <summary>The positive part. In place.</summary>
        public Tensor relu_() => reluInPlace.Modify(this, this);

        /// <summary>The positive part, at most six.</summary>
        public Tensor relu6() => relu6Op.Call(this);

        /// <summary>The positive part, at most six. In place.</summary>
        public Tensor relu6_() => relu6InPlace.Modify(this, this);

        /// <summary>x times the normal distribution function of x.</summary>
        public Tensor gelu() => geluOp.Call(this);

        /// <summary>x times the normal distribution function of x. In place.</summary>
        public Tensor gelu_() => geluInPlace.Modify(this, this);

        /// <summary>x times the sigmoid of x.</summary>
        public Tensor silu() => siluOp.Call(this);

        /// <summary>x times the sigmoid of x. In place.</summary>
        public Tensor silu_() => siluInPlace.Modify(this, this);

        /// <summary>The scaled exponential linear unit.</summary>
        public Tensor selu() => seluOp.Call(this);

        /// <summary>The scaled exponential linear unit. In place.</summary>
        public Tensor selu_() => seluInPlace.Modify(this, this);

        /// <summary>x, or alpha (exp(x) - 1) where x is negative.</summary>
        public Tensor elu(double alpha = 1) => eluOp.Call(this, alpha);

        /// <summary>x, or a slope times x where x is negative.</summary>
        public Tensor leaky_relu(Scalar negative_slope) => leakyReluOp.Call(this, negative_slope);

        /// <summary>x, or a slope times x where x is negative. In place.</summary>
        public Tensor leaky_relu_(Scalar negative_slope) => leakyReluInPlace.Modify(this, this, negative_slope);

        /// <summary>One half of a dimension times the sigmoid of the other.</summary>
        public Tensor glu(long dim = -1) => gluOp.Call(this, dim);

        /// <summary>The numbers, kept between two bounds.</summary>
        public Tensor hardtanh(Scalar min, Scalar max) => hardtanhOp.Call(this, min, max);

        /// <summary>The sigmoid by straight lines.</summary>
        public Tensor hardsigmoid() => hardsigmoidOp.Call(this);

        /// <summary>The sigmoid by straight lines. In place.</summary>
        public Tensor hardsigmoid_() => hardsigmoidInPlace.Modify(this, this);

        /// <summary>x times the hard sigmoid.</summary>
        public Tensor hardswish() => hardswishOp.Call(this);

        /// <summary>x times the hard sigmoid. In place.</summary>
        public Tensor hardswish_() => hardswishInPlace.Modify(this, this);

        /// <summary>x, or a learnt slope times x where x is negative.</summary>
        public Tensor prelu(Tensor target) => preluOp.Call(this, target);

        /// <summary>x, or a value where x is not above a threshold.</summary>
        public Tensor threshold(Scalar threshold, Scalar value) => thresholdOp.Call(this, threshold, value);
    }

    /// <summary>Exponentials over their sum along a dimension.</summary>
    public static Tensor softmax(Tensor input, int dim, ScalarType? dtype = null) => input.softmax(dim, dtype);
}
