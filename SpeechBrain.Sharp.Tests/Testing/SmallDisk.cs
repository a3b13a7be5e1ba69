using System.ComponentModel;
using System.Diagnostics;
using NUnit.Framework;

namespace SpeechBrain.Sharp.Tests.Testing;

/// <summary>A file system in memory, small enough to run full in earnest. To mount one takes root's rights: without them the test is skipped.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TestFolder folder = new();

    internal SmallDisk(int bytes)
    {
        if (OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", $"size={bytes}", "tmpfs", folder.Path))
            return;
        folder.Dispose();
        Assert.Ignore("a small file system cannot be mounted here: that takes Linux and root's rights");
    }

    internal string Path => folder.Path;

    internal string this[string name] => folder[name];

    /// <summary>Fills it with a file, but for some bytes.</summary>
    internal void Fill(int room)
    {
        File.Delete(folder["filler"]);
        using var filler = File.Create(folder["filler"]);
        byte[] page = new byte[4096];
        try
        {
            while (true)
            {
                filler.Write(page);
                filler.Flush();
            }
        }
        catch (IOException)
        {
            filler.SetLength(Math.Max(0, filler.Length - room));
        }
    }

    /// <summary>Makes room again.</summary>
    internal void Empty() => File.Delete(folder["filler"]);

    public void Dispose()
    {
        Run("umount", "-l", folder.Path);
        folder.Dispose();
    }

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true });
            process?.WaitForExit();
            return process?.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false; // there is no such program
        }
    }
}
