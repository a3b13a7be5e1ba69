namespace SpeechBrain.Sharp.Augment;

/// <summary>Makes a <see cref="ValueList{T}"/> of a collection expression: <c>ValueList&lt;int&gt; speeds = [95, 105]</c>.</summary>
public static class ValueListBuilder
{
    /// <summary>A list of copies of the values.</summary>
    /// <typeparam name="T">Values that are compared by value.</typeparam>
    /// <param name="values">The values.</param>
    public static ValueList<T> Create<T>(ReadOnlySpan<T> values) => new(values);
}
