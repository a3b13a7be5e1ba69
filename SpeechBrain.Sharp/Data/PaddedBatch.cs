using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Data;

/// <summary>
/// Utterances of different lengths side by side, padded at the end. Every length is there three times: absolute on the host, where shapes are
/// worked out without waiting for a device; absolute as a tensor, for masks and losses; and relative (0-1), where SpeechBrain has it.
/// </summary>
/// <remarks>
/// The batch owns its tensors: they belong to no dispose scope and live until <see cref="Dispose"/>.
/// Follows SpeechBrain 1.1.0, speechbrain/dataio/batch.py: the longest item has relative length 1, so a batch of one always has exactly 1.
/// </remarks>
public sealed class PaddedBatch : IDisposable
{
    private PaddedBatch(IReadOnlyList<string> ids, long[] waveLengths, long[] tokenLengths, Tensor[] tensors, int place)
    {
        Ids = ids;
        Place = place;
        WaveLengths = waveLengths;
        TokenLengths = tokenLengths;
        foreach (var tensor in tensors)
            tensor.DetachFromDisposeScope();
        Waves = tensors[0];
        DeviceWaveLengths = tensors[1];
        RelativeWaveLengths = tensors[2];
        Tokens = tensors[3];
        DeviceTokenLengths = tensors[4];
        RelativeTokenLengths = tensors[5];
    }

    /// <summary>Names of the items.</summary>
    public IReadOnlyList<string> Ids { get; }

    /// <summary>Waveforms: float32, <c>[batch, time]</c>, 0 where padded.</summary>
    public Tensor Waves { get; }

    /// <summary>Samples of each item, on the host.</summary>
    public long[] WaveLengths { get; }

    /// <summary><see cref="WaveLengths"/> on the device: int64, <c>[batch]</c>.</summary>
    public Tensor DeviceWaveLengths { get; }

    /// <summary>Share of <see cref="Waves"/>' width that each item fills: float32, <c>[batch]</c>, above 0 up to 1.</summary>
    public Tensor RelativeWaveLengths { get; }

    /// <summary>Tokens: int64, <c>[batch, tokens]</c>, 0 where padded.</summary>
    public Tensor Tokens { get; }

    /// <summary>Tokens of each item, on the host.</summary>
    public long[] TokenLengths { get; }

    /// <summary><see cref="TokenLengths"/> on the device: int64, <c>[batch]</c>.</summary>
    public Tensor DeviceTokenLengths { get; }

    /// <summary>Share of <see cref="Tokens"/>' width that each item fills: float32, <c>[batch]</c>, 0 to 1.</summary>
    public Tensor RelativeTokenLengths { get; }

    /// <summary>
    /// Place among the batches that <see cref="BatchLoader.Load"/> was given, from 0; places of batches of which nothing could be read are missing. 0
    /// where the batch was made otherwise.
    /// </summary>
    public int Place { get; }

    /// <summary>Number of items.</summary>
    public int Count => Ids.Count;

    /// <summary>Pads and stacks items on the CPU.</summary>
    /// <param name="items">At least one; waves of at least one sample (<c>[time]</c>), tokens may be empty.</param>
    /// <returns>The batch; dispose it.</returns>
    /// <exception cref="ArgumentException">There is no item, or one has an empty wave; the message names it.</exception>
    public static PaddedBatch Collate(IReadOnlyList<(string Id, float[] Wave, long[] Tokens)> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        if (items.Count == 0)
            throw new ArgumentException("A batch needs at least one item.", nameof(items));
        foreach (var (id, wave, labels) in items)
        {
            if (id is null || wave is null || labels is null)
                throw new ArgumentException($"Item '{id}' has a null id, wave or tokens; give all three (tokens may be empty).", nameof(items));
            if (wave.Length == 0)
                throw new ArgumentException($"Utterance '{id}' has no samples; leave it out.", nameof(items));
        }

        var rows = new PaddedRows(items.Count, items.Max(item => item.Wave.LongLength));
        foreach (var (row, item) in items.Index())
            rows.Write(row, item.Wave);
        return Of([.. items.Select(item => item.Id)], rows.Waves, [.. items.Select(item => item.Wave.LongLength)], [.. items.Select(item => item.Tokens)]);
    }

    /// <summary>A batch of waves that are padded already; it owns them from here on.</summary>
    internal static PaddedBatch Of(IReadOnlyList<string> ids, Tensor waves, long[] waveLengths, long[][] labels, int place = 0)
    {
        using var scope = NewDisposeScope();
        var (tokens, tokenLengths) = Pad(labels);
        long count = ids.Count;
        return new PaddedBatch(ids, waveLengths, tokenLengths,
        [
            waves,
            torch.tensor(waveLengths, dtype: int64),
            torch.tensor(Relative(waveLengths), dtype: float32),
            torch.tensor(tokens, [count, tokens.LongLength / count], dtype: int64),
            torch.tensor(tokenLengths, dtype: int64),
            torch.tensor(Relative(tokenLengths), dtype: float32),
        ], place);
    }

    /// <summary>
    /// A copy of the batch on <paramref name="device"/>; this one stays as it is, and both are to be disposed. A copy to a GPU is asked for and not
    /// waited for: the batch goes through page-locked memory, from which the device reads it in the order of its other work.
    /// </summary>
    /// <param name="device">Where the copy's tensors live.</param>
    /// <returns>The copy.</returns>
    public PaddedBatch ToDevice(Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        using var scope = NewDisposeScope();
        return new PaddedBatch(Ids, WaveLengths, TokenLengths, [.. Tensors.Select(tensor => Copy(tensor, device))], Place);
    }

    // From pageable memory libtorch waits for the copy, and so for all work the device was given before it. From page-locked memory it doesn't, and
    // its allocator gives such memory to nobody else until the copy has been made.
    private static Tensor Copy(Tensor tensor, Device device) => device.type == DeviceType.CUDA && tensor.device_type == DeviceType.CPU
        ? tensor.pin_memory().to(device, non_blocking: true)
        : tensor.to(device, copy: true);

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        foreach (var tensor in Tensors)
            tensor.Dispose();
    }

    private Tensor[] Tensors => [Waves, DeviceWaveLengths, RelativeWaveLengths, Tokens, DeviceTokenLengths, RelativeTokenLengths];

    private static (long[] Padded, long[] Lengths) Pad(long[][] rows)
    {
        var width = rows.Max(row => row.LongLength);
        var padded = new long[rows.Length * width];
        for (var i = 0; i < rows.Length; i++)
            rows[i].CopyTo(padded, i * width);
        return (padded, [.. rows.Select(row => row.LongLength)]);
    }

    private static float[] Relative(long[] lengths)
    {
        var longest = Math.Max(1, lengths.Max());
        return [.. lengths.Select(length => (float)((double)length / longest))];
    }
}
