using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SystemLibTorch.Native;

namespace TorchSharp;

public static unsafe partial class torch
{
    /// <summary>A tensor of a copy of an array's elements.</summary>
    public static Tensor from_array(Array rawArray, ScalarType? dtype, Device? device = null, bool requires_grad = false, string[]? names = null)
    {
        var sizes = new long[rawArray.Rank];
        for (var d = 0; d < sizes.Length; d++) sizes[d] = rawArray.GetLongLength(d);
        return FromArray(rawArray, sizes, dtype, device, requires_grad);
    }

    /// <summary>A tensor of a copy of an array's elements.</summary>
    public static Tensor from_array(Array rawArray, Device? device = null) => from_array(rawArray, null, device);

    /// <summary>A tensor over an array's own memory, which stays in place as long as the tensor lives.</summary>
    public static Tensor frombuffer(Array rawArray, ScalarType dtype, long count = -1, long offset = 0, bool requires_grad = false)
    {
        var elementSize = Buffer.ByteLength(rawArray) / Math.Max(1, rawArray.Length);
        var available = (Buffer.ByteLength(rawArray) - offset * elementSize) / dtype.ElementSize();
        if (offset < 0 || available < 0 || count > available)
            throw new ArgumentOutOfRangeException(nameof(count), count, $"{available} elements of {dtype} lie in the array behind offset {offset}");
        var size = count < 0 ? available : count;
        var pin = GCHandle.Alloc(rawArray, GCHandleType.Pinned);
        nint result;
        var status = NativeMethods.slt_tensor_from_memory(
            (byte*)pin.AddrOfPinnedObject() + offset * elementSize, &size, 1, (int)dtype, &FreePin, GCHandle.ToIntPtr(pin), &result);
        if (status != 0) pin.Free();
        NativeError.Check(status);
        return Leaf(Tensor.Own(result), requires_grad);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void FreePin(nint handle) => GCHandle.FromIntPtr(handle).Free();

    private static Tensor FromArray(Array array, ReadOnlySpan<long> sizes, ScalarType? dtype, Device? device, bool requires_grad)
    {
        ref var data = ref MemoryMarshal.GetArrayDataReference(array);
        var source = Tensor.TypeOf(array.GetType().GetElementType()!);
        fixed (byte* address = &data) return FromMemory(address, array.LongLength, source, sizes, dtype, device, requires_grad);
    }

    private static Tensor FromSpan<T>(ReadOnlySpan<T> span, ReadOnlySpan<long> sizes, ScalarType? dtype, Device? device, bool requires_grad) where T : unmanaged
    {
        fixed (T* address = span) return FromMemory(address, span.Length, Tensor.TypeOf(typeof(T)), sizes, dtype, device, requires_grad);
    }

    private static Tensor FromMemory(
        void* address, long count, ScalarType source, ReadOnlySpan<long> sizes, ScalarType? dtype, Device? device, bool requires_grad)
    {
        long wanted = 1;
        foreach (var size in sizes) wanted *= size;
        if (wanted != count) throw new ArgumentException($"{count} elements can't fill a tensor of shape [{string.Join(", ", sizes.ToArray())}]", nameof(sizes));
        var made = emptyOp.Call(sizes.ToArray(), source, Arg.None, CPU);
        if (count > 0) Buffer.MemoryCopy(address, made.Address(), count * made.element_size(), count * made.element_size());
        if ((dtype is { } type && type != source) || (device is not null && device.type != DeviceType.CPU))
        {
            var moved = made.to(dtype ?? source, device ?? CPU);
            made.Dispose();
            made = moved;
        }
        return Leaf(made, requires_grad);
    }

    private static Tensor FromList<T>(IList<T> list, ReadOnlySpan<long> sizes, ScalarType? dtype, Device? device, bool requires_grad) where T : unmanaged =>
        FromSpan<T>(list as T[] ?? [.. list], sizes, dtype, device, requires_grad);
}
