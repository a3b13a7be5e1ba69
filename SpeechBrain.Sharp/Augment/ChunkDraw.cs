using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Augment;

/// <summary>The ranges that chunks are drawn from; shared by <see cref="DropChunk"/> and <see cref="FastDropChunk"/>.</summary>
internal sealed record ChunkDraw
{
    internal ChunkDraw(long lengthLow, long lengthHigh, long countLow, long countHigh, long start, long? end)
    {
        Require.Range(lengthLow, "dropLengthLow", 0);
        Require.Range(lengthHigh, "dropLengthHigh", lengthLow, int.MaxValue);
        Require.Range(countLow, "dropCountLow", 0);
        Require.Range(countHigh, "dropCountHigh", countLow, int.MaxValue);
        if (end is { } last && (start < 0) == (last < 0) && last < start)
            throw new ArgumentOutOfRangeException(
                "dropEnd", last, $"dropEnd is before dropStart, {start}; both count from the beginning, or from the end where negative.");
        LengthLow = lengthLow;
        LengthHigh = lengthHigh;
        CountLow = countLow;
        CountHigh = countHigh;
        Start = start;
        End = end;
    }

    internal long LengthLow { get; }

    internal long LengthHigh { get; }

    internal long CountLow { get; }

    internal long CountHigh { get; }

    internal long Start { get; }

    internal long? End { get; }

    /// <summary>Draws chunks for examples of these lengths, all of them within the example and the allowed range.</summary>
    internal ValueList<ValueList<Chunk>> Draw(Generator generator, IReadOnlyList<long> lengths)
    {
        long[] counts = Draws.Integers(generator, lengths.Count, CountLow, CountHigh);
        return [.. lengths.Select((length, i) => One(generator, counts[i], length))];
    }

    private ValueList<Chunk> One(Generator generator, long count, long length)
    {
        long first = Math.Clamp(Start < 0 ? length + Start : Start, 0, length);
        long end = Math.Clamp(End switch { null => length, < 0 => length + End.Value, _ => End.Value }, 0, length);
        // No room: SpeechBrain raises here.
        if (count == 0 || end <= first)
            return [];
        long[] sizes = [.. Draws.Integers(generator, count, LengthLow, LengthHigh).Select(size => Math.Min(size, end - first))];
        long last = end - sizes.Max();
        long[] starts = Draws.Integers(generator, count, first, last);
        return [.. starts.Select((start, i) => new Chunk(start, sizes[i]))];
    }
}
