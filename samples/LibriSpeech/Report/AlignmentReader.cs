using System.Text.RegularExpressions;
using SpeechBrain.Sharp.Decoding;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>
/// Reads what <see cref="ErrorReport"/> wrote, or SpeechBrain itself: a line of results, then for each utterance a rule, its name and errors, and
/// three lines of words: said, edits, heard.
/// </summary>
internal static partial class AlignmentReader
{
    private const string Nothing = "<eps>";
    private static readonly string Rule = new('=', 80);

    /// <summary>The first line, and the utterances; those that can't be understood are left out.</summary>
    internal static (string Summary, IReadOnlyList<UtteranceErrors> Scores) Read(string path)
    {
        string[] lines = File.ReadAllLines(path);
        List<UtteranceErrors> scores = [];
        for (int i = 1; i + 3 < lines.Length; i++)
        {
            if (lines[i - 1] == Rule && IdLine().Match(lines[i]) is { Success: true } match)
            {
                if (Utterance(match.Groups[1].Value, Words(lines[i + 1]), Words(lines[i + 2]), Words(lines[i + 3])) is { } score)
                    scores.Add(score);
                i += 3;
            }
        }
        return (lines.Length > 0 ? lines[0] : "", scores);
    }

    [GeneratedRegex(@"^(.*), %WER \S+ \[ \d+ / \d+, \d+ ins, \d+ del, \d+ sub \]$")]
    private static partial Regex IdLine();

    private static string[] Words(string line) => [.. line.Split(" ; ").Select(word => word.Trim())];

    private static UtteranceErrors? Utterance(string id, string[] said, string[] edits, string[] heard)
    {
        if (said.Length != edits.Length || heard.Length != edits.Length)
            return null;
        List<string> reference = [], hypothesis = [];
        List<AlignedPair> alignment = [];
        foreach (var (r, sign, h) in said.Zip(edits, heard))
        {
            var edit = sign switch { "=" => Edit.Equal, "I" => Edit.Insertion, "D" => Edit.Deletion, "S" => Edit.Substitution, _ => (Edit?)null };
            if (edit is null || (edit == Edit.Insertion && r != Nothing) || (edit == Edit.Deletion && h != Nothing))
                return null;
            alignment.Add(new(edit.Value, edit == Edit.Insertion ? null : reference.Count, edit == Edit.Deletion ? null : hypothesis.Count));
            if (edit != Edit.Insertion)
                reference.Add(r);
            if (edit != Edit.Deletion)
                hypothesis.Add(h);
        }
        return new(id, reference, hypothesis, alignment);
    }
}
