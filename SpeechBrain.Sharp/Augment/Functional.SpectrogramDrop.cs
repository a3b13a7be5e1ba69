using SpeechBrain.Sharp.Augment;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp;

public static partial class Functional
{
    /// <summary>Replaces frames or features of spectrograms in one way for all of them.</summary>
    /// <param name="spectrogram"><c>[batch, time, features]</c> or <c>[batch, time, features, channels]</c>, floating; it is not written to.</param>
    /// <param name="examples">int64 <c>[slices]</c>: for each slice its example.</param>
    /// <param name="positions">int64 <c>[slices]</c>: the frame, or the feature. No slice may be there twice.</param>
    /// <param name="replace">What comes in their place; not <see cref="SpectrogramReplace.RandomSelection"/>.</param>
    /// <param name="dim">1: slices are frames; 2: features.</param>
    /// <param name="lengths">int64 <c>[batch]</c>: valid frames of each example; padded ones are neither changed nor looked at. Null: all.</param>
    /// <param name="noise">
    /// For <see cref="SpectrogramReplace.Rand"/>: numbers in [0, 1), <c>[slices, features]</c> or <c>[slices, time]</c>, then channels if any.
    /// </param>
    /// <param name="shifts">For <see cref="SpectrogramReplace.Swap"/>: int64 <c>[slices]</c>, by how many frames the example is turned.</param>
    /// <param name="batchStatistics">Whether mean and bounds are those of the whole batch, as in SpeechBrain, and not of each example.</param>
    /// <returns>The same shape, type and device. Indices are checked by libtorch alone: their values are not read here.</returns>
    /// <exception cref="ArgumentException">A wrong shape, type or device, or noise or shifts that are missing.</exception>
    /// <remarks>
    /// D. S. Park et al., "SpecAugment", Interspeech 2019; SpeechBrain 1.1.0, <c>speechbrain/augment/freq_domain.py, SpectrogramDrop</c>.
    /// Gradients are those of this function: they also pass through the mean and the bounds, which SpeechBrain holds constant.
    /// </remarks>
    public static Tensor SpectrogramDrop(
        Tensor spectrogram, Tensor examples, Tensor positions, SpectrogramReplace replace, int dim = 1, Tensor? lengths = null,
        Tensor? noise = null, Tensor? shifts = null, bool batchStatistics = false)
    {
        RequireSpectrogram(spectrogram, dim);
        RequireIndices(examples, nameof(examples), spectrogram);
        RequireIndices(positions, nameof(positions), spectrogram, examples.numel());
        if (lengths is not null)
            RequireIndices(lengths, nameof(lengths), spectrogram, spectrogram.shape[0]);
        if (noise is not null)
        {
            long[] sizes = spectrogram.shape, expected = [examples.numel(), dim == 1 ? sizes[2] : sizes[1], .. sizes.Skip(3)];
            if (!noise.shape.SequenceEqual(expected))
                throw new ArgumentException($"noise is {Require.Describe(noise)}; it must be [{string.Join(", ", expected)}].", nameof(noise));
            Require.SameDevice(noise, nameof(noise), spectrogram, nameof(spectrogram));
        }
        if (shifts is not null)
            RequireIndices(shifts, nameof(shifts), spectrogram, examples.numel());
        using var scope = NewDisposeScope();
        var result = spectrogram.clone();
        var slices = new SpectrogramSlices(spectrogram, dim, lengths);
        slices.Write(result, examples, positions, slices.Replacement(
            replace, examples, positions,
            () => noise ?? throw new ArgumentNullException(nameof(noise), "Replacing by Rand needs noise in [0, 1) for each slice."),
            () => shifts ?? throw new ArgumentNullException(nameof(shifts), "Replacing by Swap needs a shift for each slice."), batchStatistics));
        return result.MoveToOuterDisposeScope();
    }

    internal static void RequireSpectrogram(Tensor spectrogram, int dim)
    {
        Require.Rank(spectrogram, nameof(spectrogram), "[batch, time, features] or [batch, time, features, channels]", 3, 4);
        Require.Floating(spectrogram, nameof(spectrogram));
        Require.Range(dim, nameof(dim), 1, 2);
    }

    private static void RequireIndices(Tensor indices, string name, Tensor data, long? count = null)
    {
        Require.Rank(indices, name, "one int64 number for each, of rank 1", 1);
        if (indices.dtype != ScalarType.Int64)
            throw new ArgumentException($"{name} is {Require.Describe(indices)}; it must be int64.", name);
        Require.SameDevice(indices, name, data, "the data");
        if (count is { } wanted)
            Require.Size(indices, name, 0, wanted, "one value for each");
    }
}
