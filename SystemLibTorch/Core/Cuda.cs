using SystemLibTorch.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Whether CUDA devices can be used.</summary>
    public static bool cuda_is_available() => cuda.is_available();

    /// <summary>CUDA devices.</summary>
    public static partial class cuda
    {
        /// <summary>Whether there is one that can be used.</summary>
        public static bool is_available() => device_count() > 0;

        /// <summary>Whether cuDNN can be used.</summary>
        public static bool is_cudnn_available() => NativeMethods.slt_cudnn_available() != 0;

        /// <summary>How many there are.</summary>
        public static int device_count() => NativeMethods.slt_cuda_devices();

        /// <summary>Seeds the first device's generator.</summary>
        public static void manual_seed(long seed) => NativeError.Check(NativeMethods.slt_cuda_manual_seed(seed, 0));

        /// <summary>Seeds the generators of all devices.</summary>
        public static void manual_seed_all(long seed) => NativeError.Check(NativeMethods.slt_cuda_manual_seed(seed, 1));

        /// <summary>Waits until a device, or the current one, has done all that was asked of it.</summary>
        public static void synchronize(Device? device = null) => NativeError.Check(NativeMethods.slt_cuda_synchronize(device?.index ?? -1));
    }

    /// <summary>Settings of the libraries that libtorch computes with.</summary>
    public static partial class backends
    {
        private const int CublasTf32 = 0;
        private const int CudnnTf32 = 1;

        /// <summary>CUDA's own.</summary>
        public static partial class cuda
        {
            /// <summary>Products of matrices.</summary>
            public static partial class matmul
            {
                /// <summary>Whether float32 products may round their factors to TF32.</summary>
                public static bool allow_tf32
                {
                    get => NativeMethods.slt_flag(CublasTf32) != 0;
                    set => NativeError.Check(NativeMethods.slt_set_flag(CublasTf32, value ? 1 : 0));
                }
            }
        }

        /// <summary>cuDNN's: convolutions and recurrent layers.</summary>
        public static partial class cudnn
        {
            /// <summary>Whether float32 layers may round their factors to TF32.</summary>
            public static bool allow_tf32
            {
                get => NativeMethods.slt_flag(CudnnTf32) != 0;
                set => NativeError.Check(NativeMethods.slt_set_flag(CudnnTf32, value ? 1 : 0));
            }
        }
    }
}
