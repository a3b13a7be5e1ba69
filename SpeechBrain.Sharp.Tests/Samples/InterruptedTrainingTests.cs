using System.Diagnostics;
using NUnit.Framework;
using SpeechBrain.Sharp.Data;
using SpeechBrain.Sharp.Serialization;
using SpeechBrain.Sharp.Tests.Testing;
using SpeechBrain.Sharp.Training;
using TorchSharp;

namespace SpeechBrain.Sharp.Tests.Samples;

/// <summary>
/// The sample as a process of its own that is ended again and again: by Ctrl-C, by SIGTERM, and by kill -9 at twenty places that a seed chooses, half
/// of them inside the writing of a checkpoint. Whatever happens, the same command goes on, and in the end everything is as if nothing had been.
/// </summary>
[Platform(Exclude = "Win", Reason = "signals are sent by kill")]
public sealed class InterruptedTrainingTests
{
    private const int Kills = 20, Utterances = 8, Epochs = 15, FilesOfACheckpoint = 11, DiedBySigKill = 137;
    private const string Whole = "whole";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private TestFolder folder = null!;

    [SetUp]
    public void MakeData()
    {
        folder = new TestFolder();
        var random = new Random(1);
        string[] words = ["ONE", "TWO", "SIX", "TEN"];
        List<Utterance> utterances = [];
        for (int i = 0; i < Utterances; i++)
        {
            float[] samples = [.. Enumerable.Range(0, 6000 + 500 * i).Select(_ => 0.1f * random.NextSingle())];
            AudioFile.Write(folder[$"u{i}.flac"], new AudioData(samples, 16000, 1));
            utterances.Add(new Utterance($"u{i}", folder[$"u{i}.flac"], "s", samples.Length / 16000.0, words[i % words.Length]));
        }
        Manifest.Write(folder["data.csv"], utterances, folder.Path);
        // Everything that has a state takes part: dropout, all draws, accumulation, statistics, the best checkpoints.
        File.WriteAllText(folder["recipe.yaml"], $"""
            train_csv: [{folder["data.csv"]}]
            valid_csv: {folder["data.csv"]}
            data_folder: {folder.Path}
            batch_size: 2
            d_model: 16
            nhead: 2
            num_encoder_layers: 1
            d_ffn: 32
            joint_dim: 16
            dec_dim: 16
            transformer_dropout: 0.1
            dec_dropout: 0.1
            fea_augment: true
            chunkwise_prob: 0.5
            chunk_size_min: 1
            chunk_size_max: 4
            limited_left_context_prob: 0.5
            left_context_chunks_min: 0
            left_context_chunks_max: 2
            grad_accumulation_factor: 3
            valid_interval_epochs: 5
            best_key: loss
            avg_checkpoints: 2
            """);
    }

    [TearDown]
    public void RemoveData() => folder.Dispose();

    [Test]
    public void ARunThatIsKilledAgainAndAgainEndsAsIfItHadNotBeen()
    {
        Assert.That(End(Start(Whole, checkpointEvery: 4)), Is.EqualTo((0, "")));
        var random = new Random(8);
        int insideWrites = 0, run = 0;
        for (int kill = 0; kill < Kills;)
        {
            // Odd ones die when a checkpoint is half-way: when so many of its files are there.
            int every = random.Next(1, 4), steps = random.Next(1, 4), files = random.Next(kill % 2 == 0 ? 1 : FilesOfACheckpoint);
            using var process = Start(Killed(run), every);
            WaitForSteps(process, Killed(run), steps);
            Wait(process, () => kill % 2 == 0 || HalfWritten(Killed(run)).Any(part => Count(part) >= files));
            process.Kill();
            var (code, error) = End(process);
            if (code == 0) // it was faster: another one
                AssertAsIfNothingHadBeen(Killed(run++));
            else
                Assert.That((code, error), Is.EqualTo((DiedBySigKill, "")), $"kill {kill++}: what it went on from was whole");
            insideWrites += HalfWritten(Killed(run)).Length;
        }
        TestContext.Out.WriteLine($"{insideWrites} of {Kills} kills left a checkpoint half written.");
        Assert.That(End(Start(Killed(run), checkpointEvery: 4)), Is.EqualTo((0, "")));
        AssertAsIfNothingHadBeen(Killed(run));

        static string Killed(int number) => $"killed{number}";
    }

    [TestCase("-INT", 130)]
    [TestCase("-TERM", 143)]
    public void ASignalSavesAndEnds(string signal, int exitCode)
    {
        using var process = Start("run", checkpointEvery: 0, epochs: 10_000);
        WaitForSteps(process, "run", 2);
        Signal(process, signal);
        var (code, error) = End(process);
        Assert.That(code, Is.EqualTo(exitCode), error);
        Assert.That(error, Does.StartWith("interrupted at epoch ").And.EndWith("the same command goes on from there\n"));
        Assert.That(Directory.GetDirectories(folder["run/save"]), Is.EqualTo(new[] { error.Split('\'')[1] }));
    }

    private void AssertAsIfNothingHadBeen(string run)
    {
        AssertSame("model.ckpt", _ => "");
        AssertSame("normalizer.ckpt", _ => "");
        foreach (string file in new[] { "model.ckpt", "optimizer.bin", "scheduler.ckpt", "update.ckpt", "generators.ckpt", "normalizer.ckpt", "progress.ckpt" })
            AssertSame(file, Newest);
        Assert.That(File.ReadAllText(folder[$"{run}/train_log.txt"]), Is.EqualTo(File.ReadAllText(folder[$"{Whole}/train_log.txt"])));
        Assert.That(Steps(run), Is.EqualTo(Steps(Whole)), "each step once, with its loss, gradient and rate");

        void AssertSame(string file, Func<string, string> place)
        {
            byte[] Bytes(string of) => File.ReadAllBytes(Path.Combine(folder.Path, of, place(of), file));
            Assert.That(Bytes(run).AsSpan().SequenceEqual(Bytes(Whole)), file);
        }
    }

    private string[] HalfWritten(string run) =>
        Directory.Exists(folder[$"{run}/save"]) ? Directory.GetDirectories(folder[$"{run}/save"], ".CKPT+*.part") : [];

    private static int Count(string part)
    {
        try
        {
            return Directory.GetFiles(part).Length;
        }
        catch (DirectoryNotFoundException)
        {
            return 0; // it was renamed meanwhile: complete
        }
    }

    private string Newest(string run) => Directory.GetDirectories(Path.Combine(folder.Path, run, "save"), "CKPT+*")
        .MaxBy(path => SpeechBrainCheckpointFolder.Open(path).UnixTime)!;

    private string[] Steps(string run) =>
    [
        .. JsonLinesLogger.Read(folder[$"{run}/metrics.jsonl"]).Where(entry => entry.Batch is not null).Select(entry => FormattableString.Invariant(
            $"{entry.Epoch}/{entry.Batch}: {entry.Figures["loss/train"]:R} {entry.Figures["lr"]:R} {entry.Figures.GetValueOrDefault("grad_norm"):R}")),
    ];

    private Process Start(string run, int checkpointEvery, int epochs = Epochs)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in new[]
        {
            Path.Combine(AppContext.BaseDirectory, "LibriSpeech.dll"), "train", "--recipe", folder["recipe.yaml"],
            "--output-folder", Path.Combine(folder.Path, run), "--ckpt-interval-steps", $"{checkpointEvery}",
            "--number-of-epochs", $"{epochs}",
        })
            start.ArgumentList.Add(argument);
        start.Environment["OMP_NUM_THREADS"] = "1";
        return Process.Start(start)!;
    }

    // Waits until so many more steps are logged.
    private void WaitForSteps(Process process, string run, int steps)
    {
        string log = folder[$"{run}/metrics.jsonl"];
        long Length() => File.Exists(log) ? File.ReadLines(log).LongCount() : 0;
        long before = Length();
        // What a resumed run does over is cut off first.
        Wait(process, () =>
        {
            long now = Length();
            before = Math.Min(before, now);
            return now >= before + steps;
        });
    }

    private static void Wait(Process process, Func<bool> condition)
    {
        var clock = Stopwatch.StartNew();
        while (!condition() && !process.HasExited && clock.Elapsed < Limit)
            Thread.Yield();
    }

    private static void Signal(Process process, string signal)
    {
        using var kill = Process.Start("kill", [signal, $"{process.Id}"]);
        kill.WaitForExit();
    }

    private static (int Code, string Error) End(Process process)
    {
        using (process)
        {
            process.OutputDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            string error = process.StandardError.ReadToEnd();
            Assert.That(process.WaitForExit(Limit), "it ends");
            return (process.ExitCode, error);
        }
    }
}
