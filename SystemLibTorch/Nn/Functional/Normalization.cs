using SystemLibTorch.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            private static readonly Operator layerNormOp = new("aten::layer_norm");
            private static readonly Operator batchNormOp = new("aten::batch_norm");
            private static readonly Operator groupNormOp = new("aten::group_norm");

            /// <summary>Takes the mean of the last dimensions off and divides by their deviation, then scales and shifts.</summary>
            public static Tensor layer_norm(Tensor input, long[] normalized_shape, Tensor? weight = null, Tensor? bias = null, double eps = 1e-05) =>
                layerNormOp.Call(input, normalized_shape, weight, bias, eps);

            /// <summary>Normalizes each channel by the batch's statistics (in training) or the running ones.</summary>
            public static Tensor batch_norm(
                Tensor input, Tensor? running_mean, Tensor? running_var, Tensor? weight = null, Tensor? bias = null, bool training = false,
                double momentum = 0.1, double eps = 1e-05) => batchNormOp.Call(input, weight, bias, running_mean, running_var, training, momentum, eps, true);

            /// <summary>Normalizes groups of channels.</summary>
            public static Tensor group_norm(Tensor input, long num_groups, Tensor? weight = null, Tensor? bias = null, double eps = 1e-05) =>
                groupNormOp.Call(input, num_groups, weight, bias, eps);
        }
    }
}
