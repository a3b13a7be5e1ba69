using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Serialization;

/// <summary>A run of elements that tensors of a file are views of.</summary>
/// <param name="Elements">Flat; on the device that was asked for.</param>
/// <param name="Dtype">The elements' type.</param>
/// <param name="Count">How many.</param>
internal sealed record TorchStorage(Tensor Elements, ScalarType Dtype, long Count)
{
    /// <summary>libtorch's own bound on dimensions.</summary>
    internal const int MaxRank = 64;

    /// <summary>
    /// A view. Everything is checked here, since libtorch's own check may end the process: sizes and strides from 0, and the last element
    /// inside the storage, in arithmetic that can't wrap.
    /// </summary>
    /// <param name="offset">The place of the first element.</param>
    /// <param name="sizes">The shape, of at most <see cref="MaxRank"/> dimensions.</param>
    /// <param name="strides">Elements from one place to the next, as many as dimensions.</param>
    /// <returns>The view, or what is wrong.</returns>
    internal (Tensor? View, string? Problem) View(long offset, long[] sizes, long[] strides)
    {
        if (offset < 0 || sizes.Any(s => s < 0) || strides.Any(s => s < 0))
            return (null, $"{What()}; none of these can be below 0");
        try
        {
            long last = offset, count = 1;
            for (int d = 0; d < sizes.Length; d++)
            {
                count = checked(count * sizes[d]);
                last = checked(last + Math.Max(0, sizes[d] - 1) * strides[d]);
            }
            if (count > 0 && last >= Count)
                return (null, $"{What()} in a storage of {Count} elements");
            return (Elements.as_strided(sizes, strides, count == 0 ? 0 : offset), null);
        }
        catch (OverflowException)
        {
            return (null, $"{What()}, more than can be counted");
        }

        string What() => $"a tensor [{string.Join(", ", sizes)}] with strides [{string.Join(", ", strides)}] from element {offset}";
    }
}
