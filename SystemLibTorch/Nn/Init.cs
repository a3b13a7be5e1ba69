using SystemLibTorch.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>First values of parameters. All draw from libtorch's own generator: TorchSharp's ignore a generator they are given, and so do these.</summary>
        public static class init
        {
            private static readonly Operator uniformOp = new("aten::uniform_");
            private static readonly Operator normalOp = new("aten::normal_");
            private static readonly Operator fillOp = new("aten::fill_", "Scalar");
            private static readonly Operator mulInPlace = new("aten::mul_", "Scalar");
            private static readonly Operator mulTensorInPlace = new("aten::mul_", "Tensor");
            private static readonly Operator qrOp = new("aten::linalg_qr");
            private static readonly Operator diagonalOp = new("aten::diagonal");
            private static readonly Operator signOp = new("aten::sign");
            private static readonly Operator transposeOp = new("aten::transpose", "int");
            private static readonly Operator reshapeOp = new("aten::reshape");

            /// <summary>The function behind a layer, which decides its gain.</summary>
            public enum NonlinearityType
            {
                Linear = 0,
                Conv1D = 1,
                Conv2D = 2,
                Conv3D = 3,
                ConvTranspose1D = 4,
                ConvTranspose2D = 5,
                ConvTranspose3D = 6,
                Sigmoid = 7,
                Tanh = 8,
                ReLU = 9,
                LeakyReLU = 10,
            }

            /// <summary>Which side's number of connections keeps its variance.</summary>
            public enum FanInOut
            {
                FanIn = 0,
                FanOut = 1,
            }

            /// <summary>The factor that makes up for what a nonlinearity does to the deviation.</summary>
            public static double calculate_gain(NonlinearityType nonlinearity, double param = 0.0) => nonlinearity switch
            {
                NonlinearityType.Tanh => 5.0 / 3.0,
                NonlinearityType.ReLU => Math.Sqrt(2),
                NonlinearityType.LeakyReLU => Math.Sqrt(2 / (1 + param * param)),
                _ => 1,
            };

            /// <summary>Ones.</summary>
            public static Tensor ones_(Tensor tensor) => constant_(tensor, 1.0);

            /// <summary>Zeros.</summary>
            public static Tensor zeros_(Tensor tensor) => constant_(tensor, 0.0);

            /// <summary>One number everywhere.</summary>
            public static Tensor constant_(Tensor tensor, Scalar val)
            {
                using var frozen = no_grad();
                return fillOp.Modify(tensor, tensor, val);
            }

            /// <summary>Draws uniformly. The generator is not used.</summary>
            public static Tensor uniform_(Tensor tensor, double low = 0, double high = 1, Generator generator = null!)
            {
                using var frozen = no_grad();
                return uniformOp.Modify(tensor, tensor, low, high);
            }

            /// <summary>Draws from a normal distribution. The generator is not used.</summary>
            public static Tensor normal_(Tensor tensor, double mean = 0, double std = 1, Generator generator = null!)
            {
                using var frozen = no_grad();
                return normalOp.Modify(tensor, tensor, mean, std);
            }

            /// <summary>Draws uniformly with the variance 2 gain² / (fan in + fan out) of Glorot and Bengio.</summary>
            public static Tensor xavier_uniform_(Tensor tensor, double gain = 1.0)
            {
                var (fanIn, fanOut) = CalculateFanInAndFanOut(tensor);
                var bound = gain * Math.Sqrt(6.0 / (fanIn + fanOut));
                return uniform_(tensor, -bound, bound);
            }

            /// <summary>As <see cref="xavier_uniform_"/>: TorchSharp's normal form draws uniformly too, with the same variance.</summary>
            public static Tensor xavier_normal_(Tensor tensor, double gain = 1.0) => xavier_uniform_(tensor, gain);

            /// <summary>Another name of <see cref="xavier_uniform_"/>.</summary>
            public static Tensor glorot_uniform_(Tensor tensor, double gain = 1.0) => xavier_uniform_(tensor, gain);

            /// <summary>Another name of <see cref="xavier_normal_"/>.</summary>
            public static Tensor glorot_normal_(Tensor tensor, double gain = 1.0) => xavier_normal_(tensor, gain);

            /// <summary>Draws uniformly with the variance gain² / fan of He et al.</summary>
            public static Tensor kaiming_uniform_(
                Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn, NonlinearityType nonlinearity = NonlinearityType.LeakyReLU)
            {
                var bound = Math.Sqrt(3) * KaimingDeviation(tensor, a, mode, nonlinearity);
                return uniform_(tensor, -bound, bound);
            }

            /// <summary>Draws from a normal distribution with the variance gain² / fan of He et al.</summary>
            public static Tensor kaiming_normal_(
                Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn, NonlinearityType nonlinearity = NonlinearityType.LeakyReLU) =>
                normal_(tensor, 0, KaimingDeviation(tensor, a, mode, nonlinearity));

            /// <summary>Orthogonal rows or columns of the matrix [first size, all others], drawn in float32 on the CPU as libtorch's C++ does.</summary>
            public static Tensor orthogonal_(Tensor tensor, double gain = 1.0)
            {
                if (tensor.dim() < 2) throw new ArgumentException("Only tensors with 2 or more dimensions are supported", nameof(tensor));
                using var frozen = no_grad();
                using var scope = NewDisposeScope();
                var rows = tensor.size(0);
                var columns = tensor.numel() / rows;
                var drawn = randn([rows, columns], ScalarType.Float32);
                if (rows < columns) drawn = transposeOp.Call(drawn, 0L, 1L);
                var (q, r) = qrOp.Call2(drawn);
                // the signs of R's diagonal make the distribution uniform
                mulTensorInPlace.Modify(q, q, signOp.Call(diagonalOp.Call(r)));
                if (rows < columns) q = transposeOp.Call(q, 0L, 1L);
                tensor.copy_(reshapeOp.Call(q, tensor.shape));
                return mulInPlace.Modify(tensor, tensor, gain);
            }

            /// <summary>The numbers of connections into and out of one unit: sizes 1 and 0, times the elements of a kernel.</summary>
            public static (long fanIn, long fanOut) CalculateFanInAndFanOut(Tensor tensor)
            {
                var shape = tensor.shape;
                if (shape.Length < 2) throw new ArgumentException("Fan in and fan out can not be computed for tensor with fewer than 2 dimensions");
                var kernel = shape.Skip(2).Aggregate(1L, (product, size) => product * size);
                return (shape[1] * kernel, shape[0] * kernel);
            }

            private static double KaimingDeviation(Tensor tensor, double a, FanInOut mode, NonlinearityType nonlinearity)
            {
                var (fanIn, fanOut) = CalculateFanInAndFanOut(tensor);
                return calculate_gain(nonlinearity, a) / Math.Sqrt(mode == FanInOut.FanIn ? fanIn : fanOut);
            }
        }
    }
}
