namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>Guesses what somebody meant to type.</summary>
internal static class NearestName
{
    /// <summary>The known name with the fewest characters changed, and how many; null where none is known.</summary>
    internal static (string Name, int Distance)? Of(string name, IEnumerable<string> known) =>
        known.Select(candidate => ((string, int)?)(candidate, Distance(candidate, name))).MinBy(candidate => candidate!.Value.Item2);

    /// <summary>Levenshtein distance.</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)));
        }

        return row[^1];
    }
}
