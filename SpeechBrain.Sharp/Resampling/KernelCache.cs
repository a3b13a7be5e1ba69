using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Resampling;

/// <summary>
/// Tables of resampling filters, made once and kept up to a limit of bytes; beyond it the one that was used longest ago goes.
/// </summary>
/// <remarks>
/// The key is the filter (ratio, window, width, rolloff, beta), the form, the type and the device. A caller gets a table of its own over shared
/// memory, so neither its disposal nor an eviction on another thread harms anybody. Safe on any thread.
/// </remarks>
public sealed class KernelCache : IDisposable
{
    /// <summary>Bytes that <see cref="Shared"/> keeps: 64 MiB.</summary>
    public const long DefaultMaxBytes = 64L << 20;

    private readonly Lock gate = new();
    private readonly Dictionary<Key, LinkedListNode<(Key Key, ResamplingTable Table)>> entries = [];
    private readonly LinkedList<(Key Key, ResamplingTable Table)> byUse = [];
    private bool disposed;

    /// <summary>Makes an empty cache.</summary>
    /// <param name="maxBytes">Bytes of tables to keep, at least 0; a larger table is made at each call.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxBytes"/> is below 0.</exception>
    public KernelCache(long maxBytes = DefaultMaxBytes)
    {
        Require.Range(maxBytes, nameof(maxBytes), 0);
        MaxBytes = maxBytes;
    }

    /// <summary>The cache that <c>Functional.Resample</c> uses.</summary>
    public static KernelCache Shared { get; } = new();

    /// <summary>The limit.</summary>
    public long MaxBytes { get; }

    /// <summary>Bytes of the tables kept now.</summary>
    public long Bytes { get; private set; }

    /// <summary>Tables kept now.</summary>
    public int Count
    {
        get
        {
            lock (gate)
                return entries.Count;
        }
    }

    /// <summary>Calls that found their table.</summary>
    public long Hits { get; private set; }

    /// <summary>Calls that had to make it.</summary>
    public long Misses { get; private set; }

    /// <summary>Tables that went to keep the limit.</summary>
    public long Evictions { get; private set; }

    /// <summary>Drops all tables; the counters stay.</summary>
    public void Clear()
    {
        lock (gate)
        {
            foreach (var (_, table) in byUse)
                table.Dispose();
            byUse.Clear();
            entries.Clear();
            Bytes = 0;
        }
    }

    /// <summary>Drops all tables for good.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            Clear();
            disposed = true;
        }
    }

    /// <summary>A table; the caller disposes of it.</summary>
    internal ResamplingTable Get(SincKernel kernel, ResamplingForm form, ScalarType computed, Device device)
    {
        var key = new Key(kernel, form, computed, device.type, device.type == DeviceType.CPU ? 0 : device.index);
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (entries.TryGetValue(key, out var node))
            {
                Hits++;
                byUse.Remove(node);
                byUse.AddLast(node);
                return node.Value.Table.Alias();
            }
            Misses++;
            // One made inside inference mode could not take part in training later.
            using var normal = inference_mode(false);
            var table = ResamplingTable.Make(kernel, form, computed, device);
            long bytes = table.Bytes;
            if (bytes > MaxBytes)
                return table;
            while (Bytes + bytes > MaxBytes)
            {
                var (oldest, evicted) = byUse.First!.Value;
                byUse.RemoveFirst();
                entries.Remove(oldest);
                Bytes -= evicted.Bytes;
                evicted.Dispose();
                Evictions++;
            }
            entries.Add(key, byUse.AddLast((key, table)));
            Bytes += bytes;
            return table.Alias();
        }
    }

    private sealed record Key(SincKernel Kernel, ResamplingForm Form, ScalarType Dtype, DeviceType DeviceType, int DeviceIndex);
}
