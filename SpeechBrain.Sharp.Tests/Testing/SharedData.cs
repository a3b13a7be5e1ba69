using NUnit.Framework;

namespace SpeechBrain.Sharp.Tests.Testing;

/// <summary>Real recordings that are not part of the repository: a folder <c>shared/data</c> beside it or beside any folder above it.</summary>
public static class SharedData
{
    /// <summary>Path of something in the folder; skips the test, with the reason, where it is absent.</summary>
    public static string Require(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, "shared", "data", name);
            if (Path.Exists(path))
                return path;
        }

        Assert.Ignore($"no shared/data/{name} above {AppContext.BaseDirectory}: real recordings are not part of the repository");
        return "";
    }
}
