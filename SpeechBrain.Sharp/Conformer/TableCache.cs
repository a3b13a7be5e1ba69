using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Conformer;

/// <summary>
/// Constant tables with a row for each position, kept by key and grown to powers of two, so that a process builds each of them a few times
/// and every later call is a view. Thread-safe; holds a bounded number of tables.
/// </summary>
/// <remarks>The cache owns its tables: a caller gets an alias, so that disposing of it can't harm the others.</remarks>
internal sealed class TableCache<TKey>(Func<TKey, long, Tensor> build, int capacity = 32)
    where TKey : notnull
{
    private readonly Lock gate = new();
    private readonly Dictionary<TKey, (Tensor Table, long Rows)> tables = [];

    /// <summary>A table of at least <paramref name="rows"/> positions, and how many it has; the alias belongs to the caller's dispose
    /// scope.</summary>
    internal (Tensor Table, long Rows) Get(TKey key, long rows)
    {
        lock (gate)
        {
            if (!tables.TryGetValue(key, out var entry) || entry.Rows < rows)
            {
                if (tables.Count >= capacity && !tables.ContainsKey(key))
                    Clear();
                if (tables.Remove(key, out var old))
                    old.Table.Dispose();
                long grown = (long)System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)Math.Max(rows, 16));
                entry = (Build(key, grown), grown);
                tables.Add(key, entry);
            }
            return (entry.Table.alias(), entry.Rows);
        }
    }

    private void Clear()
    {
        foreach (var (table, _) in tables.Values)
            table.Dispose();
        tables.Clear();
    }

    private Tensor Build(TKey key, long rows)
    {
        // A tensor made in inference mode could never take part in a backward pass, and the caller may be in it by chance.
        using var ordinary = inference_mode(false);
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        return build(key, rows).DetachFromDisposeScope();
    }
}
