using System.Text;

namespace SpeechBrain.Sharp.Serialization;

/// <summary>How the tensors of a file fit a module.</summary>
/// <param name="Loaded">Keys that fit.</param>
/// <param name="Missing">Keys of the module that the file lacks.</param>
/// <param name="Unexpected">Keys of the file that the module lacks.</param>
/// <param name="Mismatching">Keys on both sides whose tensors can't be copied, with both.</param>
public sealed record StateDictReport(
    IReadOnlyList<string> Loaded, IReadOnlyList<string> Missing, IReadOnlyList<string> Unexpected, IReadOnlyList<StateDictMismatch> Mismatching)
{
    private const int Shown = 10;

    /// <summary>Whether every key is on both sides and fits.</summary>
    public bool IsComplete => Missing.Count == 0 && Unexpected.Count == 0 && Mismatching.Count == 0;

    /// <summary>A line a kind, with its number and the first ten keys of what does not fit.</summary>
    public override string ToString()
    {
        var text = new StringBuilder($"{Loaded.Count} keys fit");
        Add(text, "missing in the file", Missing);
        Add(text, "unknown to the module", Unexpected);
        Add(text, "of another shape or kind", [.. Mismatching.Select(m => m.ToString())]);
        return text.ToString();
    }

    private static void Add(StringBuilder text, string kind, IReadOnlyList<string> keys)
    {
        if (keys.Count > 0)
            text.Append($"\n  {keys.Count} {kind}: {string.Join(", ", keys.Take(Shown))}{(keys.Count > Shown ? ", ..." : "")}");
    }
}
