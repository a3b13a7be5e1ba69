using System.Collections;
using SystemLibTorch.Native;

namespace TorchSharp.Utils;

/// <summary>Reads and writes a CPU tensor's elements, in row-major order whatever its strides.</summary>
public sealed unsafe class TensorAccessor<T> : IDisposable, IEnumerable<T> where T : unmanaged
{
    private readonly torch.Tensor tensor;
    private readonly long[] sizes;
    private readonly long[] strides;

    internal TensorAccessor(torch.Tensor tensor)
    {
        this.tensor = tensor;
        sizes = tensor.shape;
        strides = tensor.stride();
        NativeMethods.slt_count_host_copy();
    }

    /// <summary>The number of elements.</summary>
    public long Count => tensor.numel();

    /// <summary>Whether it can't be written: never.</summary>
    public bool IsReadOnly => false;

    /// <summary>One element: an index per dimension, or one row-major index over all.</summary>
    public T this[params long[] indices]
    {
        get => *At(indices);
        set => *At(indices) = value;
    }

    /// <summary>A copy of the elements.</summary>
    public T[] ToArray()
    {
        var array = new T[Count];
        CopyTo(array.AsSpan());
        return array;
    }

    /// <summary>Copies elements, from <paramref name="tensorIndex"/> on, into an array.</summary>
    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyTo(array.AsSpan(), arrayIndex, tensorIndex);

    /// <summary>Copies elements, from <paramref name="tensorIndex"/> on, into a span.</summary>
    public void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var target = array[arrayIndex..];
        var count = (int)Math.Min(target.Length, Count - tensorIndex);
        if (tensor.is_contiguous())
            new ReadOnlySpan<T>((T*)tensor.Address() + tensorIndex, count).CopyTo(target);
        else
            for (var i = 0; i < count; i++) target[i] = *At(tensorIndex + i);
        GC.KeepAlive(tensor);
    }

    /// <summary>Copies an array into the elements from <paramref name="tensorIndex"/> on.</summary>
    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyFrom((ReadOnlySpan<T>)array, arrayIndex, tensorIndex);

    /// <summary>Copies a span into the elements from <paramref name="tensorIndex"/> on.</summary>
    public void CopyFrom(ReadOnlySpan<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var source = array[arrayIndex..];
        var count = (int)Math.Min(source.Length, Count - tensorIndex);
        for (var i = 0; i < count; i++) *At(tensorIndex + i) = source[i];
        GC.KeepAlive(tensor);
    }

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)ToArray()).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Does nothing: the tensor owns the memory.</summary>
    public void Dispose()
    {
    }

    private T* At(long[] indices)
    {
        if (indices.Length == 1 && sizes.Length != 1) return At(indices[0]);
        if (indices.Length != sizes.Length)
            throw new ArgumentException($"{indices.Length} indices for a tensor of {sizes.Length} dimensions", nameof(indices));
        long offset = 0;
        for (var d = 0; d < sizes.Length; d++)
        {
            if ((ulong)indices[d] >= (ulong)sizes[d])
                throw new IndexOutOfRangeException($"index {indices[d]} of dimension {d} is outside 0 to {sizes[d] - 1}");
            offset += indices[d] * strides[d];
        }
        return (T*)tensor.Address() + offset;
    }

    private T* At(long index)
    {
        if ((ulong)index >= (ulong)Count) throw new IndexOutOfRangeException($"index {index} is outside 0 to {Count - 1}");
        long offset = 0;
        for (var d = sizes.Length - 1; d >= 0; d--)
        {
            offset += index % sizes[d] * strides[d];
            index /= sizes[d];
        }
        return (T*)tensor.Address() + offset;
    }
}
