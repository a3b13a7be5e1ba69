using SpeechBrain.Sharp.Augment.Signal;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Augment;

/// <summary>
/// Slices of spectrograms (frames, or features over all time) that are to be replaced: their places, and what can be put there. Only the
/// slices are computed, whatever the size of the batch.
/// </summary>
/// <param name="source">The spectrograms, <c>[batch, time, features]</c> or <c>[batch, time, features, channels]</c>.</param>
/// <param name="dim">1: slices are frames; 2: features.</param>
/// <param name="lengths">int64 <c>[batch]</c>: valid frames; null: all.</param>
internal sealed class SpectrogramSlices(Tensor source, int dim, Tensor? lengths)
{
    private readonly long[] sizes = source.shape;

    /// <summary>Writes values over slices of <paramref name="target"/>, a copy of the source; padded frames keep theirs.</summary>
    /// <param name="target">Changed in place.</param>
    /// <param name="examples">int64 <c>[slices]</c>.</param>
    /// <param name="positions">int64 <c>[slices]</c>: frames or features.</param>
    /// <param name="values">One value for each slice, <c>[slices, 1, ...]</c>, or all of them, <c>[slices, features or time, ...]</c>.</param>
    internal void Write(Tensor target, Tensor examples, Tensor positions, Tensor values)
    {
        if (dim == 2 && lengths is not null)
            values = where(Valid(examples), values, Sliced(source).index(examples, positions));
        Sliced(target).index_put_(values, examples, positions);
    }

    /// <summary>What replaces slices in one way.</summary>
    /// <param name="way">Not <see cref="SpectrogramReplace.RandomSelection"/>.</param>
    /// <param name="examples">int64 <c>[slices]</c>.</param>
    /// <param name="positions">int64 <c>[slices]</c>.</param>
    /// <param name="noise">Makes the noise of <see cref="SpectrogramReplace.Rand"/>, in [0, 1).</param>
    /// <param name="shifts">int64 <c>[slices]</c>: the turns of <see cref="SpectrogramReplace.Swap"/>.</param>
    /// <param name="batchStatistics">Whether mean and bounds are those of the batch.</param>
    /// <returns>Values as <see cref="Write"/> takes them.</returns>
    internal Tensor Replacement(
        SpectrogramReplace way, Tensor examples, Tensor positions, Func<Tensor> noise, Func<Tensor> shifts, bool batchStatistics)
    {
        return way switch
        {
            SpectrogramReplace.Zeros => zeros(1, source.dtype, source.device),
            SpectrogramReplace.Mean => Mean(examples, batchStatistics),
            SpectrogramReplace.Rand => Between(examples, noise(), batchStatistics),
            SpectrogramReplace.CutCat => Taken((examples - 1).remainder(sizes[0]), positions, zeros_like(examples)),
            SpectrogramReplace.Swap => Taken(examples, positions, shifts()),
            _ => throw new ArgumentOutOfRangeException(nameof(way), way, "A way of replacing must be Zeros, Mean, Rand, CutCat or Swap."),
        };
    }

    // The mean of each slice's example, or of the whole batch.
    private Tensor Mean(Tensor examples, bool ofBatch)
    {
        var sums = Outside(0).sum(Inner);
        var counts = lengths is null ? full([sizes[0]], sizes[1], sums.dtype, source.device) : lengths.to(sums.dtype);
        double frame = sizes.Skip(2).Aggregate(1.0, (product, size) => product * size);
        return Column(ofBatch
            ? (sums.sum() / (counts.sum() * frame).clamp_min(1)).expand(examples.shape[0])
            : (sums / (counts * frame).clamp_min(1)).index_select(0, examples));
    }

    // Noise in [0, 1) brought between the least and the greatest value of each slice's example, or of the whole batch.
    private Tensor Between(Tensor examples, Tensor noise, bool ofBatch)
    {
        var low = Outside(double.PositiveInfinity).amin(Inner);
        var high = Outside(double.NegativeInfinity).amax(Inner);
        (low, high) = ofBatch
            ? (low.amin([0L]).expand(examples.shape[0]), high.amax([0L]).expand(examples.shape[0]))
            : (low.index_select(0, examples), high.index_select(0, examples));
        var (from, span) = (Column(low), Column(high - low));
        return noise.to(from.dtype) * span + from;
    }

    /// <summary>Uniform noise for each slice, by its example's seed and its place in the example.</summary>
    /// <param name="seeds">int64 <c>[slices]</c>.</param>
    /// <param name="positions">int64 <c>[slices]</c>.</param>
    internal Tensor Noise(Tensor seeds, Tensor positions)
    {
        // A place is the flat index in the example, which does not depend on the padding.
        long channels = sizes.Length == 4 ? sizes[3] : 1, frame = sizes[2] * channels;
        var channel = Range(channels);
        var inner = dim == 1
            ? (Range(sizes[2]) * channels).unsqueeze(1) + channel
            : (Range(sizes[1]) * frame).unsqueeze(1) + channel;
        var place = (positions * (dim == 1 ? frame : channels)).reshape(-1, 1, 1) + inner;
        var noise = PlaceNoise.Uniform(seeds.reshape(-1, 1, 1), place);
        return sizes.Length == 4 ? noise : noise.squeeze(2);
    }

    // What other examples, or the same some frames earlier, have in the slices' places; time goes round within the valid frames.
    private Tensor Taken(Tensor examples, Tensor positions, Tensor shifts)
    {
        var ends = lengths is null ? full_like(examples, sizes[1]) : lengths.index_select(0, examples);
        ends = ends.clamp_min(1);
        if (dim == 1)
            return source.index(examples, (positions - shifts).remainder(ends));
        var times = (Range(sizes[1]).unsqueeze(0) - shifts.unsqueeze(1)).remainder(ends.unsqueeze(1));
        return source.index(examples.unsqueeze(1), times, positions.unsqueeze(1));
    }

    private long[] Inner => [.. Enumerable.Range(1, sizes.Length - 1).Select(d => (long)d)];

    // Batch and the sliced dimension first.
    private Tensor Sliced(Tensor tensor) => dim == 1 ? tensor : tensor.transpose(1, 2);

    // One number a slice (of a type that holds sums), as values.
    private Tensor Column(Tensor values) =>
        values.to(source.dtype).reshape([values.shape[0], .. Enumerable.Repeat(1L, sizes.Length - 2)]);

    private Tensor Range(long count) => arange(count, ScalarType.Int64, source.device);

    // The source with a number in place of padding, in a type that reductions are defined for.
    private Tensor Outside(double padding)
    {
        var data = source.to(SignalArguments.Work(source.dtype));
        if (lengths is null)
            return data;
        var valid = (Range(sizes[1]).unsqueeze(0) < lengths.unsqueeze(1)).reshape([sizes[0], sizes[1], .. Enumerable.Repeat(1L, sizes.Length - 2)]);
        return data.where(valid, full(1, padding, data.dtype, data.device));
    }

    // [slices, time, 1...]
    private Tensor Valid(Tensor examples) =>
        (Range(sizes[1]).unsqueeze(0) < lengths!.index_select(0, examples).unsqueeze(1))
            .reshape([examples.shape[0], sizes[1], .. Enumerable.Repeat(1L, sizes.Length - 3)]);
}
