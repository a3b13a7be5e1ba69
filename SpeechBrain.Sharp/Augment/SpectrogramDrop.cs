using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Augment;

/// <summary>
/// Drops stretches of spectrograms, of time or of frequency, so that a model learns to do without any part of them: SpecAugment's masks, with a
/// choice of what comes in their place.
/// </summary>
/// <remarks>
/// <para>
/// D. S. Park et al., "SpecAugment: a simple data augmentation method for automatic speech recognition", Interspeech 2019; SpeechBrain 1.1.0,
/// <c>speechbrain/augment/freq_domain.py, SpectrogramDrop</c>.
/// </para>
/// <para>
/// Unlike SpeechBrain's: <c>dropLengthHigh</c> is drawn too (there never, and equal bounds raise); each example has its own count, way of
/// replacing and shift, and its mean and bounds are its own, over its valid frames (<c>perBatch: true</c>: SpeechBrain's); a drawn way of
/// replacing holds for its draw alone (there the first one for ever); the input is not written to; <c>[batch, time, features, channels]</c>
/// keeps its shape. As there, stretches begin anywhere in the example and end with it.
/// </para>
/// <code>
/// using var drop = new SpectrogramDrop(dropLengthLow: 12, dropLengthHigh: 20, dropCountLow: 5, dropCountHigh: 5);   // the LibriSpeech recipe's
/// using var dropped = drop.Apply(batch, drop.Sample(generator, batch));
/// </code>
/// </remarks>
public sealed class SpectrogramDrop : Augmentation<SpectrogramDropParameters>
{
    private static readonly SpectrogramReplace[] Ways =
        [SpectrogramReplace.Zeros, SpectrogramReplace.Mean, SpectrogramReplace.Rand, SpectrogramReplace.CutCat, SpectrogramReplace.Swap];

    /// <summary>Makes the augmentation.</summary>
    /// <param name="dropLengthLow">Least length of a stretch in frames or features, at least 0.</param>
    /// <param name="dropLengthHigh">Greatest length, drawn too.</param>
    /// <param name="dropCountLow">Least number of stretches, at least 0.</param>
    /// <param name="dropCountHigh">Greatest number, drawn too.</param>
    /// <param name="replace">What comes in their place.</param>
    /// <param name="dim">1: stretches of time; 2: of frequency.</param>
    /// <param name="perBatch">
    /// SpeechBrain's: one count, one way of replacing and one shift for the batch, and mean and bounds of the whole batch. Lengths and places
    /// are each example's own in any case.
    /// </param>
    /// <exception cref="ArgumentException">A bound outside its range, or a low one above its high one.</exception>
    public SpectrogramDrop(
        long dropLengthLow = 5, long dropLengthHigh = 15, long dropCountLow = 1, long dropCountHigh = 3,
        SpectrogramReplace replace = SpectrogramReplace.Zeros, int dim = 1, bool perBatch = false)
        : base(nameof(SpectrogramDrop))
    {
        Require.Range(dropLengthLow, nameof(dropLengthLow), 0);
        Require.Range(dropLengthHigh, nameof(dropLengthHigh), dropLengthLow, int.MaxValue);
        Require.Range(dropCountLow, nameof(dropCountLow), 0);
        Require.Range(dropCountHigh, nameof(dropCountHigh), dropCountLow, short.MaxValue);
        Require.Defined(replace, nameof(replace));
        Require.Range(dim, nameof(dim), 1, 2);
        (DropLengthLow, DropLengthHigh, DropCountLow, DropCountHigh) = (dropLengthLow, dropLengthHigh, dropCountLow, dropCountHigh);
        (Replace, Dim, PerBatch) = (replace, dim, perBatch);
    }

    /// <summary>Least length of a stretch.</summary>
    public long DropLengthLow { get; }

    /// <summary>Greatest length of a stretch.</summary>
    public long DropLengthHigh { get; }

    /// <summary>Least number of stretches.</summary>
    public long DropCountLow { get; }

    /// <summary>Greatest number of stretches.</summary>
    public long DropCountHigh { get; }

    /// <summary>What comes in their place.</summary>
    public SpectrogramReplace Replace { get; }

    /// <summary>1: stretches of time; 2: of frequency.</summary>
    public int Dim { get; }

    /// <summary>Whether count, way of replacing, shift, mean and bounds are the batch's.</summary>
    public bool PerBatch { get; }

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <inheritdoc/>
    public override AugmentationLayouts Layouts => AugmentationLayouts.Spectrograms;

    /// <inheritdoc/>
    public override bool MixesExamples => Replace is SpectrogramReplace.CutCat or SpectrogramReplace.RandomSelection
        || (PerBatch && Replace is SpectrogramReplace.Mean or SpectrogramReplace.Rand);

    /// <inheritdoc/>
    protected override SpectrogramDropParameters Draw(Generator generator, BatchShape shape)
    {
        long own = PerBatch ? 1 : shape.Batch;
        long[] counts = Draws.Integers(generator, own, DropCountLow, DropCountHigh);
        int spans = checked((int)Enumerable.Range(0, (int)shape.Batch).Sum(i => counts[PerBatch ? 0 : i]));
        long[] lengths = Draws.Integers(generator, spans, DropLengthLow, DropLengthHigh);
        double[] places = Draws.Uniform(generator, spans, 0, 1);
        var dropped = new ValueList<Chunk>[shape.Batch];
        int next = 0;
        for (int i = 0; i < dropped.Length; i++)
        {
            long size = Dim == 1 ? shape.Lengths[i] : shape.Sizes[2];
            var stretches = new Chunk[counts[PerBatch ? 0 : i]];
            for (int k = 0; k < stretches.Length; k++, next++)
                stretches[k] = new Chunk((long)(places[next] * size), lengths[next]);
            dropped[i] = [.. stretches];
        }
        var ways = Replace == SpectrogramReplace.RandomSelection
            ? Draws.Integers(generator, own, 0, Ways.Length - 1).Select(way => Ways[way])
            : Enumerable.Repeat(Replace, 1);
        // A shift within each example's valid frames; 0 where there are too few to be turned.
        var turns = Draws.Uniform(generator, own, 0, 1).Select((u, i) => (u, Frames: PerBatch ? shape.Lengths.Min() : shape.Lengths[i]))
            .Select(draw => draw.Frames < 2 ? 0 : 1 + (long)(draw.u * (draw.Frames - 1)));
        return new([.. dropped], [.. ways], [.. turns], [.. Draws.Integers(generator, shape.Batch, 0, PlaceNoise.Prime - 1)]);
    }

    /// <inheritdoc/>
    protected override AugmentedBatch Transform(AugmentedBatch batch, SpectrogramDropParameters parameters)
    {
        var shape = batch.Shape;
        RequireValues(parameters.Spans, nameof(parameters.Spans), shape);
        RequireValues(parameters.Replace, nameof(parameters.Replace), shape);
        RequireValues(parameters.Shift, nameof(parameters.Shift), shape);
        RequireValues(parameters.Seed, nameof(parameters.Seed), shape);
        foreach (var way in parameters.Replace)
            Require.Defined(way, nameof(parameters.Replace));
        var slices = Slices(shape, parameters);
        // Where examples differ in their way each way is gone, by however few, so that the number of operators is the same for every batch.
        var ways = parameters.Replace.Count == 1 ? [.. parameters.Replace] : Ways;
        if (parameters.Replace.Contains(SpectrogramReplace.RandomSelection))
            throw new ArgumentException("parameters.Replace holds RandomSelection; a draw holds what was selected.", nameof(parameters));
        var result = batch.Data.clone();
        var source = new SpectrogramSlices(batch.Data, Dim, shape.IsFull ? null : batch.DeviceLengths);
        long[] numbers = [.. slices.SelectMany(slice => slice.Values)];
        var table = tensor(numbers, [slices.Count, Slice.Width], ScalarType.Int64).to(batch.Data.device).t();
        int first = 0;
        foreach (var way in ways)
        {
            int count = slices.Count(slice => slice.Way == way);
            var own = table.narrow(1, first, count);
            first += count;
            var (examples, positions) = (own[0], own[1]);
            source.Write(result, examples, positions, source.Replacement(
                way, examples, positions, () => source.Noise(own[3], positions), () => own[2], PerBatch));
        }
        return batch.With(result);
    }

    // What is dropped, each frame or feature once, in the order of the ways.
    private List<Slice> Slices(BatchShape shape, SpectrogramDropParameters parameters)
    {
        var slices = new List<Slice>();
        for (int i = 0; i < shape.Batch; i++)
        {
            long size = Dim == 1 ? shape.Lengths[i] : shape.Sizes[2];
            var dropped = new SortedSet<long>();
            foreach (var span in parameters.Spans.At(i))
                for (long position = span.Start; position < Math.Min(size, span.Start + span.Length); position++)
                    dropped.Add(position);
            Require.Range(parameters.Seed.At(i), "a seed", 0, PlaceNoise.Prime - 1);
            slices.AddRange(dropped.Select(p => new Slice(parameters.Replace.At(i), [i, p, parameters.Shift.At(i), parameters.Seed.At(i)])));
        }
        return [.. slices.OrderBy(slice => Array.IndexOf(Ways, slice.Way))];
    }

    // Example, position, shift and seed of one frame or feature.
    private readonly record struct Slice(SpectrogramReplace Way, long[] Values)
    {
        internal const int Width = 4;
    }
}
