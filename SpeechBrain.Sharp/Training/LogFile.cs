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
    /// Cuts a file off before the first line that <paramref name="isLater"/> finds, and before a last line without an end: what a killed process
    /// left. Lines are in the order of time, so whatever follows is later too. Shortening is one operation; there is no moment without a log.
    /// </summary>
    internal static void Cut(string path, Func<string, bool> isLater)
    {
        if (!File.Exists(path))
            return;
        byte[] bytes = File.ReadAllBytes(path);
        int kept = 0;
        for (int end; (end = bytes.AsSpan(kept).IndexOf((byte)'\n')) >= 0; kept += end + 1)
        {
            if (isLater(Encoding.UTF8.GetString(bytes, kept, end)))
                break;
        }
        if (kept == bytes.Length)
            return;
        using var file = new FileStream(path, FileMode.Open, FileAccess.Write);
        file.SetLength(kept);
    }
}
