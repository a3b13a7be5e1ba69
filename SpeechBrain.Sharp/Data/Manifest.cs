using System.Globalization;
using System.Text;
using SpeechBrain.Sharp.Serialization;

namespace SpeechBrain.Sharp.Data;

/// <summary>
/// The list of utterances that training reads, in SpeechBrain's format (1.1.0, recipes/LibriSpeech/librispeech_prepare.py): a CSV file with the
/// header <c>ID,duration,wav,spk_id,wrd</c>, CRLF line ends, fields quoted where needed, audio paths below the data folder written as
/// <c>$data_root/...</c>. Files written here are read by SpeechBrain and the other way round.
/// </summary>
public static class Manifest
{
    private const string Header = "ID,duration,wav,spk_id,wrd";
    private const string DataRoot = "$data_root";

    /// <summary>Reads a manifest. Columns beyond the five are ignored; their order is free.</summary>
    /// <param name="path">The CSV file.</param>
    /// <param name="dataRoot">Replaces <c>$data_root</c>; null when no path in the file uses it.</param>
    /// <returns>The utterances in the file's order.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// A column or field is missing, a duration is no number, an id occurs twice; the message names the row.
    /// </exception>
    public static IReadOnlyList<Utterance> Read(string path, string? dataRoot = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no manifest '{path}'.", path);

        using var rows = Csv.Read(File.ReadAllText(path), path).GetEnumerator();
        if (!rows.MoveNext())
            throw new InvalidDataException($"'{path}' is empty; a manifest starts with the line '{Header}'.");

        var columns = rows.Current;
        var (id, duration, wav, speaker, words) = (Column("ID"), Column("duration"), Column("wav"), Column("spk_id"), Column("wrd"));
        var utterances = new List<Utterance>();
        var ids = new HashSet<string>(StringComparer.Ordinal);
        for (var row = 2; rows.MoveNext(); row++)
        {
            var fields = rows.Current;
            if (fields.Count != columns.Count)
                throw new InvalidDataException(
                    $"Row {row} of '{path}' ('{fields[0]}') has {fields.Count} fields instead of {columns.Count} ({string.Join(',', columns)}); "
                    + "complete or remove it.");
            if (fields[id].Length == 0 || fields[wav].Length == 0)
                throw new InvalidDataException($"Row {row} of '{path}' has no {(fields[id].Length == 0 ? "ID" : "wav")}; complete or remove it.");
            if (!ids.Add(fields[id]))
                throw new InvalidDataException($"Row {row} of '{path}' repeats the ID '{fields[id]}'; every ID must be unique.");
            if (!double.TryParse(fields[duration], NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) || !double.IsFinite(seconds) || seconds < 0)
                throw new InvalidDataException($"Row {row} of '{path}' has the duration '{fields[duration]}'; it must be a number of seconds.");
            utterances.Add(new Utterance(fields[id], Resolve(fields[wav], row), fields[speaker], seconds, fields[words]));
        }

        return utterances;

        int Column(string name) => columns.IndexOf(name) is var index and >= 0
            ? index
            : throw new InvalidDataException($"'{path}' has no column '{name}'; a manifest starts with the line '{Header}'.");

        string Resolve(string wav, int row) => !wav.StartsWith(DataRoot, StringComparison.Ordinal)
            ? wav
            : dataRoot is null
                ? throw new InvalidDataException($"Row {row} of '{path}' has the audio file '{wav}': say what {DataRoot} is (the corpus folder).")
                : Path.Combine(dataRoot, wav[DataRoot.Length..].TrimStart('/'));
    }

    /// <summary>Writes a manifest; it appears under its name only when it is complete.</summary>
    /// <param name="path">The CSV file to create or replace; its folder must exist.</param>
    /// <param name="utterances">The rows, in the order they are to have.</param>
    /// <param name="dataRoot">Folder that audio paths are written relative to, as <c>$data_root/...</c>; null keeps them as they are.</param>
    public static void Write(string path, IEnumerable<Utterance> utterances, string? dataRoot = null)
    {
        ArgumentNullException.ThrowIfNull(utterances);
        var text = new StringBuilder(Header).Append("\r\n");
        foreach (var utterance in utterances)
        {
            string[] fields = [utterance.Id, PythonFloat(utterance.Duration), Relative(utterance.Path), utterance.SpeakerId, utterance.Transcript];
            text.AppendJoin(',', fields.Select(Csv.Quote)).Append("\r\n");
        }

        AtomicFile.Write(path, temporary => File.WriteAllText(temporary, text.ToString()));

        string Relative(string audio)
        {
            if (dataRoot is null)
                return audio;
            var relative = Path.GetRelativePath(dataRoot, audio);
            bool outside = relative.StartsWith("..", StringComparison.Ordinal) || Path.IsPathRooted(relative);
            return outside ? audio : $"{DataRoot}/{relative.Replace('\\', '/')}";
        }
    }

    /// <summary>As Python's <c>str(float)</c>: the shortest text that reads back as the same number, with ".0" on a whole one.</summary>
    private static string PythonFloat(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().IndexOfAny('.', 'E') < 0 ? text + ".0" : text;
    }
}
