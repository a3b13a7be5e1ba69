using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Augment;

/// <summary>
/// Replaces stretches of a long row of samples by others. Cutting is one operator (it makes views) and joining is another, one copy in all,
/// however many stretches there are; a mask would have to be made and read for every sample.
/// </summary>
internal static class Splice
{
    /// <summary>Views of stretches, in the order they are asked for.</summary>
    /// <param name="rows"><c>[n, ...]</c>.</param>
    /// <param name="stretches">Disjoint stretches of at least one row within n, in any order.</param>
    internal static Tensor[] Cut(Tensor rows, IReadOnlyList<(long Start, long Length)> stretches)
    {
        int[] order = [.. Enumerable.Range(0, stretches.Count).OrderBy(i => stretches[i].Start)];
        var (sizes, places) = Sizes(rows.shape[0], [.. order.Select(i => stretches[i])]);
        var parts = rows.split(sizes, 0);
        var result = new Tensor[order.Length];
        for (int i = 0; i < order.Length; i++)
            result[order[i]] = parts[places[i]];
        return result;
    }

    /// <summary>Replaces stretches.</summary>
    /// <param name="rows"><c>[n, ...]</c>; not written to.</param>
    /// <param name="stretches">Disjoint stretches of at least one row within n, in ascending order.</param>
    /// <param name="pieces">What takes the place of each, of its size.</param>
    /// <returns><c>[n, ...]</c>, a new tensor.</returns>
    internal static Tensor Replace(Tensor rows, IReadOnlyList<(long Start, long Length)> stretches, Tensor[] pieces)
    {
        var (sizes, places) = Sizes(rows.shape[0], stretches);
        var parts = rows.split(sizes, 0);
        for (int i = 0; i < places.Length; i++)
            parts[places[i]] = pieces[i];
        return cat(parts, 0);
    }

    // The sizes of all parts, between the stretches and they themselves, and the index of each stretch among the parts.
    private static (long[] Sizes, int[] Places) Sizes(long total, IReadOnlyList<(long Start, long Length)> ascending)
    {
        var sizes = new List<long>(2 * ascending.Count + 1);
        var places = new int[ascending.Count];
        long at = 0;
        for (int i = 0; i < places.Length; i++)
        {
            var (start, length) = ascending[i];
            if (start > at)
                sizes.Add(start - at);
            places[i] = sizes.Count;
            sizes.Add(length);
            at = start + length;
        }
        if (at < total)
            sizes.Add(total - at);
        return ([.. sizes], places);
    }
}
