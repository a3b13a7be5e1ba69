using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Augment;

/// <summary>Cuts waveforms into segments and takes every second one from the example before (the first example: from the last).</summary>
/// <remarks>
/// After SpeechBrain 1.1.0, <c>speechbrain/augment/time_domain.py, CutCat</c>, which draws once a batch (<c>perBatch: true</c>), cuts the padded
/// length and writes into its input. Here the segments divide the example's own length, and where the example before is shorter the rest stays the
/// example's own, so no padding gets between. A batch of one stays as it is.
/// </remarks>
public sealed class CutCat : Augmentation<CutCatParameters>
{
    /// <summary>Makes the augmentation.</summary>
    /// <param name="minNumSegments">The least segments, at least 1.</param>
    /// <param name="maxNumSegments">The most, drawn too.</param>
    /// <param name="perBatch">Whether one draw, made for the padded length, holds for the whole batch.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number below 1, or a reversed range.</exception>
    public CutCat(long minNumSegments = 2, long maxNumSegments = 10, bool perBatch = false)
        : base(nameof(CutCat))
    {
        Require.Range(minNumSegments, nameof(minNumSegments), 1);
        Require.Range(maxNumSegments, nameof(maxNumSegments), minNumSegments, int.MaxValue);
        MinNumSegments = minNumSegments;
        MaxNumSegments = maxNumSegments;
        PerBatch = perBatch;
    }

    /// <summary>The least segments.</summary>
    public long MinNumSegments { get; }

    /// <summary>The most segments.</summary>
    public long MaxNumSegments { get; }

    /// <summary>Whether one draw holds for the whole batch.</summary>
    public bool PerBatch { get; }

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <inheritdoc/>
    public override AugmentationLayouts Layouts => AugmentationLayouts.Waveforms;

    /// <inheritdoc/>
    public override bool MixesExamples => true;

    /// <inheritdoc/>
    protected override CutCatParameters Draw(Generator generator, BatchShape shape)
    {
        long[] lengths = PerBatch ? [shape.Time] : [.. shape.Lengths];
        long[] segments = Draws.Integers(generator, lengths.Length, MinNumSegments, MaxNumSegments);
        return new CutCatParameters([.. segments.Select((n, i) => Cuts(n, lengths[i]))]);

        static ValueList<long> Cuts(long n, long length) => [.. Enumerable.Range(1, (int)n - 1).Select(k => k * length / n)];
    }

    /// <inheritdoc/>
    protected override AugmentedBatch Transform(AugmentedBatch batch, CutCatParameters parameters)
    {
        RequireValues(parameters.Cuts, nameof(parameters.Cuts), batch.Shape);
        var shape = batch.Shape;
        var targets = new List<(long Start, long Length)>();
        var sources = new List<(long Start, long Length)>();
        for (int i = 0; i < shape.Batch && shape.Batch > 1; i++)
        {
            var cuts = parameters.Cuts.At(i);
            long before = i == 0 ? shape.Batch - 1 : i - 1;
            long end = Math.Min(shape.Lengths[i], shape.Lengths[(int)before]);
            for (int k = 0; k < cuts.Count; k++)
            {
                if (cuts[k] < 0 || (k > 0 && cuts[k] < cuts[k - 1]))
                    throw new ArgumentException($"The cuts {cuts} do not ascend from 0 on.", nameof(parameters));
                long stop = Math.Min(k + 1 < cuts.Count ? cuts[k + 1] : end, end);
                if (k % 2 == 1 || stop <= cuts[k])
                    continue;
                targets.Add((i * shape.Time + cuts[k], stop - cuts[k]));
                sources.Add((before * shape.Time + cuts[k], stop - cuts[k]));
            }
        }
        if (targets.Count == 0)
            return batch.With(batch.Data);
        long[] sizes = [.. shape.Sizes];
        var rows = batch.Data.reshape([sizes[0] * sizes[1], .. sizes.Skip(2)]);
        return batch.With(Splice.Replace(rows, targets, Splice.Cut(rows, sources)).reshape(sizes));
    }
}
