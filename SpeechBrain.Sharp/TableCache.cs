using System.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp;

/// <summary>
/// Constant tables, one a key, for any number of rows: a table is made for the next power of two, so that a process makes each of them a few
/// times, and every later call takes a view of it: no kernel, no memory. Kept up to a limit of bytes; beyond it the table that was used longest
/// ago goes. Safe on any thread.
/// </summary>
/// <remarks>
/// The cache owns its tables: a caller gets a tensor of its own over shared memory, so neither its disposal nor an eviction on another thread
/// harms anybody.
/// </remarks>
/// <param name="build">Makes the table of a key with that many rows.</param>
/// <param name="size">Its bytes.</param>
/// <param name="maxBytes">Bytes to keep; a larger table is made at each call, with no more rows than asked for.</param>
internal sealed class TableCache<TKey>(Func<TKey, long, Tensor> build, Func<TKey, long, Int128> size, long maxBytes)
    where TKey : notnull
{
    /// <summary>Bytes that a cache keeps unless told otherwise: 64 MiB.</summary>
    internal const long DefaultMaxBytes = 64L << 20;

    // So that a process that goes from short to long sequences does not make a table for each length on the way.
    private const long FewestRows = 16;

    private readonly Lock gate = new();
    private readonly Dictionary<TKey, LinkedListNode<Entry>> entries = [];
    private readonly LinkedList<Entry> byUse = [];
    private long bytes, hits, misses, evictions;
    private bool closed;

    internal long MaxBytes => maxBytes;

    internal (int Count, long Bytes, long Hits, long Misses, long Evictions) State
    {
        get
        {
            lock (gate)
                return (entries.Count, bytes, hits, misses, evictions);
        }
    }

    /// <summary>What <paramref name="view"/> takes of a table of at least that many rows; it is given the table and how many rows it has.</summary>
    internal Tensor Get(TKey key, long rows, Func<Tensor, long, Tensor> view)
    {
        lock (gate)
        {
            if (entries.TryGetValue(key, out var node) && node.Value.Rows >= rows)
            {
                hits++;
                byUse.Remove(node);
                byUse.AddLast(node);
                return view(node.Value.Table, node.Value.Rows);
            }
            misses++;
            long grown = (long)BitOperations.RoundUpToPowerOf2((ulong)Math.Max(rows, FewestRows));
            var needed = size(key, grown);
            if (closed || needed > maxBytes)
            {
                using var passing = Build(key, rows);
                return view(passing, rows);
            }
            if (node is not null)
                Remove(node);
            while (bytes + needed > maxBytes)
            {
                Remove(byUse.First!);
                evictions++;
            }
            var table = Build(key, grown);
            entries.Add(key, byUse.AddLast(new Entry(key, table, grown, (long)needed)));
            bytes += (long)needed;
            return view(table, grown);
        }
    }

    /// <summary>Drops all tables; the counters stay.</summary>
    internal void Clear()
    {
        lock (gate)
        {
            while (byUse.First is { } node)
                Remove(node);
        }
    }

    /// <summary>Drops all tables and keeps none any more: from now on each call makes its own.</summary>
    internal void Close()
    {
        lock (gate)
        {
            Clear();
            closed = true;
        }
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        byUse.Remove(node);
        entries.Remove(node.Value.Key);
        bytes -= node.Value.Bytes;
        node.Value.Table.Dispose();
    }

    private Tensor Build(TKey key, long rows)
    {
        // A tensor made in inference mode could never take part in a backward pass, and the caller may be in it by chance.
        using var ordinary = inference_mode(false);
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        return build(key, rows).DetachFromDisposeScope();
    }

    private sealed record Entry(TKey Key, Tensor Table, long Rows, long Bytes);
}
