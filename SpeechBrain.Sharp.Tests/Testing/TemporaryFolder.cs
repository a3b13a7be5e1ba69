namespace SpeechBrain.Sharp.Tests.Testing;

/// <summary>An empty folder that goes away with what is in it.</summary>
public sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("sbsharp-");

    /// <summary>The folder's path.</summary>
    public string Path => folder.FullName;

    /// <summary>The path of a file in it.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>The names of what is in it.</summary>
    public IEnumerable<string> Names => folder.EnumerateFileSystemInfos().Select(f => f.Name);

    public void Dispose() => folder.Delete(recursive: true);
}
