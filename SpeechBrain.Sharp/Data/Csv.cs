using System.Text;

namespace SpeechBrain.Sharp.Data;

/// <summary>Comma-separated values as in RFC 4180 and Python's csv module: a quoted field may hold commas, doubled quotes and line ends.</summary>
internal static class Csv
{
    internal static IEnumerable<List<string>> Read(string text)
    {
        var row = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quoted && c == '"' && i + 1 < text.Length && text[i + 1] == '"')
            {
                field.Append('"');
                i++;
            }
            else if (c == '"')
            {
                quoted = !quoted;
            }
            else if (c == ',' && !quoted)
            {
                row.Add(Take(field));
            }
            else if (c == '\n' && !quoted)
            {
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
