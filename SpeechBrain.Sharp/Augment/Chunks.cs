using SpeechBrain.Sharp.Augment.Signal;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Augment;

/// <summary>Drops chunks of a batch of waveforms.</summary>
internal static class Chunks
{
    /// <summary>Puts zeros in place of chunks.</summary>
    internal static AugmentedBatch Drop(AugmentedBatch batch, ValueList<ValueList<Chunk>> chunks)
    {
        var runs = Runs(batch.Shape, chunks);
        if (runs.Count == 0)
            return batch.With(batch.Data);
        long[] sizes = [runs.Sum(run => run.Length), .. batch.Shape.Sizes.Skip(2)];
        var silence = zeros(sizes, batch.Data.dtype, batch.Data.device);
        return Replace(batch, runs, silence);
    }

    /// <summary>Puts noise in place of chunks.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="chunks">Chunks of the batch or of each example.</param>
    /// <param name="stream">Uniform numbers in [0, 1): <c>[samples]</c> or <c>[samples, channels]</c>.</param>
    /// <param name="starts">Where in the stream each example's noise begins.</param>
    /// <param name="noiseFactor">The noise lies within twice the mean absolute value times this.</param>
    internal static AugmentedBatch Drop(
        AugmentedBatch batch, ValueList<ValueList<Chunk>> chunks, Tensor stream, ValueList<long> starts, double noiseFactor)
    {
        var shape = batch.Shape;
        for (int i = 0; i < shape.Batch; i++)
            if (starts.At(i) < 0 || starts.At(i) + chunks.At(i).Sum(chunk => chunk.Length) > stream.shape[0])
                throw new ArgumentException(
                    $"The noise of example {i} begins at {starts.At(i)} and its chunks hold {chunks.At(i).Sum(chunk => chunk.Length)} samples, "
                    + $"more than the stream of {stream.shape[0]}; the draw is not one of this augmentation.", "parameters");
        var runs = Runs(shape, chunks);
        if (runs.Count == 0)
            return batch.With(batch.Data);
        // Valid samples alone tell how loud an example is.
        var counts = new double[shape.Batch];
        var divisors = new double[shape.Batch];
        foreach (var run in runs)
            counts[run.Example] += run.Length;
        for (int i = 0; i < counts.Length; i++)
            divisors[i] = Math.Max(1, shape.Lengths[i]);
        var rows = Upload.Rows(batch.Data.device, counts, divisors);
        var loudness = batch.Silence(batch.Data).to(stream.dtype).abs().sum([1]);
        var highest = 2 * noiseFactor * loudness / Upload.Column(rows[1], stream.dtype, loudness.dim());
        var used = cat(Splice.Cut(stream, [.. runs.Select(run => (starts.At(run.Example) + run.Noise, run.Length))]), 0);
        var scale = highest.repeat_interleave(rows[0].to(ScalarType.Int64), 0, used.shape[0]);
        return Replace(batch, runs, ((2 * used - 1) * scale).to(batch.Data.dtype));
    }

    private static AugmentedBatch Replace(AugmentedBatch batch, List<Run> runs, Tensor replacement)
    {
        long[] sizes = [.. batch.Shape.Sizes];
        var rows = batch.Data.reshape([sizes[0] * sizes[1], .. sizes.Skip(2)]);
        var pieces = replacement.split([.. runs.Select(run => run.Length)], 0);
        return batch.With(Splice.Replace(rows, [.. runs.Select(run => (run.Example * sizes[1] + run.Start, run.Length))], pieces).reshape(sizes));
    }

    // What is left of each chunk within its example and behind the later chunks that lie over it, ascending.
    private static List<Run> Runs(BatchShape shape, ValueList<ValueList<Chunk>> chunks)
    {
        var runs = new List<Run>();
        for (int example = 0; example < shape.Batch; example++)
        {
            var own = new List<Run>();
            long noise = 0;
            foreach (var chunk in chunks.At(example))
            {
                long end = Math.Min(chunk.Start + chunk.Length, shape.Lengths[example]);
                if (end > chunk.Start)
                {
                    own = [.. own.SelectMany(run => run.Without(chunk.Start, end))];
                    own.Add(new Run(example, chunk.Start, end - chunk.Start, noise));
                }
                noise += chunk.Length;
            }
            runs.AddRange(own.OrderBy(run => run.Start));
        }
        return runs;
    }

    // A stretch of an example and its place in the example's noise.
    private readonly record struct Run(int Example, long Start, long Length, long Noise)
    {
        internal IEnumerable<Run> Without(long start, long end)
        {
            long own = Start + Length;
            if (end <= Start || start >= own)
            {
                yield return this;
                yield break;
            }
            if (start > Start)
                yield return this with { Length = start - Start };
            if (end < own)
                yield return new Run(Example, end, own - end, Noise + end - Start);
        }
    }
}
