namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>A setting outside its range. Whoever knows where its value came from makes a message of it.</summary>
internal sealed class RangeException(string name, object? value, string range) : Exception
{
    /// <summary>The property.</summary>
    internal string Name { get; } = name;

    /// <summary>Its value.</summary>
    internal string Value { get; } = SettingValue.Format(value);

    /// <summary>What it must be.</summary>
    internal string Range { get; } = range;

    /// <summary>Throws if something does not hold.</summary>
    internal static void Unless(bool holds, string name, object? value, string range)
    {
        if (!holds)
            throw new RangeException(name, value, range);
    }
}
