using System.Runtime.CompilerServices;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Masks;

/// <summary>
/// Attention masks that depend on a shape alone, made once and kept up to a limit of bytes: chunk masks and look-ahead masks, as
/// <see cref="Functional.MakeTransformerSrcMask"/> and <see cref="Functional.GetLookaheadMask"/> make them.
/// </summary>
/// <remarks>
/// A mask of T frames is the upper left corner of every longer one, so the cache makes masks for powers of two and gives corners of them: a
/// repeated shape, and most new ones, launch no kernel and take no memory. The key is the chunks (or causality), the form, the type and the
/// device; beyond the limit the mask that was used longest ago goes.
/// <para>A caller gets a tensor of its own over <b>shared memory</b>: it may dispose of it at any time, and must not write into it. Safe on any
/// thread.</para>
/// <code>
/// using var mask = Functional.MakeTransformerSrcMask(src, dynChunkTrainConfig: new(16, 4), cache: MaskCache.Shared);
/// </code>
/// </remarks>
public sealed class MaskCache : IDisposable
{
    /// <summary>Bytes that <see cref="Shared"/> keeps: 64 MiB.</summary>
    public const long DefaultMaxBytes = TableCache<Key>.DefaultMaxBytes;

    // Masks that some cache gave, so that what is made of them can come from the same cache.
    private static readonly ConditionalWeakTable<Tensor, Origin> Given = [];

    private readonly TableCache<Key> tables;

    /// <summary>Makes an empty cache.</summary>
    /// <param name="maxBytes">Bytes of masks to keep, at least 0; a larger mask is made at each call.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxBytes"/> is below 0.</exception>
    public MaskCache(long maxBytes = DefaultMaxBytes)
    {
        Require.Range(maxBytes, nameof(maxBytes), 0);
        tables = new(Build, (key, time) => (Int128)time * time * key.Dtype.ElementSize(), maxBytes);
    }

    /// <summary>The cache that the encoders here use.</summary>
    public static MaskCache Shared { get; } = new();

    /// <summary>The limit.</summary>
    public long MaxBytes => tables.MaxBytes;

    /// <summary>Bytes of the masks kept now.</summary>
    public long Bytes => tables.State.Bytes;

    /// <summary>Masks kept now.</summary>
    public int Count => tables.State.Count;

    /// <summary>Calls that found their mask.</summary>
    public long Hits => tables.State.Hits;

    /// <summary>Calls that had to make it.</summary>
    public long Misses => tables.State.Misses;

    /// <summary>Masks that went to keep the limit.</summary>
    public long Evictions => tables.State.Evictions;

    /// <summary>Drops all masks; the counters stay.</summary>
    public void Clear() => tables.Clear();

    /// <summary>Drops all masks and keeps none any more; masks that it gave stay valid.</summary>
    public void Dispose() => tables.Close();

    /// <summary>
    /// What masks a score instead of -infinity: far below any score, and still finite with another mask's and a score added to it.
    /// </summary>
    internal static float Lowest(ScalarType dtype) => dtype == ScalarType.Float16 ? -3e4f : -1.5e38f;

    /// <summary><c>[time, time]</c>; without chunks the mask is causal.</summary>
    internal Tensor Get(long time, DynChunkTrainConfig? chunks, Device device, MaskForm form, ScalarType dtype)
    {
        var key = new Key(chunks, form, dtype, device.type, device.type == DeviceType.CPU ? -1 : device.index);
        return Get(key, time);
    }

    /// <summary>
    /// A mask that a cache gave, in the additive form with <see cref="MaskForm.Lowest"/>, from that cache: <c>[time, time]</c>, and no row is
    /// masked whole. Null: no cache gave it.
    /// </summary>
    internal static Tensor? Converted(Tensor mask, ScalarType dtype) =>
        Given.TryGetValue(mask, out var origin)
            ? origin.Cache.Get(origin.Key with { Form = MaskForm.Lowest, Dtype = dtype }, mask.size(0))
            : null;

    private Tensor Get(Key key, long time)
    {
        var corner = tables.Get(key, time, (table, rows) => table.as_strided([time, time], [rows, 1], 0));
        Given.Add(corner, new Origin(this, key));
        return corner;
    }

    private static Tensor Build(Key key, long time)
    {
        var device = key.DeviceType == DeviceType.CPU ? CPU : new Device(key.DeviceType, key.DeviceIndex);
        switch (key.Form)
        {
            case MaskForm.Bool:
                return key.Chunks is null
                    ? ones([time, time], ScalarType.Bool, device).triu_(1)
                    : Functional.ChunkMask(time, device, key.Chunks);
            case MaskForm.MinusInfinity:
                return Functional.LookaheadMask(time, device);
            default:
                return Build(key with { Form = MaskForm.Bool }, time).to(key.Dtype).mul_(Lowest(key.Dtype));
        }
    }

    private sealed record Key(DynChunkTrainConfig? Chunks, MaskForm Form, ScalarType Dtype, DeviceType DeviceType, int DeviceIndex);

    private sealed record Origin(MaskCache Cache, Key Key);
}
