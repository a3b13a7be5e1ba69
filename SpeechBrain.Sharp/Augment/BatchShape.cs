namespace SpeechBrain.Sharp.Augment;

/// <summary>
/// What is known of a batch without its samples: enough to draw parameters for it. An augmentation tells the shape of its result by
/// <see cref="Augmentation.OutputShape"/>, so that draws for a chain are made before anything is computed.
/// </summary>
public sealed record BatchShape
{
    /// <summary>Names sizes and lengths.</summary>
    /// <param name="sizes">Sizes of the tensor, time second: <c>[batch, time, ...]</c>; batch and time at least 1.</param>
    /// <param name="lengths">The length of each example in samples (or frames), 0 to time.</param>
    /// <exception cref="ArgumentException">Fewer than 2 sizes or more than 4, no example or no sample, or lengths that do not fit.</exception>
    public BatchShape(ValueList<long> sizes, ValueList<long> lengths)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        ArgumentNullException.ThrowIfNull(lengths);
        if (sizes.Count is < 2 or > 4)
            throw new ArgumentException($"sizes is {sizes}; it must be [batch, time], [batch, time, channels or features] or "
                + "[batch, time, features, channels].", nameof(sizes));
        Require.Range(sizes[0], "batch", 1, int.MaxValue);
        Require.Range(sizes[1], "time", 1);
        if (lengths.Count != sizes[0])
            throw new ArgumentException($"lengths has {lengths.Count} values for a batch of {sizes[0]}; give one for each example.", nameof(lengths));
        for (int i = 0; i < lengths.Count; i++)
            Require.Range(lengths[i], $"lengths[{i}]", 0, sizes[1]);
        Sizes = sizes;
        Lengths = lengths;
    }

    /// <summary>Sizes of the tensor: <c>[batch, time, ...]</c>.</summary>
    public ValueList<long> Sizes { get; }

    /// <summary>The length of each example.</summary>
    public ValueList<long> Lengths { get; }

    /// <summary>Number of examples.</summary>
    public long Batch => Sizes[0];

    /// <summary>The padded length.</summary>
    public long Time => Sizes[1];

    /// <summary>Size of the last dimension behind time; 1 where there is none.</summary>
    public long Channels => Sizes.Count > 2 ? Sizes[^1] : 1;

    /// <summary>Whether no example is padded.</summary>
    public bool IsFull => Lengths.All(length => length == Time);

    /// <summary>The same batch with another padded length and other lengths.</summary>
    /// <param name="time">The new padded length.</param>
    /// <param name="lengths">The new lengths.</param>
    public BatchShape WithTime(long time, ValueList<long> lengths) => new([Sizes[0], time, .. Sizes.Skip(2)], lengths);

    /// <summary>Some examples of the batch.</summary>
    /// <param name="start">The first.</param>
    /// <param name="end">One behind the last.</param>
    internal BatchShape Rows(int start, int end) => new([end - start, .. Sizes.Skip(1)], [.. Lengths.Skip(start).Take(end - start)]);
}
