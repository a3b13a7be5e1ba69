using System.Security.Cryptography;
using SpeechBrain.Sharp.Serialization;

namespace SpeechBrain.Sharp.Training;

/// <summary>
/// The checksums of a checkpoint's files, in the file and format of <c>sha256sum</c>, which can check them too. The last line is that of
/// <see cref="CheckpointMeta.FileName"/>, so a list that was cut short shows.
/// </summary>
internal static class CheckpointSums
{
    internal const string FileName = "SHA256SUMS";

    /// <summary>Brings a file to the disk and returns its line.</summary>
    internal static string FlushAndSum(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        string sum = Convert.ToHexStringLower(SHA256.HashData(stream));
        stream.Flush(flushToDisk: true);
        return $"{sum}  {Path.GetFileName(path)}\n";
    }

    /// <summary>What is wrong with a checkpoint; null if all its files are whole.</summary>
    internal static string? Problem(string folder)
    {
        string sums = Path.Combine(folder, FileName);
        if (!File.Exists(sums))
            return $"it has no {FileName} to compare it with (SpeechBrain's own have none)";
        string last = "";
        try
        {
            foreach (string line in File.ReadLines(sums))
            {
                if (line.Length < 67 || line[64..66] != "  " || line[66..] != Path.GetFileName(line[66..]))
                    return $"its {FileName} is damaged";
                last = line[66..];
                string file = Path.Combine(folder, last);
                if (!File.Exists(file))
                    return $"{last} is missing";
                using var stream = File.OpenRead(file);
                if (Convert.ToHexStringLower(SHA256.HashData(stream)) != line[..64])
                    return $"{last} is damaged: its checksum is wrong";
            }
            return last == CheckpointMeta.FileName ? null : $"its {FileName} is cut short";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"it cannot be read: {e.Message}";
        }
    }
}
