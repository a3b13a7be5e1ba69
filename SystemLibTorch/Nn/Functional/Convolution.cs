using SystemLibTorch.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            private static readonly Operator conv1dOp = new("aten::conv1d");
            private static readonly Operator conv1dPadding = new("aten::conv1d", "padding");
            private static readonly Operator conv2dOp = new("aten::conv2d");
            private static readonly Operator conv2dPadding = new("aten::conv2d", "padding");
            private static readonly Operator convTranspose1d = new("aten::conv_transpose1d");
            private static readonly Operator convTranspose2d = new("aten::conv_transpose2d", "input");

            /// <summary>Cross-correlation over one dimension: <c>[batch, channels, time]</c> with <c>[out, channels / groups, kernel]</c>.</summary>
            public static Tensor conv1d(
                Tensor input, Tensor weight, Tensor? bias = null, long? stride = null, long? padding = null, long? dilation = null, long groups = 1) =>
                conv1dOp.Call(input, weight, bias, One(stride, 1), One(padding, 0), One(dilation, 1), groups);

            /// <summary>Cross-correlation over one dimension, the padding by name.</summary>
            public static Tensor conv1d_padding(
                Tensor input, Tensor weight, Tensor? bias = null, long? stride = null, Padding padding = Padding.Valid, long? dilation = null, long groups = 1) =>
                conv1dPadding.Call(input, weight, bias, One(stride, 1), NameOf(padding), One(dilation, 1), groups);

            /// <summary>Cross-correlation over two dimensions.</summary>
            public static Tensor conv2d(
                Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? dilation = null, long groups = 1) =>
                conv2dOp.Call(input, weight, bias, strides ?? [1, 1], padding ?? [0, 0], dilation ?? [1, 1], groups);

            /// <summary>Cross-correlation over two dimensions, the padding by name.</summary>
            public static Tensor conv2d_padding(
                Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, Padding padding = Padding.Valid, long[]? dilation = null, long groups = 1) =>
                conv2dPadding.Call(input, weight, bias, strides ?? [1, 1], NameOf(padding), dilation ?? [1, 1], groups);

            /// <summary>The transpose of <see cref="conv1d"/>.</summary>
            public static Tensor conv_transpose1d(
                Tensor input, Tensor weight, Tensor? bias = null, long? stride = null, long? padding = null, long? output_padding = null,
                long? dilation = null, long groups = 1) =>
                convTranspose1d.Call(input, weight, bias, One(stride, 1), One(padding, 0), One(output_padding, 0), groups, One(dilation, 1));

            /// <summary>The transpose of <see cref="conv2d"/>.</summary>
            public static Tensor conv_transpose2d(
                Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? output_padding = null,
                long[]? dilation = null, long groups = 1) =>
                convTranspose2d.Call(input, weight, bias, strides ?? [1, 1], padding ?? [0, 0], output_padding ?? [0, 0], groups, dilation ?? [1, 1]);

            private static long[] One(long? value, long otherwise) => [value ?? otherwise];

            private static string NameOf(Padding padding) => padding == Padding.Same ? "same" : "valid";
        }
    }
}
