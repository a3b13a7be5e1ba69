using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Augment;

/// <summary>
/// A padded batch on its way through augmentations: data, the lengths of its examples on the host and on the device, and for each row the example
/// of the first batch that it stems from, so that labels can follow.
/// </summary>
/// <remarks>
/// A batch holds tensors of its own (aliases of what it was given), which belong to the current dispose scope and may be freed earlier by
/// <see cref="Dispose"/>; the tensors that it was given stay the caller's.
/// <code>
/// using var batch = new AugmentedBatch(waves, waveLengths);                      // [batch, time], long[]
/// var parameters = addNoise.Sample(generator, batch);
/// using var noisy = addNoise.Apply(batch, parameters);
/// model.call(noisy.Data, noisy.RelativeLengths());
/// </code>
/// </remarks>
public sealed class AugmentedBatch : IDisposable
{
    /// <summary>Wraps a padded batch.</summary>
    /// <param name="data">
    /// <c>[batch, time]</c>, <c>[batch, time, channels or features]</c> or <c>[batch, time, features, channels]</c>; floating.
    /// </param>
    /// <param name="lengths">The length of each example in samples (or frames), 0 to time; null: each fills its row.</param>
    /// <param name="sources">For each row the example it stems from; null: its own index.</param>
    /// <exception cref="ArgumentException">A wrong rank or type, an empty batch, or lengths or sources that do not fit.</exception>
    public AugmentedBatch(Tensor data, IReadOnlyList<long>? lengths = null, IReadOnlyList<int>? sources = null)
    {
        Require.Rank(data, nameof(data), "[batch, time], [batch, time, channels or features] or [batch, time, features, channels]", 2, 3, 4);
        Require.Floating(data, nameof(data));
        long[] sizes = data.shape;
        Shape = new BatchShape([.. sizes], lengths is null ? [.. Enumerable.Repeat(sizes[1], checked((int)sizes[0]))] : [.. lengths]);
        if (sources is not null && sources.Count != sizes[0])
            throw new ArgumentException($"sources has {sources.Count} values for a batch of {sizes[0]}; give one for each row.", nameof(sources));
        Sources = sources is null ? [.. Enumerable.Range(0, (int)sizes[0])] : [.. sources];
        Data = data.alias();
        // A batch without padding needs no copy to the device for its lengths.
        DeviceLengths = Shape.IsFull
            ? full([sizes[0]], sizes[1], ScalarType.Int64, data.device)
            : tensor(Shape.Lengths.ToArray(), ScalarType.Int64, data.device);
    }

    private AugmentedBatch(Tensor data, AugmentedBatch like)
    {
        Shape = new BatchShape([.. data.shape], like.Shape.Lengths);
        Sources = like.Sources;
        Data = data.alias();
        DeviceLengths = like.DeviceLengths.alias();
    }

    /// <summary>Wraps a batch whose lengths are parts of the padded length, as in SpeechBrain.</summary>
    /// <param name="data">As in the constructor.</param>
    /// <param name="relativeLengths">For each example the part of its row that it fills, 0 to 1.</param>
    /// <returns>The batch; its lengths are the float32 product with time, rounded half to even.</returns>
    /// <exception cref="ArgumentException">A wrong rank or type, or a length outside its range.</exception>
    public static AugmentedBatch FromRelative(Tensor data, IReadOnlyList<float> relativeLengths)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(relativeLengths);
        Require.MinimumRank(data, nameof(data), "[batch, time, ...]", 2);
        using var scope = NewDisposeScope();
        long[] lengths = Functional.AbsoluteLengths(tensor(relativeLengths.ToArray()), data.shape[1]).data<long>().ToArray();
        return new AugmentedBatch(data, lengths).MoveToOuterDisposeScope();
    }

    /// <summary>The samples or frames.</summary>
    public Tensor Data { get; }

    /// <summary>Sizes and lengths on the host.</summary>
    public BatchShape Shape { get; }

    /// <summary>The length of each example in samples (or frames), on the host.</summary>
    public ValueList<long> Lengths => Shape.Lengths;

    /// <summary><see cref="Lengths"/> on the device: int64, <c>[batch]</c>.</summary>
    public Tensor DeviceLengths { get; }

    /// <summary>For each row the example of the first batch that it stems from.</summary>
    public ValueList<int> Sources { get; }

    /// <summary>The lengths as parts of the padded length.</summary>
    /// <returns>float32, <c>[batch]</c>, on the data's device; a new tensor.</returns>
    public Tensor RelativeLengths()
    {
        using var scope = NewDisposeScope();
        return DeviceLengths.to(ScalarType.Float32).div(Shape.Time).MoveToOuterDisposeScope();
    }

    /// <summary>Zeros behind each example's end.</summary>
    /// <param name="data">Anything of shape <c>[batch, time, ...]</c> on the batch's device.</param>
    /// <returns>A tensor of the same shape; an alias of <paramref name="data"/> where no example is padded.</returns>
    public Tensor Silence(Tensor data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (Shape.IsFull)
            return data.alias();
        using var scope = NewDisposeScope();
        long[] column = [Shape.Batch, .. Enumerable.Repeat(1L, (int)data.dim() - 1)];
        long[] row = [1, Shape.Time, .. Enumerable.Repeat(1L, (int)data.dim() - 2)];
        var beyond = arange(Shape.Time, ScalarType.Int64, data.device).reshape(row) >= DeviceLengths.reshape(column);
        return data.masked_fill(beyond, 0).MoveToOuterDisposeScope();
    }

    /// <summary>A batch of other data with the same lengths and sources.</summary>
    /// <param name="data"><c>[batch, time, ...]</c> with the batch and time of this one.</param>
    /// <exception cref="ArgumentException">The sizes do not fit.</exception>
    public AugmentedBatch With(Tensor data)
    {
        ArgumentNullException.ThrowIfNull(data);
        Require.Size(data, nameof(data), 0, Shape.Batch, "the examples of the batch");
        Require.Size(data, nameof(data), 1, Shape.Time, "the time of the batch; give new lengths for another");
        return new AugmentedBatch(data, this);
    }

    /// <summary>A batch of other data and lengths with the same sources.</summary>
    /// <param name="data"><c>[batch, time', ...]</c>.</param>
    /// <param name="lengths">The new lengths.</param>
    /// <exception cref="ArgumentException">The sizes or lengths do not fit.</exception>
    public AugmentedBatch With(Tensor data, IReadOnlyList<long> lengths) => new(data, lengths, Sources);

    /// <summary>Puts batches one after the other, the shorter ones padded with zeros at the end.</summary>
    /// <param name="batches">At least one; of one type and device, and of the same sizes behind time.</param>
    /// <returns>All their rows, with the longest time; lengths and sources stay those of the rows.</returns>
    /// <exception cref="ArgumentException">No batch, or batches that differ.</exception>
    public static AugmentedBatch Concatenate(params IReadOnlyList<AugmentedBatch> batches)
    {
        ArgumentNullException.ThrowIfNull(batches);
        if (batches.Count == 0)
            throw new ArgumentException("batches is empty; give at least one.", nameof(batches));
        var first = batches[0];
        foreach (var batch in batches)
        {
            Require.SameDevice(batch.Data, nameof(batches), first.Data, "the first");
            if (batch.Data.dtype != first.Data.dtype || !batch.Shape.Sizes.Skip(2).SequenceEqual(first.Shape.Sizes.Skip(2)))
                throw new ArgumentException(
                    $"A batch is {Require.Describe(batch.Data)} and the first {Require.Describe(first.Data)}; they must agree but in batch and time.",
                    nameof(batches));
        }
        using var scope = NewDisposeScope();
        long time = batches.Max(batch => batch.Shape.Time);
        var rows = batches.Select(batch =>
        {
            long missing = time - batch.Shape.Time;
            long[] padding = [.. Enumerable.Repeat(0L, 2 * ((int)batch.Data.dim() - 2)), 0, missing];
            return missing == 0 ? batch.Data : nn.functional.pad(batch.Data, padding);
        });
        return new AugmentedBatch(
            cat([.. rows], 0), [.. batches.SelectMany(batch => batch.Lengths)], [.. batches.SelectMany(batch => batch.Sources)])
            .MoveToOuterDisposeScope();
    }

    /// <summary>Moves the batch's tensors from their dispose scope to the one around it.</summary>
    /// <returns>This batch.</returns>
    public AugmentedBatch MoveToOuterDisposeScope()
    {
        Data.MoveToOuterDisposeScope();
        DeviceLengths.MoveToOuterDisposeScope();
        return this;
    }

    /// <summary>Frees the batch's own tensors.</summary>
    public void Dispose()
    {
        Data.Dispose();
        DeviceLengths.Dispose();
    }
}
