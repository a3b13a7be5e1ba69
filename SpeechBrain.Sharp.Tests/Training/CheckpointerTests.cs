using NUnit.Framework;
using SpeechBrain.Sharp.Data;
using SpeechBrain.Sharp.Features;
using SpeechBrain.Sharp.Serialization;
using SpeechBrain.Sharp.Tests.Testing;
using SpeechBrain.Sharp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Training;

[TestFixture]
public sealed class CheckpointerTests
{
    private TestFolder folder = null!;
    private DisposeScope scope = null!;
    private List<string> log = null!;

    [SetUp]
    public void SetUp()
    {
        folder = new TestFolder();
        scope = NewDisposeScope();
        log = [];
    }

    [TearDown]
    public void TearDown()
    {
        scope.Dispose();
        folder.Dispose();
    }

    /// <summary>A file with one number, which can be made to fail.</summary>
    private sealed class Note(string name) : IRecoverable
    {
        internal long Value { get; set; }

        internal Action<string>? Before { get; set; }

        public string FileName => name + ".ckpt";

        public void Save(string path)
        {
            Before?.Invoke(path);
            SpeechBrainCheckpoint.Save(path, Value);
        }

        public Action Prepare(string path)
        {
            long value = (long)SpeechBrainCheckpoint.Load(path)!;
            return () => Value = value;
        }
    }

    private Checkpointer Make(IReadOnlyList<IRecoverable> recoverables, int keepBest = 0, string? metric = null, int keepNewest = 1) =>
        new(folder["save"], recoverables, keepBest, metric, keepNewest: keepNewest, log: log.Add);

    private static Dictionary<string, object?> Wer(double wer) => new() { ["WER"] = wer };

    [Test]
    public void TheNewestComesBack()
    {
        var note = new Note("note");
        var checkpointer = Make([note]);
        Assert.That(checkpointer.Recover(), Is.Null);
        for (note.Value = 1; note.Value <= 3; note.Value++)
            checkpointer.Save(new Dictionary<string, object?> { ["epoch"] = note.Value, ["lr"] = 1e-5, ["tag"] = "x: y" },
                endOfEpoch: note.Value != 3);
        note.Value = -1;
        var recovered = checkpointer.Recover()!;
        Assert.That(note.Value, Is.EqualTo(3));
        Assert.That(
            (recovered.Meta["epoch"], recovered.Meta["lr"], recovered.Meta["tag"], recovered.EndOfEpoch), Is.EqualTo((3L, 1e-5, "x: y", false)));
        Assert.That(checkpointer.Checkpoints(), Has.Count.EqualTo(1), "only the newest is kept");
        Assert.That(log, Is.Empty);
    }

    [Test]
    public void TheBestAndTheNewestAreKept()
    {
        var note = new Note("note");
        var checkpointer = Make([note], keepBest: 2, metric: "WER");
        foreach (double wer in (double[])[9, 4, double.NaN, 5, 4, 7, 8])
        {
            note.Value++;
            checkpointer.Save(Wer(wer));
        }
        note.Value++;
        checkpointer.Save(); // without the figure
        // Of the two with 4 and then 5: the two best are both of 4, the newest is the last.
        Assert.That(checkpointer.Best(9).Select(c => c.Meta["WER"]), Is.EqualTo(new object[] { 4.0, 4.0 }));
        Assert.That(checkpointer.Checkpoints(), Has.Count.EqualTo(3));
        Assert.That(checkpointer.Best(1)[0].UnixTime, Is.GreaterThan(checkpointer.Best(2)[1].UnixTime), "the newer of equals first");
        checkpointer.Recover();
        Assert.That(note.Value, Is.EqualTo(8));

        var other = new Checkpointer(folder["acc"], [note], 1, "ACC", higherIsBetter: true, keepNewest: 2);
        foreach (double acc in (double[])[0.5, 0.9, 0.7, 0.6])
            other.Save(new Dictionary<string, object?> { ["ACC"] = acc });
        Assert.That(other.Checkpoints().Select(c => c.Meta["ACC"]), Is.EqualTo(new object[] { 0.6, 0.7, 0.9 }));
    }

    [Test]
    public void KilledAfterAnyStepTheLastWholeCheckpointIsThere()
    {
        Note first = new("first"), second = new("second");
        int steps = 0;
        for (int kill = 0; ; kill++)
        {
            using var place = new TestFolder();
            var checkpointer = new Checkpointer(place["save"], [first, second], log: log.Add);
            (first.Value, second.Value) = (1, 1);
            checkpointer.Save();
            (first.Value, second.Value) = (2, 2);
            // Never disposed of, as a killed program disposes of nothing.
            var save = checkpointer.SaveSteps(checkpointer.FreeName(), new Dictionary<string, object?>(), true).GetEnumerator();
            bool ended = false, renamed = false;
            for (int step = 0; step <= kill && !ended; step++)
            {
                ended = !save.MoveNext();
                renamed |= !ended && save.Current == "renamed the folder";
            }

            (first.Value, second.Value) = (-1, -1);
            var next = new Checkpointer(place["save"], [first, second], log: log.Add);
            Assert.That(next.Recover(), Is.Not.Null, save.Current);
            Assert.That((first.Value, second.Value), Is.EqualTo(renamed ? (2, 2) : (1, 1)), save.Current);
            next.Save();
            Assert.That(Directory.GetFileSystemEntries(place["save"]), Has.Length.EqualTo(1), "what was left is removed");
            if (ended)
                break;
            steps++;
        }
        Assert.That(steps, Is.EqualTo(11));
        Assert.That(log, Is.Empty, "nothing half-written was ever looked at");
    }

    [Test]
    public void AFullDiskLeavesTheEarlierOnes()
    {
        Note first = new("first") { Value = 1 }, second = new("second") { Value = 1 };
        var checkpointer = Make([first, second]);
        checkpointer.Save();
        first.Value = second.Value = 2;
        second.Before = path =>
        {
            File.WriteAllText(path, "half of the f");
            throw new IOException("No space left on device");
        };
        Assert.That(() => checkpointer.Save(), Throws.TypeOf<IOException>()
            .With.Message.Contains("No space left on device").And.Message.Contains(folder["save"]).And.Message.Contains("make room"));
        Assert.That(Directory.GetFileSystemEntries(folder["save"]), Has.Length.EqualTo(1), "nothing half-written");
        checkpointer.Recover();
        Assert.That((first.Value, second.Value), Is.EqualTo((1, 1)));
    }

    [Test]
    public void AnOldOneThatCannotBeRemovedDoesNotUndoTheSaving()
    {
        var note = new Note("note") { Value = 1 };
        var checkpointer = Make([note]);
        string old = checkpointer.Save().Path;
        File.WriteAllText(Path.Combine(folder["save"], $".{Path.GetFileName(old)}.part"), "a file where the old folder goes");
        note.Value = 2;
        checkpointer.Save();
        Assert.That(log, Has.Count.EqualTo(1).And.Some.Contains("is saved, but an old one could not be removed"));
        note.Value = -1;
        checkpointer.Recover();
        Assert.That(note.Value, Is.EqualTo(2));
    }

    [Test]
    public void DamagedOnesAreSkippedByName()
    {
        var note = new Note("note");
        var checkpointer = Make([note], keepNewest: 20);
        Action<string>[] damages =
        [
            path => File.Delete(Path.Combine(path, "note.ckpt")),
            path => File.WriteAllText(Path.Combine(path, "note.ckpt"), ""),
            path => Flip(Path.Combine(path, "note.ckpt")),
            path => Flip(Path.Combine(path, "CKPT.yaml")),
            path => File.Delete(Path.Combine(path, "CKPT.yaml")),
            path => File.Delete(Path.Combine(path, "SHA256SUMS")),
            path => File.WriteAllText(Path.Combine(path, "SHA256SUMS"), "../../secret\n"),
            path => File.WriteAllText(Path.Combine(path, "SHA256SUMS"), ""),
            path => File.WriteAllLines(Path.Combine(path, "SHA256SUMS"), File.ReadAllLines(Path.Combine(path, "SHA256SUMS"))[..1]),
        ];
        note.Value = 1;
        checkpointer.Save();
        foreach (var damage in damages)
        {
            note.Value++;
            damage(checkpointer.Save().Path);
        }
        checkpointer.Recover();
        Assert.That(note.Value, Is.EqualTo(1));
        Assert.That(log.Distinct().Count(), Is.EqualTo(damages.Length), string.Join("\n", log));
        Assert.That(log, Has.All.Contains("Skipped checkpoint").And.All.Contains("CKPT+").And.All.Contains("Remove it"));
        Assert.That(log, Has.Some.Contains("note.ckpt is missing").And.Some.Contains("note.ckpt is damaged").And.Some.Contains("no SHA256SUMS"));
        Assert.That(log, Has.Some.Contains("SpeechBrain's own have none"));

        static void Flip(string path)
        {
            byte[] bytes = File.ReadAllBytes(path);
            bytes[bytes.Length / 2] ^= 1;
            File.WriteAllBytes(path, bytes);
        }
    }

    [Test]
    public void ACheckpointOfAnotherModelIsRefusedAndChangesNothing()
    {
        using var small = nn.Linear(2, 2);
        using var smallOptimizer = optim.AdamW(small.parameters());
        Make([Recoverable.Module("model", small), Recoverable.Optimizer("optimizer", smallOptimizer)]).Save();

        using var large = nn.Linear(3, 2);
        using var largeOptimizer = optim.AdamW(large.parameters());
        var note = new Note("model") { Value = 7 };
        double[] before = Numbers.Values(large.weight!);
        Assert.That(() => Make([Recoverable.Module("model", large)]).Recover(),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("[2, 2] Float32 in the file"));
        Assert.That(Numbers.Values(large.weight!), Is.EqualTo(before));
        Assert.That(() => Make([Recoverable.Optimizer("optimizer", largeOptimizer)]).Recover(),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("'[2, 2] Float32' where the optimizer has '[2, 3] Float32'"));
        using var sgd = optim.SGD(small.parameters(), 0.1);
        Assert.That(() => Make([Recoverable.Optimizer("optimizer", sgd)]).Recover(),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("'AdamW'"));
        Assert.That(() => Make([new Note("other")]).Recover(), Throws.TypeOf<InvalidDataException>().With.Message.Contains("has no other.ckpt"));
        using var generator = new Generator(1);
        Make([Recoverable.Generators("random", new Dictionary<string, Generator> { ["speed"] = generator })]).Save();
        Assert.That(() => Make([Recoverable.Generators("random", new Dictionary<string, Generator> { ["mask"] = generator })]).Recover(),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("holds the generators speed, torch; wanted are mask, torch"));
    }

    [Test]
    public void TheMeanOfTheBest()
    {
        using var linear = nn.Linear(1, 1, hasBias: false);
        var checkpointer = Make([Recoverable.Module("model", linear)], keepBest: 3, metric: "WER");
        void Save(double weight, double wer)
        {
            using var frozen = no_grad();
            linear.weight!.fill_(weight);
            checkpointer.Save(Wer(wer));
        }
        Save(1, 30);
        Save(10, 10);
        Save(20, 5);
        Save(60, 20);
        Save(1000, 99);
        Assert.That(Numbers.Values(checkpointer.Average(2)["weight"]), Is.EqualTo(new[] { 15.0 }));
        Assert.That(Numbers.Values(checkpointer.Average(9)["weight"]), Is.EqualTo(new[] { (10 + 20 + 60 + 1000) / 4.0 }),
            "all that are left, the newest too");

        File.WriteAllText(Path.Combine(checkpointer.Best(1)[0].Path, "model.ckpt"), "");
        Assert.That(Numbers.Values(checkpointer.Average(2)["weight"]), Is.EqualTo(new[] { 35.0 }), "the next best in place of a damaged one");
        Assert.That(log, Has.Some.Contains("model.ckpt is damaged"));

        var newest = new Checkpointer(folder["newest"], [Recoverable.Module("model", linear)], keepNewest: 2);
        Assert.That(() => newest.Average(1), Throws.InvalidOperationException.With.Message.Contains("no whole checkpoint"));
        Assert.That(() => newest.Best(1), Throws.InvalidOperationException.With.Message.Contains("no metric"));
    }

    [Test]
    public void AResumedTrainingIsTheUninterruptedOneBitForBit([Values(1, 4, 5, 6, 9)] int batchesBefore)
    {
        byte[] whole = Train(new Trainee(), 12);

        var first = new Trainee();
        Train(first, batchesBefore);
        Make(first.Recoverables).Save(endOfEpoch: false);
        var second = new Trainee();
        random.manual_seed(999); // whatever a new process begins with
        Assert.That(Make(second.Recoverables).Recover(), Is.Not.Null);
        Assert.That(Train(second, 12), Is.EqualTo(whole));
    }

    /// <summary>A training with everything that has a state: dropout, augmentation, running statistics, schedule, batches of an epoch.</summary>
    private sealed class Trainee
    {
        internal Trainee()
        {
            random.manual_seed(3);
            Model = nn.Sequential(("in", nn.Linear(3, 8)), ("drop", nn.Dropout(0.5)), ("out", nn.Linear(8, 1)));
            Optimizer = optim.AdamW(Model.parameters(), 0.05, weight_decay: 0.01);
            Normalizer.train();
        }

        internal TorchSharp.Modules.Sequential Model { get; }

        internal TorchSharp.Modules.AdamW Optimizer { get; }

        internal NoamScheduler Scheduler { get; } = new(0.05, 4);

        internal InputNormalization Normalizer { get; } = new(updateUntilEpoch: 3);

        internal Generator Noise { get; } = new(17);

        internal TrainingProgress Progress { get; } = new();

        internal IReadOnlyList<IRecoverable> Recoverables =>
        [
            Recoverable.Module("model", Model), Recoverable.Optimizer("optimizer", Optimizer), Recoverable.Scheduler("scheduler", Scheduler),
            Recoverable.Normalizer("normalizer", Normalizer), Recoverable.Progress("progress", Progress),
            Recoverable.Generators("generators", new Dictionary<string, Generator> { ["noise"] = Noise }),
        ];
    }

    private static byte[] Train(Trainee t, long untilStep)
    {
        using var inner = NewDisposeScope();
        var data = Noise.Normal([20, 6, 3]);
        var sampler = new DynamicBatchSampler([.. Enumerable.Range(0, 20).Select(i => 1.0 + i % 3)], 12, [1.0, 2, 3]);
        for (; ; t.Progress.NextEpoch())
        {
            foreach (int[] indices in sampler.Batches(t.Progress.Epoch).Skip(t.Progress.Batch))
            {
                if (t.Progress.OptimizerSteps == untilStep)
                    return [.. t.Model.state_dict().Values.SelectMany(w => w.detach().bytes.ToArray())];
                var x = data[tensor(indices.Select(i => (long)i).ToArray())];
                x = x + randn(x.shape, generator: t.Noise) * 0.1;
                var loss = t.Model.call(t.Normalizer.call(x, null, t.Progress.Epoch)!).square().mean();
                loss.backward();
                t.Optimizer.step();
                t.Optimizer.zero_grad();
                t.Scheduler.Step(t.Optimizer);
                t.Progress.Batch++;
                t.Progress.OptimizerSteps++;
            }
        }
    }

    [Test]
    public void BadArgumentsAreRefused()
    {
        var note = new Note("note");
        Refusal.Of(() => Make([]), "at least one recoverable");
        Refusal.Of(() => Make([note, new Note("note")]), "'note.ckpt' is taken");
        Refusal.Of(() => Make([new Note("../note")]), "no name");
        Refusal.Of(() => Make([note, null!]), "One of recoverables is null");
        Refusal.Of(() => Make([note], keepBest: 1), "by which figure");
        Refusal.Of(() => Make([note], keepNewest: 0), "keepNewest");
        Refusal.Of(() => Make([note]).Save(new Dictionary<string, object?> { ["unixtime"] = 1.0 }), "'unixtime' is the checkpoint's own");
        Refusal.Of(() => Make([note]).Save(new Dictionary<string, object?> { ["x"] = new object() }), "numbers, truth values and text");
        Refusal.Of(() => Recoverable.Generators("g", new Dictionary<string, Generator> { ["torch"] = new(1) }), "choose another");
        Refusal.Of(() => Recoverable.Generators("g", new Dictionary<string, Generator> { ["speed"] = null! }), "generators[speed]");
        Refusal.Of(() => new TrainingProgress().Epoch = 0, "at least 1");
        Assert.That(Directory.GetFileSystemEntries(folder["save"]), Is.Empty);
    }

    [Test]
    public void SavingAndRecoveringLeakNothing()
    {
        var trainee = new Trainee();
        Train(trainee, 2);
        var checkpointer = Make(trainee.Recoverables);
        LeakCheck.IsClean(() => { checkpointer.Save(); });
        LeakCheck.IsClean(() => { checkpointer.Recover(); });
        LeakCheck.IsClean(() =>
        {
            foreach (var tensor in checkpointer.Average(1).Values)
                tensor.Dispose();
        });
    }

    [Test]
    public void CoreutilsAndSpeechBrainsFormatsAreKept()
    {
        var trainee = new Trainee();
        Train(trainee, 3);
        var saved = Make(trainee.Recoverables).Save(Wer(12.5));
        Assert.That(Path.GetFileName(saved.Path), Does.Match(@"^CKPT\+\d{4}-\d\d-\d\d\+\d\d-\d\d-\d\d\+\d\d$"));
        Assert.That(saved.Names, Is.EqualTo(new[] { "generators", "model", "normalizer", "progress", "scheduler" }));
        string read = DebianPython.Run("torch", """
            import sys, torch
            model, normalizer, scheduler = (torch.load(f"{sys.argv[1]}/{n}.ckpt") for n in ("model", "normalizer", "scheduler"))
            print(list(model), type(normalizer["count"]).__name__, normalizer["glob_mean"].shape, scheduler)
            """, saved.Path);
        Assert.That(read.Trim(), Is.EqualTo("['in.weight', 'in.bias', 'out.weight', 'out.bias'] int torch.Size([3]) {'losses': [], 'n_steps': 3}"));
    }
}
