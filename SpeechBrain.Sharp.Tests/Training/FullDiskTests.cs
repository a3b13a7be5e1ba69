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

    private SmallDisk disk = null!;

    [SetUp]
    public void SetUp() => disk = new SmallDisk(Disk);

    [TearDown]
    public void TearDown() => disk?.Dispose();

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
        string save = disk["save/x"][..^2];
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
            disk.Fill(room << 10);
            Assert.That(() => checkpointer.Save(), Throws.TypeOf<IOException>().With.Message.Contains("No space left on device")
                .And.Message.Contains(save).And.Message.Contains("make room"), $"{room} kB free");
            failures++;
            Assert.That(Directory.GetFileSystemEntries(save), Has.Length.EqualTo(1), "nothing half-written");
            Assert.That(checkpointer.Recover(), Is.Not.Null);
            Assert.That(Numbers.Values(model.weight!), Is.EqualTo(saved));
        }
        disk.Empty();
        checkpointer.Save();
        Assert.That(failures, Is.GreaterThan(10));
    }
}
