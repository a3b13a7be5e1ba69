using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Decoding;

/// <summary>
/// Tensors whose rows belong to hypotheses: as many as are alive, whatever number there were. Rows are taken and given back; the tensors grow by
/// doubling.
/// </summary>
internal sealed class StateRows : IDisposable
{
    private readonly Stack<long> free = [];
    private Tensor[] tensors = [];
    private long capacity;

    /// <summary>Takes a row for each row of some tensors, and fills them.</summary>
    /// <param name="values">Tensors of as many rows each; the same shapes and dtypes at every call.</param>
    /// <returns>The rows.</returns>
    public long[] Put(params IReadOnlyList<Tensor> values)
    {
        using var scope = NewDisposeScope();
        long count = values[0].size(0);
        if (free.Count < count)
            Grow(values, Math.Max(2 * capacity, capacity + count));
        long[] rows = [.. Enumerable.Range(0, (int)count).Select(_ => free.Pop())];
        var index = tensor(rows, dtype: ScalarType.Int64, device: values[0].device);
        foreach (var (mine, value) in tensors.Zip(values))
            mine.index_copy_(0, index, value);
        return rows;
    }

    /// <summary>Copies rows of one of the tensors.</summary>
    public Tensor Take(int which, Tensor rows) => tensors[which].index_select(0, rows);

    /// <summary>Gives a row back.</summary>
    public void Free(long row) => free.Push(row);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var t in tensors)
            t.Dispose();
    }

    private void Grow(IReadOnlyList<Tensor> values, long size)
    {
        var grown = values.Select(v => zeros([size, .. v.shape.Skip(1)], dtype: v.dtype, device: v.device).DetachFromDisposeScope()).ToArray();
        foreach (var (mine, larger) in tensors.Zip(grown))
            larger.narrow(0, 0, capacity).copy_(mine);
        Dispose();
        for (long row = size - 1; row >= capacity; row--)
            free.Push(row);
        (tensors, capacity) = (grown, size);
    }
}
