using System.Collections;
using System.Globalization;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>Values of settings as text: numbers of the invariant culture, truth values, words of an enumeration, lists with commas between.</summary>
internal static class SettingValue
{
    /// <summary>Whether a property of a type is a setting; else it is a group of them.</summary>
    internal static bool CanBe(Type type) => Element(type) is { } element
        ? CanBe(element)
        : (Nullable.GetUnderlyingType(type) ?? type) is { IsEnum: true } or { IsPrimitive: true } || type == typeof(string);

    /// <summary>Reads a value.</summary>
    /// <param name="type">What it is to become.</param>
    /// <param name="text">The text, not empty.</param>
    /// <exception cref="FormatException">It is none; the message says what was wanted.</exception>
    internal static object Parse(Type type, string text) =>
        Element(type) is { } element ? ParseList(element, text.Split(',', StringSplitOptions.TrimEntries)) : ParseOne(type, text);

    /// <summary>Reads a list of values.</summary>
    /// <param name="element">The type of each.</param>
    /// <param name="texts">Their texts.</param>
    /// <exception cref="FormatException">One is none.</exception>
    internal static Array ParseList(Type element, IReadOnlyList<string> texts)
    {
        var list = Array.CreateInstance(element, texts.Count);
        for (int i = 0; i < texts.Count; i++)
            list.SetValue(ParseOne(element, texts[i]), i);
        return list;
    }

    /// <summary>The type of a list's elements; null where the type is no list.</summary>
    internal static Type? Element(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GenericTypeArguments[0] : null;

    /// <summary>A value as <see cref="Parse"/> reads it; nothing for null.</summary>
    internal static string Format(object? value) => value switch
    {
        null => "",
        bool truth => truth ? "true" : "false",
        Enum word => Word(word.ToString()),
        string text => text,
        IEnumerable list => string.Join(',', list.Cast<object>().Select(Format)),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static object ParseOne(Type type, string text)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsEnum)
        {
            string? name = Enum.GetNames(type).FirstOrDefault(known => known.Equals(text, StringComparison.OrdinalIgnoreCase));
            return name is null ? throw new FormatException($"one of {string.Join(", ", Enum.GetNames(type).Select(Word))}") : Enum.Parse(type, name);
        }
        if (text.Contains('\0'))
            throw new FormatException("text without the character NUL");
        try
        {
            return type == typeof(bool) ? bool.Parse(text)
                : type == typeof(double) ? double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture) // else 0,001 would be 1
                : Convert.ChangeType(text, type, CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw new FormatException(type == typeof(bool) ? "true or false" : type == typeof(double) ? "a number" : "a whole number", e);
        }
    }

    // Plain words are written small (random, fp16); names with capitals of their own as they are (RoPEMHA).
    private static string Word(string name) => name.Skip(1).Any(char.IsUpper) ? name : name.ToLowerInvariant();
}
