using System.Text;

namespace SpeechBrain.Sharp.Data;

/// <summary>Comma-separated values as in RFC 4180 and Python's csv module: a quoted field may hold commas, doubled quotes and line ends.</summary>
internal static class Csv
{
    /// <param name="text">The whole file.</param>
    /// <param name="name">Named where a quoted field is never closed (it would swallow every row behind it).</param>
    internal static IEnumerable<List<string>> Read(string text, string name)
    {
        var row = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        var wasQuoted = false; // a quote opens a field only at its begin; anywhere else it is a character, as in Python
        var line = 1;
        var opened = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\n')
                line++;
            if (quoted && c == '"' && i + 1 < text.Length && text[i + 1] == '"')
            {
                field.Append('"');
                i++;
            }
            else if (quoted && c == '"')
            {
                quoted = false;
            }
            else if (c == '"' && field.Length == 0 && !wasQuoted)
            {
                (quoted, wasQuoted, opened) = (true, true, line);
            }
            else if (c == ',' && !quoted)
            {
                row.Add(Take(field));
                wasQuoted = false;
            }
            else if (c == '\n' && !quoted)
            {
                wasQuoted = false;
                if (row.Count > 0 || field.Length > 0)
                {
                    row.Add(Take(field));
                    yield return row;
                    row = [];
                }
            }
            else if (c != '\r' || quoted)
            {
                field.Append(c);
            }
        }

        if (quoted)
            throw new InvalidDataException($"'{name}' has a quoted field that begins in line {opened} and never ends.");
        if (row.Count > 0 || field.Length > 0)
        {
            row.Add(Take(field));
            yield return row;
        }
    }

    internal static string Quote(string field) =>
        field.AsSpan().IndexOfAny("\",\r\n") < 0 ? field : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Take(StringBuilder field)
    {
        var text = field.ToString();
        field.Clear();
        return text;
    }
}
