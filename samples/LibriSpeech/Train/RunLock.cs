namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>
/// Keeps a second training out of a folder: two would remove one another's checkpoints and mix their logs. The system lets go of it when the program
/// ends, in whatever way; the file, which is empty, stays.
/// </summary>
internal sealed class RunLock : IDisposable
{
    private const string FileName = ".lock";

    private readonly FileStream file;

    private RunLock(FileStream file) => this.file = file;

    /// <summary>Takes a folder, which is there.</summary>
    /// <exception cref="UserException">Another training has it.</exception>
    internal static RunLock Take(string folder)
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            return new(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw new UserException($"Another training is at work in '{folder}'; wait for its end, or name another --output-folder.", e);
        }
    }

    public void Dispose() => file.Dispose();
}
