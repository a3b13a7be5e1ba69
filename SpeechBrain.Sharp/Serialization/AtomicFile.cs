namespace SpeechBrain.Sharp.Serialization;

/// <summary>Writes a file under a temporary name beside it and renames it when it is complete, so that a reader never meets half of it.</summary>
public static class AtomicFile
{
    /// <summary>
    /// Writes <paramref name="path"/>. When <paramref name="write"/> throws, the temporary file is removed and what was at <paramref name="path"/>
    /// stays.
    /// </summary>
    /// <param name="path">The file to create or replace; its folder must exist.</param>
    /// <param name="write">Writes the whole content to the path that it is given, and closes it.</param>
    /// <exception cref="DirectoryNotFoundException">The folder of <paramref name="path"/> does not exist.</exception>
    public static void Write(string path, Action<string> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        var full = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(full)!;
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"Cannot write '{path}': there is no folder '{folder}'.");

        var temporary = Path.Combine(folder, $".{Path.GetFileName(full)}.{Environment.ProcessId}.{Environment.CurrentManagedThreadId}.part");
        try
        {
            write(temporary);
            File.Move(temporary, full, overwrite: true);
        }
        finally
        {
            File.Delete(temporary); // after the rename there is nothing to delete, which is no error
        }
    }
}
