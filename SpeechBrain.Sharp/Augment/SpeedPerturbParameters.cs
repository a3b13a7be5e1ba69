namespace SpeechBrain.Sharp.Augment;

/// <summary>One draw of <see cref="SpeedPerturb"/>: all that is needed to repeat it. Equal draws are equal records.</summary>
public sealed record SpeedPerturbParameters : AugmentationParameters
{
    /// <summary>Names the speeds.</summary>
    /// <param name="speeds">One speed in percent for the whole batch, or one for each example; above 100 is faster and shorter.</param>
    /// <exception cref="ArgumentException">No speed.</exception>
    public SpeedPerturbParameters(params IReadOnlyList<int> speeds)
    {
        ArgumentNullException.ThrowIfNull(speeds);
        if (speeds.Count == 0)
            throw new ArgumentException("speeds is empty; give one speed for the batch, or one for each example.", nameof(speeds));
        Speeds = [.. speeds];
    }

    /// <summary>
    /// The speeds in percent, each one of <see cref="SpeedPerturb.Speeds"/>: a single one for the whole batch, or one for each example.
    /// </summary>
    public IReadOnlyList<int> Speeds { get; }

    /// <summary>The speed of an example.</summary>
    /// <param name="example">Its index in the batch.</param>
    public int SpeedOf(long example) => Speeds.Count == 1 ? Speeds[0] : Speeds[checked((int)example)];

    /// <inheritdoc/>
    public override SpeedPerturbParameters ForExample(int example) => new(SpeedOf(example));

    /// <inheritdoc/>
    public bool Equals(SpeedPerturbParameters? other) => other is not null && Speeds.SequenceEqual(other.Speeds);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (int speed in Speeds)
            hash.Add(speed);
        return hash.ToHashCode();
    }

    /// <summary>The speeds, for example <c>SpeedPerturbParameters { Speeds = 95, 105 }</c>.</summary>
    public override string ToString() => $"{nameof(SpeedPerturbParameters)} {{ Speeds = {string.Join(", ", Speeds)} }}";
}
