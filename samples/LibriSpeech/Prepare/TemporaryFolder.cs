using System.Runtime.InteropServices;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>A folder to work in that becomes <c>target</c> when the work is complete, and is gone when it is not, Ctrl-C and kill included.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly string target;
    private readonly PosixSignalRegistration[] signals;

    internal TemporaryFolder(string target)
    {
        this.target = System.IO.Path.GetFullPath(target);
        var parent = System.IO.Path.GetDirectoryName(this.target)!;
        Path = System.IO.Path.Combine(parent, $".{System.IO.Path.GetFileName(this.target)}.{Environment.ProcessId}.part");
        Directory.CreateDirectory(Path);
        signals = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Select(signal => PosixSignalRegistration.Create(signal, Stop))];
    }

    internal string Path { get; }

    /// <summary>Moves the folder to its place.</summary>
    internal void Complete() => Directory.Move(Path, target);

    public void Dispose()
    {
        foreach (var signal in signals)
            signal.Dispose();
        if (Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
    }

    /// <summary>The work goes on while we delete, so a folder may have become non-empty again; then once more.</summary>
    private void Stop(PosixSignalContext context)
    {
        context.Cancel = true; // we end the process ourselves, after the deletion
        for (var attempt = 0; attempt < 20 && Directory.Exists(Path); attempt++)
        {
            try
            {
                Directory.Delete(Path, recursive: true);
            }
            catch (IOException)
            {
                Thread.Sleep(10);
            }
        }

        Environment.Exit(context.Signal == PosixSignal.SIGINT ? 130 : 143);
    }
}
