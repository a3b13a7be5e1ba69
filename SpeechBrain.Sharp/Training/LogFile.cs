using System.Text;

namespace SpeechBrain.Sharp.Training;

/// <summary>Files to which lines or records are added, by a process that may be killed at any moment.</summary>
internal static class LogFile
{
    /// <summary>
    /// Adds a line by one write, which survives the process: it is the system's from then on. If the write fails (the disk is full), what came of
    /// it is taken back.
    /// </summary>
    internal static void Append(string path, string line) => Append(path, Encoding.UTF8.GetBytes(line + "\n"));

    /// <summary>Adds bytes in the same way.</summary>
    internal static void Append(string path, ReadOnlySpan<byte> bytes)
    {
        using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        long length = file.Length;
        try
        {
            file.Write(bytes);
        }
        catch (IOException)
        {
            file.SetLength(length);
            throw;
        }
    }

    /// <summary>
    /// The whole lines of a file, which may still grow, one at a time: the log of a long training is larger than what one wants in memory.
    /// </summary>
    internal static IEnumerable<string> Lines(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        foreach (var (line, _) in Lines(file))
            yield return line;
    }

    /// <summary>
    /// Cuts a file off before the first line that <paramref name="isLater"/> finds, and before a last line without an end: what a killed process
    /// left. Lines are in the order of time, so whatever follows is later too. Shortening is one operation; there is no moment without a log.
    /// </summary>
    internal static void Cut(string path, Func<string, bool> isLater)
    {
        if (!File.Exists(path))
            return;
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        long kept = 0;
        foreach (var (line, end) in Lines(file))
        {
            if (isLater(line))
                break;
            kept = end;
        }
        if (kept < file.Length)
            file.SetLength(kept);
    }

    /// <summary>Each line that has an end, and where the next one begins.</summary>
    private static IEnumerable<(string Line, long End)> Lines(FileStream file)
    {
        List<byte> bytes = [];
        for (int next; (next = file.ReadByte()) >= 0;)
        {
            if (next != '\n')
            {
                bytes.Add((byte)next);
                continue;
            }
            yield return (Encoding.UTF8.GetString(bytes.ToArray()), file.Position);
            bytes.Clear();
        }
    }
}
