using SystemLibTorch.Native;

namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        /// <summary>The number of dimensions.</summary>
        public long dim() => NativeMethods.slt_tensor_dim(Handle);

        /// <summary>The number of dimensions.</summary>
        public long ndim => dim();

        /// <summary>The number of dimensions.</summary>
        public long Dimensions => dim();

        /// <summary>The sizes of all dimensions.</summary>
        public long[] shape
        {
            get
            {
                var sizes = new long[dim()];
                fixed (long* target = sizes) NativeError.Check(NativeMethods.slt_tensor_sizes(Handle, target));
                return sizes;
            }
        }

        /// <summary>The sizes of all dimensions.</summary>
        public long[] size() => shape;

        /// <summary>The size of one dimension; a negative one counts from the end.</summary>
        public long size(int dim)
        {
            var rank = (int)this.dim();
            var sizes = stackalloc long[Math.Max(rank, 1)];
            NativeError.Check(NativeMethods.slt_tensor_sizes(Handle, sizes));
            return sizes[Wrap(dim, rank)];
        }

        /// <summary>The strides of all dimensions, in elements.</summary>
        public long[] stride()
        {
            var strides = new long[dim()];
            fixed (long* target = strides) NativeError.Check(NativeMethods.slt_tensor_strides(Handle, target));
            return strides;
        }

        /// <summary>The stride of one dimension, in elements.</summary>
        public long stride(int dim) => stride()[Wrap(dim, (int)this.dim())];

        /// <summary>Where the tensor begins in its storage, in elements.</summary>
        public long storage_offset() => NativeMethods.slt_tensor_storage_offset(Handle);

        /// <summary>The number of elements.</summary>
        public long numel() => NativeMethods.slt_tensor_numel(Handle);

        /// <summary>The number of elements.</summary>
        public long NumberOfElements => numel();

        /// <summary>Bytes of one element.</summary>
        public long element_size() => NativeMethods.slt_tensor_element_size(Handle);

        /// <summary>Bytes of one element.</summary>
        public long ElementSize => element_size();

        /// <summary>The element type.</summary>
        public ScalarType dtype => (ScalarType)NativeMethods.slt_tensor_dtype(Handle);

        /// <summary>Where its memory is.</summary>
        public Device device => new(NativeMethods.slt_tensor_device(Handle));

        /// <summary>The kind of device its memory is on.</summary>
        public DeviceType device_type => (DeviceType)(NativeMethods.slt_tensor_device(Handle) & 0xff);

        /// <summary>The index of its device, or -1.</summary>
        public int device_index => (int)(NativeMethods.slt_tensor_device(Handle) >> 32);

        /// <summary>Whether it is on a CUDA device.</summary>
        public bool is_cuda => device_type == DeviceType.CUDA;

        /// <summary>Whether it is on the CPU.</summary>
        public bool is_cpu() => device_type == DeviceType.CPU;

        /// <summary>Whether it has a shape and no memory.</summary>
        public bool is_meta => device_type == DeviceType.META;

        /// <summary>Whether it is sparse.</summary>
        public bool is_sparse => NativeMethods.slt_tensor_is_sparse(Handle) != 0;

        /// <summary>Whether its elements stand in memory in row-major order without gaps.</summary>
        public bool is_contiguous() => NativeMethods.slt_tensor_is_contiguous(Handle) != 0;

        /// <summary>Whether its memory is locked for fast copies to a device.</summary>
        public bool is_pinned()
        {
            int pinned;
            NativeError.Check(NativeMethods.slt_tensor_is_pinned(Handle, &pinned));
            return pinned != 0;
        }

        /// <summary>Whether the elements are real numbers with a point.</summary>
        public bool is_floating_point() => torch.is_floating_point(dtype);

        /// <summary>Whether the elements are complex.</summary>
        public bool is_complex() => torch.is_complex(dtype);

        /// <summary>Whether the elements are integers (or truth values).</summary>
        public bool is_integral() => torch.is_integral(dtype);

        private static int Wrap(int dim, int rank) => dim >= -rank && dim < rank
            ? dim < 0 ? dim + rank : dim
            : throw new ArgumentOutOfRangeException(nameof(dim), dim, $"a tensor of {rank} dimensions has dimensions {-rank} to {rank - 1}");
    }

    /// <summary>Whether a type's values are real numbers with a point.</summary>
    public static bool is_floating_point(ScalarType type) =>
        type is ScalarType.Float16 or ScalarType.Float32 or ScalarType.Float64 or ScalarType.BFloat16;

    /// <summary>Whether a type's values are complex.</summary>
    public static bool is_complex(ScalarType type) => type is ScalarType.ComplexFloat32 or ScalarType.ComplexFloat64;

    /// <summary>Whether a type's values are integers (or truth values).</summary>
    public static bool is_integral(ScalarType type) =>
        type is ScalarType.Byte or ScalarType.Int8 or ScalarType.Int16 or ScalarType.Int32 or ScalarType.Int64 or ScalarType.Bool;

    /// <summary>Whether a tensor's elements are real numbers with a point.</summary>
    public static bool is_floating_point(Tensor input) => is_floating_point(input.dtype);

    /// <summary>Whether a tensor's elements are complex.</summary>
    public static bool is_complex(Tensor input) => is_complex(input.dtype);

    /// <summary>Whether a tensor's elements are integers (or truth values).</summary>
    public static bool is_integral(Tensor t) => is_integral(t.dtype);
}
