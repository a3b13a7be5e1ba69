using System.Globalization;

namespace SpeechBrain.Sharp.Decoding;

/// <summary>Alignments in three lines, as SpeechBrain prints them: reference, edits, hypothesis, each column centred.</summary>
internal static class AlignmentText
{
    private const string Nothing = "<eps>";
    private const string Separator = " ; ";
    private static readonly string Rule = new('=', 80);

    public static void WriteHeader(TextWriter writer)
    {
        writer.Write($"{Rule}\nALIGNMENTS\n\nFormat:\n<utterance-id>, WER DETAILS\n");
        WriteRows(
            writer,
            ["reference", "on", "the", "first", "line"],
            ["and", "hypothesis", "on", "the", "third"],
            [
                new(Edit.Insertion, null, 0), new(Edit.Substitution, 0, 1), new(Edit.Equal, 1, 2), new(Edit.Equal, 2, 3),
                new(Edit.Substitution, 3, 4), new(Edit.Deletion, 4, null),
            ]);
    }

    public static void Write(TextWriter writer, UtteranceErrors errors)
    {
        string counts = $"{errors.Edits} / {errors.ReferenceTokens}, {errors.Insertions} ins, {errors.Deletions} del, {errors.Substitutions} sub";
        writer.Write($"{Rule}\n{errors.Id}, %WER {Percent.Format(errors.ErrorRate)} [ {counts} ]\n");
        WriteRows(writer, errors.Reference, errors.Hypothesis, errors.Alignment);
    }

    private static void WriteRows(
        TextWriter writer, IReadOnlyList<string> reference, IReadOnlyList<string> hypothesis, IReadOnlyList<AlignedPair> alignment)
    {
        List<string> above = [], middle = [], below = [];
        foreach (var (edit, r, h) in alignment)
        {
            string upper = r is { } i ? reference[i] : Nothing, lower = h is { } j ? hypothesis[j] : Nothing;
            int width = Math.Max(1, Math.Max(Length(upper), Length(lower)));
            above.Add(Centre(upper, width));
            middle.Add(Centre(Symbol(edit), width));
            below.Add(Centre(lower, width));
        }
        foreach (var line in (List<string>[])[above, middle, below])
            writer.Write($"{string.Join(Separator, line)}\n");
    }

    private static string Symbol(Edit edit) => edit switch
    {
        Edit.Equal => "=",
        Edit.Insertion => "I",
        Edit.Deletion => "D",
        _ => "S",
    };

    private static int Length(string text) => text.EnumerateRunes().Count();

    // Python's str.center: of an odd padding the larger part goes to the left if the width is odd, else to the right.
    private static string Centre(string text, int width)
    {
        int padding = width - Length(text), left = padding / 2 + (padding & width & 1);
        return string.Create(CultureInfo.InvariantCulture, $"{new string(' ', left)}{text}{new string(' ', padding - left)}");
    }
}
