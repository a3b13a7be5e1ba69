using SystemLibTorch.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            private static readonly Operator linearOp = new("aten::linear");
            private static readonly Operator dropoutOp = new("aten::dropout");
            private static readonly Operator dropoutInPlace = new("aten::dropout_");
            private static readonly Operator oneHotOp = new("aten::one_hot");

            /// <summary>x times the weights transposed, plus the bias.</summary>
            public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null) => linearOp.Call(input, weights, bias);

            /// <summary>Zeros each element with probability p and scales the rest by 1 / (1 - p); nothing outside of training.</summary>
            public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false) =>
                inplace ? Alias(dropoutInPlace.Modify(input, input, p, training)) : dropoutOp.Call(input, p, training);

            /// <summary>A one at each number's place in a new last dimension, zeros elsewhere.</summary>
            public static Tensor one_hot(Tensor x, long num_classes = -1) => oneHotOp.Call(x, num_classes);
        }
    }
}
