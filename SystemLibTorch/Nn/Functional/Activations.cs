using SystemLibTorch.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>The functions behind the layers.</summary>
        public static partial class functional
        {
            private static readonly Operator aliasOp = new("aten::alias");
            private static readonly Operator reluOp = new("aten::relu");
            private static readonly Operator reluInPlace = new("aten::relu_");
            private static readonly Operator leakyReluOp = new("aten::leaky_relu");
            private static readonly Operator leakyReluInPlace = new("aten::leaky_relu_");
            private static readonly Operator geluOp = new("aten::gelu");
            private static readonly Operator geluInPlace = new("aten::gelu_");
            private static readonly Operator siluOp = new("aten::silu");
            private static readonly Operator siluInPlace = new("aten::silu_");
            private static readonly Operator sigmoidOp = new("aten::sigmoid");
            private static readonly Operator sigmoidInPlace = new("aten::sigmoid_");
            private static readonly Operator tanhOp = new("aten::tanh");
            private static readonly Operator tanhInPlace = new("aten::tanh_");
            private static readonly Operator gluOp = new("aten::glu");
            private static readonly Operator softmaxOp = new("aten::softmax", "int");
            private static readonly Operator logSoftmaxOp = new("aten::log_softmax", "int");

            /// <summary>max(x, 0).</summary>
            public static Tensor relu(Tensor x, bool inplace = false) => inplace ? Alias(reluInPlace.Modify(x, x)) : reluOp.Call(x);

            /// <summary>x, or x times a slope where x is negative.</summary>
            public static Tensor leaky_relu(Tensor input, double negative_slope = 0.01, bool inplace = false) =>
                inplace ? Alias(leakyReluInPlace.Modify(input, input, negative_slope)) : leakyReluOp.Call(input, negative_slope);

            /// <summary>x times the normal distribution's Φ(x), by the error function.</summary>
            public static Tensor gelu(Tensor x) => geluOp.Call(x);

            /// <summary>x times the normal distribution's Φ(x), by the error function.</summary>
            public static Tensor gelu(Tensor x, bool inplace) => inplace ? Alias(geluInPlace.Modify(x, x)) : geluOp.Call(x);

            /// <summary>x times its sigmoid.</summary>
            public static Tensor silu(Tensor x, bool inplace = false) => inplace ? Alias(siluInPlace.Modify(x, x)) : siluOp.Call(x);

            /// <summary>1 / (1 + exp(-x)).</summary>
            public static Tensor sigmoid(Tensor x) => sigmoidOp.Call(x);

            /// <summary>1 / (1 + exp(-x)).</summary>
            public static Tensor sigmoid(Tensor x, bool inplace) => inplace ? Alias(sigmoidInPlace.Modify(x, x)) : sigmoidOp.Call(x);

            /// <summary>The hyperbolic tangent.</summary>
            public static Tensor tanh(Tensor x, bool inplace = false) => inplace ? Alias(tanhInPlace.Modify(x, x)) : tanhOp.Call(x);

            /// <summary>The first half of a dimension times the sigmoid of the second.</summary>
            public static Tensor glu(Tensor input, long dim = -1) => gluOp.Call(input, dim);

            /// <summary>exp(x), scaled to a sum of 1 along a dimension.</summary>
            public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => softmaxOp.Call(input, dim, dtype);

            /// <summary>The logarithm of <see cref="softmax"/>.</summary>
            public static Tensor log_softmax(Tensor x, long dim) => logSoftmaxOp.Call(x, dim);

            /// <summary>In-place functions give another wrapper of their input, as TorchSharp's do, so that a caller may dispose of it.</summary>
            internal static Tensor Alias(Tensor tensor) => aliasOp.Call(tensor);
        }
    }
}
