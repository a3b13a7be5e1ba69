using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Serialization;

/// <summary>A tensor's elements as bytes in a stream: row-major, little endian, in pieces that a span can hold.</summary>
internal static class TensorBytes
{
    /// <summary>How many bytes are copied at once; <see cref="Tensor.bytes"/> can't span 2 GiB.</summary>
    internal const long ChunkBytes = 1L << 30;

    /// <summary>Cuts <paramref name="count"/> elements into runs that fit into a span.</summary>
    internal static IEnumerable<(long First, long Length)> Chunks(long count, long elementSize, long chunkBytes = ChunkBytes)
    {
        long run = chunkBytes / elementSize;
        for (long first = 0; first < count; first += run)
            yield return (first, Math.Min(run, count - first));
    }

    /// <summary>Writes the elements of a tensor of any shape, stride and device.</summary>
    internal static void Write(Stream stream, Tensor tensor)
    {
        if (tensor.numel() == 0)
            return;
        using var scope = NewDisposeScope();
        var values = tensor.detach().cpu();
        if (values.is_complex())
            values = values.resolve_conj();
        var flat = values.contiguous().view(-1);
        foreach (var (first, length) in Chunks(flat.numel(), flat.element_size()))
        {
            using var part = flat.narrow(0, first, length);
            stream.Write(part.bytes);
        }
    }

    /// <summary>Fills a flat CPU tensor.</summary>
    /// <exception cref="EndOfStreamException">The stream ends before the tensor is full.</exception>
    internal static void Read(Stream stream, Tensor flat)
    {
        foreach (var (first, length) in Chunks(flat.numel(), flat.element_size()))
        {
            using var part = flat.narrow(0, first, length);
            stream.ReadExactly(part.bytes);
        }
    }
}
