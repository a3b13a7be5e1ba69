using System.IO.Enumeration;
using SpeechBrain.Sharp.Tests.Testing;

namespace SpeechBrain.Sharp.Tests.Documents;

/// <summary>Files and folders of the repository, by names whose case counts on every system.</summary>
internal static class RepositoryPath
{
    /// <summary>Whether a path leads to a file or folder; '*' stands for any characters within a name, '**' for any folders.</summary>
    internal static bool Exists(string path) =>
        Exists(Checkout.Root, Path.GetRelativePath(Checkout.Root, path).Replace('\\', '/').TrimEnd('/').Split('/'));

    private static bool Exists(string folder, ReadOnlySpan<string> parts)
    {
        if (parts.IsEmpty || parts is ["."])
            return true;
        if (!Directory.Exists(folder))
            return false;
        var rest = parts[1..];
        if (parts[0] == "**" && Exists(folder, rest))
            return true;
        string pattern = parts[0].Replace("**", "*", StringComparison.Ordinal);
        foreach (string entry in Directory.GetFileSystemEntries(folder))
            if (FileSystemName.MatchesSimpleExpression(pattern, Path.GetFileName(entry), ignoreCase: false)
                && Exists(entry, parts[0] == "**" ? parts : rest))
                return true;
        return false;
    }
}
