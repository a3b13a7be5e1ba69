using SystemLibTorch.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>What becomes of a loss's many values; the numbers are libtorch's.</summary>
        public enum Reduction : long
        {
            None = 0,
            Mean = 1,
            Sum = 2,
        }

        public static partial class functional
        {
            private static readonly Operator crossEntropy = new("aten::cross_entropy_loss");
            private static readonly Operator nllLoss = new("aten::nll_loss_nd");
            private static readonly Operator mseLoss = new("aten::mse_loss");
            private static readonly Operator l1Loss = new("aten::l1_loss");
            private static readonly Operator smoothL1Loss = new("aten::smooth_l1_loss");
            private static readonly Operator huberLoss = new("aten::huber_loss");
            private static readonly Operator klDiv = new("aten::kl_div");
            private static readonly Operator binaryCrossEntropy = new("aten::binary_cross_entropy");
            private static readonly Operator binaryCrossEntropyWithLogits = new("aten::binary_cross_entropy_with_logits");
            private static readonly Operator ctcLoss = new("aten::ctc_loss", "Tensor");

            /// <summary>The negative logarithm of the softmax at the target's class (dimension 1), or against target probabilities.</summary>
            public static Tensor cross_entropy(
                Tensor input, Tensor target, Tensor? weight = null, long ignore_index = -100, Reduction reduction = Reduction.Mean, double label_smoothing = 0.0) =>
                crossEntropy.Call(input, target, weight, (long)reduction, ignore_index, label_smoothing);

            /// <summary>The negative of the log-probability at the target's class (dimension 1).</summary>
            public static Tensor nll_loss(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean) =>
                nllLoss.Call(input, target, weight, (long)reduction);

            /// <summary>The square of the difference.</summary>
            public static Tensor mse_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) => mseLoss.Call(input, target, (long)reduction);

            /// <summary>The size of the difference.</summary>
            public static Tensor l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) => l1Loss.Call(input, target, (long)reduction);

            /// <summary>Half the square of a small difference over beta; a large one's size less beta / 2.</summary>
            public static Tensor smooth_l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean, double beta = 1.0) =>
                smoothL1Loss.Call(input, target, (long)reduction, beta);

            /// <summary>Half the square of a small difference; delta times a large one less delta / 2.</summary>
            public static Tensor huber_loss(Tensor input, Tensor target, double delta = 1.0, Reduction reduction = Reduction.Mean) =>
                huberLoss.Call(input, target, (long)reduction, delta);

            /// <summary>The Kullback-Leibler divergence of log-probabilities from a target.</summary>
            public static Tensor kl_div(Tensor input, Tensor target, bool log_target = true, Reduction reduction = Reduction.Mean) =>
                klDiv.Call(input, target, (long)reduction, log_target);

            /// <summary>The cross entropy of probabilities of one event.</summary>
            public static Tensor binary_cross_entropy(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean) =>
                binaryCrossEntropy.Call(input, target, weight, (long)reduction);

            /// <summary>The cross entropy of logits of one event.</summary>
            public static Tensor binary_cross_entropy_with_logits(
                Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean, Tensor? pos_weights = null) =>
                binaryCrossEntropyWithLogits.Call(input, target, weight, pos_weights, (long)reduction);

            /// <summary>The CTC loss of log-probabilities <c>[time, batch, classes]</c>; the mean is over lengths of targets, then the batch.</summary>
            public static Tensor ctc_loss(
                Tensor log_probs, Tensor targets, Tensor input_lengths, Tensor target_lengths, long blank = 0, bool zero_infinity = false,
                Reduction reduction = Reduction.Mean) =>
                ctcLoss.Call(log_probs, targets, input_lengths, target_lengths, blank, (long)reduction, zero_infinity);
        }
    }
}
