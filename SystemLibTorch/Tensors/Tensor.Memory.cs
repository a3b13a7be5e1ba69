using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SystemLibTorch.Native;

namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        private static readonly Operator localScalar = new("aten::_local_scalar_dense");

        /// <summary>The tensor's own memory (CPU, contiguous, below 2 GiB). It is valid while the tensor is.</summary>
        public Span<byte> bytes
        {
            get => Bytes();
            set
            {
                var target = Bytes();
                if (value.Length != target.Length)
                    throw new ArgumentException($"{value.Length} bytes can't fill a tensor of {target.Length}", nameof(value));
                value.CopyTo(target);
            }
        }

        /// <summary>The tensor's elements (a copy on the CPU where it is elsewhere).</summary>
        public Utils.TensorAccessor<T> data<T>() where T : unmanaged
        {
            CheckType<T>();
            return new Utils.TensorAccessor<T>(device_type == DeviceType.CPU ? this : cpu());
        }

        /// <summary>The one element of a tensor of one. Waits for the device.</summary>
        public T item<T>() where T : unmanaged
        {
            if (numel() != 1) throw new ArgumentException($"item() takes a tensor of one element; this one has {numel()}");
            CheckType<T>();
            var value = localScalar.CallValue(this);
            var real = BitConverter.Int64BitsToDouble(value.Payload);
            object boxed = dtype switch
            {
                ScalarType.Float32 => (float)real,
                ScalarType.Float64 => real,
                ScalarType.Float16 => (Half)real,
                ScalarType.Bool => value.Payload != 0,
                ScalarType.Byte => (byte)value.Payload,
                ScalarType.Int8 => (sbyte)value.Payload,
                ScalarType.Int16 => (short)value.Payload,
                ScalarType.Int32 => (int)value.Payload,
                _ => value.Payload,
            };
            return (T)boxed;
        }

        /// <summary>The one element of a tensor of one, as a scalar. Waits for the device.</summary>
        public Scalar ToScalar()
        {
            var value = localScalar.CallValue(this);
            return value.Tag switch
            {
                ValueTag.Int => Scalar.Of(value.Payload, dtype),
                ValueTag.Bool => Scalar.Of(value.Payload != 0),
                _ => Scalar.Of(BitConverter.Int64BitsToDouble(value.Payload), dtype),
            };
        }

        /// <summary>Writes the elements, row-major, to a stream.</summary>
        public void WriteBytesToStream(Stream stream, int bufferSize = 1024)
        {
            var source = device_type == DeviceType.CPU && is_contiguous() ? this : cpu().contiguous();
            var address = source.Address();
            var left = source.numel() * source.element_size();
            for (long done = 0; left > 0;)
            {
                var now = (int)Math.Min(left, 1 << 20);
                stream.Write(new ReadOnlySpan<byte>(address + done, now));
                done += now;
                left -= now;
            }
            GC.KeepAlive(source);
            if (!ReferenceEquals(source, this)) source.Dispose();
        }

        /// <summary>Reads the elements, row-major, from a stream (CPU, contiguous).</summary>
        public void ReadBytesFromStream(Stream stream, int bufferSize = 1024)
        {
            RequireHostMemory();
            var address = Address();
            var left = numel() * element_size();
            for (long done = 0; left > 0;)
            {
                var now = (int)Math.Min(left, 1 << 20);
                stream.ReadExactly(new Span<byte>(address + done, now));
                done += now;
                left -= now;
            }
            GC.KeepAlive(this);
        }

        /// <summary>The address of the first element.</summary>
        internal byte* Address()
        {
            void* address;
            NativeError.Check(NativeMethods.slt_tensor_data(Handle, &address));
            return (byte*)address;
        }

        private Span<byte> Bytes()
        {
            RequireHostMemory();
            var length = numel() * element_size();
            if (length > int.MaxValue)
                throw new InvalidOperationException($"The tensor has {length} bytes; 'bytes' reaches {int.MaxValue}: narrow the tensor first.");
            NativeMethods.slt_count_host_copy();
            return new Span<byte>(Address(), (int)length);
        }

        private void RequireHostMemory()
        {
            if (device_type != DeviceType.CPU) throw new NotSupportedException($"The tensor is on {device}; its memory can be reached on the CPU only: call cpu() first.");
            if (!is_contiguous()) throw new NotImplementedException("Bytes of a tensor that is not contiguous: call contiguous() first.");
        }

        private void CheckType<T>()
        {
            var wanted = TypeOf(typeof(T));
            if (wanted != dtype && !(dtype == ScalarType.BFloat16 && typeof(T) == typeof(ushort)))
                throw new ArgumentException($"{typeof(T).Name} does not match the tensor's type {dtype}: convert the tensor with to(...), or ask for its own type.");
        }

        internal static ScalarType TypeOf(Type type) => Type.GetTypeCode(type) switch
        {
            TypeCode.Byte => ScalarType.Byte,
            TypeCode.SByte => ScalarType.Int8,
            TypeCode.Int16 => ScalarType.Int16,
            TypeCode.Int32 => ScalarType.Int32,
            TypeCode.Int64 => ScalarType.Int64,
            TypeCode.Single => ScalarType.Float32,
            TypeCode.Double => ScalarType.Float64,
            TypeCode.Boolean => ScalarType.Bool,
            _ when type == typeof(Half) => ScalarType.Float16,
            _ when type == typeof((float, float)) => ScalarType.ComplexFloat32,
            _ when type == typeof(System.Numerics.Complex) => ScalarType.ComplexFloat64,
            _ => throw new NotSupportedException($"{type.Name} is not an element type"),
        };
    }
}
