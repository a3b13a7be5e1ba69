using System.Collections;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;

namespace SpeechBrain.Sharp.Augment;

/// <summary>
/// An immutable list that is equal to every list of the same values, prints them, and is an array in JSON: what records of draws hold, so that
/// equal draws are equal records. It holds one value for a whole batch, or one for each example.
/// </summary>
/// <typeparam name="T">Values that are compared by value.</typeparam>
/// <param name="values">The values; they are copied.</param>
[CollectionBuilder(typeof(ValueListBuilder), nameof(ValueListBuilder.Create))]
[JsonConverter(typeof(ValueListJsonConverter))]
public sealed class ValueList<T>(params ReadOnlySpan<T> values) : IReadOnlyList<T>, IEquatable<ValueList<T>>
{
    private readonly T[] items = values.ToArray();

    /// <inheritdoc/>
    public int Count => items.Length;

    /// <inheritdoc/>
    public T this[int index] => items[index];

    /// <summary>The value that holds for an example: its own, or the batch's.</summary>
    /// <param name="example">The example's place in the batch.</param>
    /// <exception cref="ArgumentOutOfRangeException">The list has neither one value for the batch nor one for that example.</exception>
    public T At(long example)
    {
        if (items.Length == 1)
            return items[0];
        Require.Range(example, nameof(example), 0, items.Length - 1);
        return items[example];
    }

    /// <summary>A list of the one value that holds for an example.</summary>
    /// <param name="example">The example's place in the batch.</param>
    /// <exception cref="ArgumentOutOfRangeException">The list has neither one value for the batch nor one for that example.</exception>
    public ValueList<T> Only(long example) => [At(example)];

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => items.GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(ValueList<T>? other) => other is not null && items.SequenceEqual(other.items);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ValueList<T>);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var item in items)
            hash.Add(item);
        return hash.ToHashCode();
    }

    /// <summary>The values, for example <c>[95, 105]</c>.</summary>
    public override string ToString() => $"[{string.Join(", ", items)}]";
}
