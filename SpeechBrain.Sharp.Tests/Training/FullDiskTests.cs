using System.ComponentModel;
using System.Diagnostics;
using NUnit.Framework;
using SpeechBrain.Sharp.Tests.Testing;
using SpeechBrain.Sharp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Training;

/// <summary>Checkpoints on a disk that is full in earnest: a file system of 512 kB in memory. To mount one takes root's rights.</summary>
[TestFixture]
public sealed class FullDiskTests
{
    private const int Disk = 512 << 10;

    private TestFolder folder = null!;

    [SetUp]
    public void SetUp()
    {
        folder = new TestFolder();
        if (!OperatingSystem.IsLinux() || !Run("mount", "-t", "tmpfs", "-o", $"size={Disk}", "tmpfs", folder.Path))
        {
            folder.Dispose();
            Assert.Ignore("a small file system cannot be mounted here: that takes Linux and root's rights");
        }
    }

    [TearDown]
    public void TearDown()
    {
        if (!Directory.Exists(folder.Path))
            return;
        Run("umount", "-l", folder.Path);
        folder.Dispose();
    }

    [Test]
    public void WhereverTheDiskRunsFullTheEarlierCheckpointStaysAndTheMessageNamesTheFix()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        using var model = nn.Linear(64, 96);
        using var optimizer = optim.AdamW(model.parameters());
        using var update = new WeightUpdate(optimizer, [.. model.parameters()], new() { GradAccumulationFactor = 2 });
        for (int i = 0; i < 3; i++)
            update.Backward(model.call(ones(1, 64)).sum(), ["a"]);
        string save = folder["save/x"][..^2];
        var checkpointer = new Checkpointer(save, [Recoverable.Module("model", model), .. update.Recoverables()], log: _ => { });
        checkpointer.Save();
        double[] saved = Numbers.Values(model.weight!);
        long used = Directory.GetFiles(save, "*", SearchOption.AllDirectories).Sum(f => new FileInfo(f).Length);
        Assert.That(used, Is.InRange(100_000, Disk / 3), "more than the room that is left below");

        int failures = 0;
        for (int room = 0; room < 100; room += 8) // kB
        {
            using (no_grad())
                model.weight!.fill_(room);
            File.Delete(folder["filler"]);
            using (var filler = File.Create(folder["filler"]))
                Fill(filler, room << 10);
            Assert.That(() => checkpointer.Save(), Throws.TypeOf<IOException>().With.Message.Contains("No space left on device")
                .And.Message.Contains(save).And.Message.Contains("make room"), $"{room} kB free");
            failures++;
            Assert.That(Directory.GetFileSystemEntries(save), Has.Length.EqualTo(1), "nothing half-written");
            Assert.That(checkpointer.Recover(), Is.Not.Null);
            Assert.That(Numbers.Values(model.weight!), Is.EqualTo(saved));
        }
        File.Delete(folder["filler"]);
        checkpointer.Save();
        Assert.That(failures, Is.GreaterThan(10));
    }

    /// <summary>Fills the disk, but for some bytes.</summary>
    private static void Fill(FileStream filler, int room)
    {
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
