using SystemLibTorch.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Operator toDtype = new("aten::to", "dtype_layout");
        private static readonly Operator cloneOp = new("aten::clone");
        private static readonly Operator contiguousOp = new("aten::contiguous");
        private static readonly Operator copyOp = new("aten::copy_");
        private static readonly Operator pinOp = new("aten::pin_memory");

        /// <summary>The tensor as another type; another tensor over the same memory where nothing changes, unless <paramref name="copy"/>.</summary>
        public Tensor to(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Convert(type, null, copy, disposeAfter, non_blocking);

        /// <summary>The tensor on another device.</summary>
        public Tensor to(Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Convert(null, device, copy, disposeAfter, non_blocking);

        /// <summary>The tensor on another device.</summary>
        public Tensor to(string device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Convert(null, new Device(device), copy, disposeAfter, non_blocking);

        /// <summary>The tensor on another device.</summary>
        public Tensor to(DeviceType deviceType, int deviceIndex = -1, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Convert(null, new Device(deviceType, deviceIndex), copy, disposeAfter, non_blocking);

        /// <summary>The tensor as another type on another device.</summary>
        public Tensor to(ScalarType type, Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Convert(type, device, copy, disposeAfter, non_blocking);

        /// <summary>The tensor with another's type and device.</summary>
        public Tensor to(Tensor other, bool non_blocking = false) => Convert(other.dtype, other.device, false, false, non_blocking);

        /// <summary>The tensor as another type.</summary>
        public Tensor to_type(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Convert(type, null, copy, disposeAfter, non_blocking);

        /// <summary>The tensor as another type.</summary>
        public Tensor type(ScalarType dtype) => to(dtype);

        /// <summary>The tensor as another's type.</summary>
        public Tensor type_as(Tensor tensor) => to(tensor.dtype);

        /// <summary>The tensor on the CPU.</summary>
        public Tensor cpu() => Convert(null, CPU, false, false, false);

        /// <summary>The tensor on a CUDA device.</summary>
        public Tensor cuda(Device? device = null, bool non_blocking = false) => Convert(null, device ?? CUDA, false, false, non_blocking);

        /// <summary>As float32.</summary>
        public Tensor @float() => to(ScalarType.Float32);

        /// <summary>As float64.</summary>
        public Tensor @double() => to(ScalarType.Float64);

        /// <summary>As float16.</summary>
        public Tensor half() => to(ScalarType.Float16);

        /// <summary>As bfloat16.</summary>
        public Tensor bfloat16() => to(ScalarType.BFloat16);

        /// <summary>As truth values.</summary>
        public Tensor @bool() => to(ScalarType.Bool);

        /// <summary>As unsigned bytes.</summary>
        public Tensor @byte() => to(ScalarType.Byte);

        /// <summary>As 32-bit integers.</summary>
        public Tensor @int() => to(ScalarType.Int32);

        /// <summary>As 64-bit integers.</summary>
        public Tensor @long() => to(ScalarType.Int64);

        /// <summary>As 16-bit integers.</summary>
        public Tensor @short() => to(ScalarType.Int16);

        /// <summary>As 8-bit integers.</summary>
        public Tensor @char() => to(ScalarType.Int8);

        /// <summary>As complex numbers of two single-precision parts.</summary>
        public Tensor cfloat() => to(ScalarType.ComplexFloat32);

        /// <summary>As complex numbers of two double-precision parts.</summary>
        public Tensor cdouble() => to(ScalarType.ComplexFloat64);

        /// <summary>A copy with its own memory.</summary>
        public Tensor clone() => cloneOp.Call(this);

        /// <summary>The tensor in row-major order without gaps: a copy where it is not.</summary>
        public Tensor contiguous() => contiguousOp.Call(this);

        /// <summary>The tensor in memory locked for fast copies to a device.</summary>
        public Tensor pin_memory() => pinOp.Call(this);

        /// <summary>Copies another tensor's elements into this one, with its type and device.</summary>
        public Tensor copy_(Tensor source, bool nonBlocking = false) => copyOp.Modify(this, this, source, nonBlocking);

        private Tensor Convert(ScalarType? type, Device? where, bool copy, bool disposeAfter, bool nonBlocking)
        {
            // aten::to.dtype_layout(self, dtype, layout, device, pin_memory, non_blocking, copy, memory_format): the tensor itself where nothing changes
            var result = toDtype.Call(this, type, Arg.None, where, Arg.None, nonBlocking, copy);
            if (disposeAfter) Dispose();
            return result;
        }
    }
}
