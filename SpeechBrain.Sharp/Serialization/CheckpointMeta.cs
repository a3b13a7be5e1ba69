using System.Globalization;
using System.Text;
using System.Text.Json;

namespace SpeechBrain.Sharp.Serialization;

/// <summary>
/// The file <c>CKPT.yaml</c> of a checkpoint: a line <c>key: value</c> each, values being numbers, truth values and text. It is the part of YAML
/// 1.1 that SpeechBrain's own files need.
/// </summary>
internal static class CheckpointMeta
{
    internal const string FileName = "CKPT.yaml";

    // No value of such a file has a use for more; a file that is longer is something else.
    private const long MaxBytes = 1 << 20;

    /// <summary>Reads a file: values are null, bool, long, double or string.</summary>
    /// <exception cref="InvalidDataException">A line is not <c>key: value</c>.</exception>
    internal static Dictionary<string, object?> Read(string path)
    {
        if (new FileInfo(path).Length > MaxBytes)
            throw new InvalidDataException($"'{path}' has more than {MaxBytes} bytes; it is not the description of a checkpoint.");
        var meta = new Dictionary<string, object?>();
        foreach (var (number, line) in File.ReadLines(path).Index())
        {
            if (line.Trim() is "" or "---" or "{}" || line[0] == '#')
                continue;
            int colon = line.IndexOf(':', KeyEnd(line));
            if (colon <= 0 || char.IsWhiteSpace(line[0]) || line[0] == '-' || (colon + 1 < line.Length && line[colon + 1] != ' '))
                throw new InvalidDataException($"'{path}', line {number + 1}, is '{line}'; each line must be 'key: value'.");
            string key = (string)Text(line[..colon].Trim())!;
            if (!meta.TryAdd(key, Value(line[(colon + 1)..].Trim())))
                throw new InvalidDataException($"'{path}', line {number + 1}, has the key '{key}' a second time; remove one.");
        }
        return meta;
    }

    /// <summary>The file's text, keys in order.</summary>
    /// <exception cref="ArgumentException">A value is neither a number, a truth value, text nor null.</exception>
    internal static string Write(IEnumerable<KeyValuePair<string, object?>> meta)
    {
        var text = new StringBuilder("# yamllint disable\n");
        foreach (var (key, value) in meta.OrderBy(m => m.Key, StringComparer.Ordinal))
            text.Append($"{Quoted(key)}: {Scalar(key, value)}\n");
        return text.ToString();
    }

    // A key in quotes may have a colon in it.
    private static int KeyEnd(string line)
    {
        if (line[0] is not ('"' or '\''))
            return 0;
        for (int i = 1; i < line.Length; i++)
        {
            if (line[i] == line[0])
                return i;
            if (line[i] == '\\' && line[0] == '"')
                i++;
        }
        return 0;
    }

    private static string Scalar(string key, object? value) => value switch
    {
        null => "null",
        bool b => b ? "true" : "false",
        sbyte or byte or short or ushort or int or uint or long => Convert.ToInt64(value).ToString(CultureInfo.InvariantCulture),
        float or double => Number(Convert.ToDouble(value)),
        string s => Quoted(s),
        _ => throw new ArgumentException($"'{key}' is {value.GetType().Name}; a checkpoint is described by numbers, truth values and text."),
    };

    // YAML 1.1 takes 1e-05 for text: a number needs a point.
    private static string Number(double value)
    {
        if (double.IsNaN(value))
            return ".nan";
        if (double.IsInfinity(value))
            return value > 0 ? ".inf" : "-.inf";
        string text = value.ToString("R", CultureInfo.InvariantCulture).Replace('E', 'e');
        if (text.Contains('.'))
            return text;
        int exponent = text.IndexOf('e');
        return exponent < 0 ? text + ".0" : text.Insert(exponent, ".0");
    }

    private static string Quoted(string text)
    {
        // YAML 1.1 knows its words in capitals too.
        bool word = text.ToLowerInvariant() is "y" or "n" or "yes" or "no" or "on" or "off" or "true" or "false" or "null";
        bool plain = !word && text.Length > 0 && char.IsAsciiLetter(text[0])
            && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '+' or '/' or '.');
        return plain ? text : JsonSerializer.Serialize(text);
    }

    private static object? Value(string text)
    {
        switch (text)
        {
            case "" or "null" or "~": return null;
            case "true" or "True": return true;
            case "false" or "False": return false;
            case ".nan" or ".NaN": return double.NaN;
            case ".inf" or "+.inf": return double.PositiveInfinity;
            case "-.inf": return double.NegativeInfinity;
        }
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long integer))
            return integer;
        bool numeric = char.IsAsciiDigit(text[0]) || text[0] is '-' or '+' or '.';
        if (numeric && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double real))
            return real;
        return Text(text);
    }

    private static string? Text(string text)
    {
        if (text.Length >= 2 && text[0] == '\'' && text[^1] == '\'')
            return text[1..^1].Replace("''", "'");
        if (text.Length < 2 || text[0] != '"' || text[^1] != '"')
            return text;
        try
        {
            return JsonSerializer.Deserialize<string>(text);
        }
        catch (JsonException)
        {
            return text; // an escape that only YAML has
        }
    }
}
