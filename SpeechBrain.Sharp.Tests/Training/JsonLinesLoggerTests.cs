using System.Text.Json;
using NUnit.Framework;
using SpeechBrain.Sharp.Tests.Testing;
using SpeechBrain.Sharp.Training;

namespace SpeechBrain.Sharp.Tests.Training;

public sealed class JsonLinesLoggerTests
{
    private TestFolder folder = null!;
    private string path = null!;

    [SetUp]
    public void MakeFolder() => path = (folder = new TestFolder())["metrics.jsonl"];

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    // Two epochs of three batches, as a loop tells them.
    private static void Train(JsonLinesLogger logger, TrainingProgress progress, int steps = int.MaxValue)
    {
        for (; progress.Epoch <= 2; progress.NextEpoch())
        {
            while (progress.Batch < 3)
            {
                if (steps-- == 0)
                    return;
                progress.Batch++;
                progress.OptimizerSteps++;
                logger.LogStep(new(progress.Epoch, progress.Batch, progress.OptimizerSteps) { Train = [new("loss", 1.0 / progress.OptimizerSteps)] });
            }
            logger.LogEpoch(new(progress.Epoch, progress.OptimizerSteps) { Valid = [new("WER", 12.5)] });
        }
    }

    [Test]
    public void ALineIsAnObjectWithSpeechBrainsTags()
    {
        var logger = new JsonLinesLogger(path);
        logger.LogStep(new(2, 3, 45) { Meta = [new("lr", 8e-4), new("time/joint + loss", 2)], Train = [new("loss", 61.25)] });
        logger.LogEpoch(new(2, 80) { Train = [new("loss", 48.5)], Valid = [new("WER", 97)], Test = [new("WER", 96.5)] });
        Assert.That(
            File.ReadAllText(path),
            Is.EqualTo("""
                {"epoch":2,"batch":3,"step":45,"lr":0.0008,"time/joint + loss":2,"loss/train":61.25}
                {"epoch":2,"step":80,"loss/train":48.5,"WER/valid":97,"WER/test":96.5}

                """));
    }

    [Test]
    public void WhatWasWrittenIsReadAgain()
    {
        var logger = new JsonLinesLogger(path);
        logger.LogStep(new(1, 2, 1)
        {
            Meta = [new("grad_norm", double.PositiveInfinity)],
            Train = [new("loss", double.NaN), new("ctc_loss", 1e-300)],
        });
        logger.LogEpoch(new(1, 1));
        var entries = JsonLinesLogger.Read(path);
        Assert.That(entries.Select(entry => (entry.Epoch, entry.Batch, entry.OptimizerSteps)), Is.EqualTo(new[] { (1, (int?)2, 1L), (1, null, 1L) }));
        Assert.That(entries[0].Figures, Is.EqualTo(new Dictionary<string, double>
        {
            ["grad_norm"] = double.PositiveInfinity,
            ["loss/train"] = double.NaN,
            ["ctc_loss/train"] = 1e-300,
        }));
        Assert.That(() => File.ReadLines(path).ToList().ForEach(line => JsonDocument.Parse(line).Dispose()), Throws.Nothing, "JSON to the letter");
    }

    /// <summary>A log of LibriSpeech has millions of lines, and a dozen tags.</summary>
    [Test]
    public void LinesShareTheTextOfTheirTags()
    {
        Train(new(path), new(), steps: 2);
        string[] tags = [.. JsonLinesLogger.Read(path).Select(entry => entry.Figures.Keys.Single())];
        Assert.That(tags, Has.Length.EqualTo(2));
        Assert.That(tags[0], Is.SameAs(tags[1]));
    }

    /// <summary>Killed at every byte of the file: reading gives the whole lines.</summary>
    [Test]
    public void ATornLineIsPassedOver()
    {
        Train(new(path), new());
        byte[] whole = File.ReadAllBytes(path);
        var all = JsonLinesLogger.Read(path);
        for (int bytes = 0; bytes <= whole.Length; bytes++)
        {
            File.WriteAllBytes(path, whole[..bytes]);
            Assert.That(JsonLinesLogger.Read(path), Has.Count.EqualTo(whole.AsSpan(0, bytes).Count((byte)'\n')), $"{bytes} bytes");
        }
        Assert.That(all, Has.Count.EqualTo(8), "six steps, two epochs");
    }

    /// <summary>
    /// A checkpoint after any step, a kill at any later byte: the resumed run leaves the very file of a run that was never interrupted.
    /// </summary>
    [Test]
    public void AResumedRunLeavesTheFileOfAnUninterruptedOne([Range(0, 6)] int checkpointAfter)
    {
        Train(new(path), new());
        byte[] whole = File.ReadAllBytes(path);
        File.Delete(path);
        var checkpoint = new TrainingProgress();
        Train(new(path), checkpoint, checkpointAfter);
        int written = File.Exists(path) ? (int)new FileInfo(path).Length : 0;

        for (int bytes = written; bytes <= whole.Length; bytes += 7)
        {
            File.WriteAllBytes(path, whole[..bytes]);
            var progress = new TrainingProgress { Epoch = checkpoint.Epoch, Batch = checkpoint.Batch, OptimizerSteps = checkpoint.OptimizerSteps };
            var logger = new JsonLinesLogger(path);
            logger.Resume(progress);
            Train(logger, progress);
            Assert.That(File.ReadAllBytes(path), Is.EqualTo(whole), $"{bytes} bytes");
        }
    }

    [Test]
    public void LinesOfOthersStay()
    {
        var logger = new JsonLinesLogger(path);
        logger.LogStep(new(1, 1, 1));
        File.AppendAllText(path, "{\"note\":\"the learning rate was too high\"}\n");
        logger.LogStep(new(1, 2, 2));
        string wanted = File.ReadAllText(path);
        logger.LogStep(new(1, 3, 3));
        logger.Resume(new TrainingProgress { Batch = 2 });
        Assert.That(File.ReadAllText(path), Is.EqualTo(wanted));
    }

    [Test]
    public void ResumingWithoutAFileMakesNone()
    {
        new JsonLinesLogger(path).Resume(new());
        Assert.That(File.Exists(path), Is.False);
    }

    [Test]
    public void LinesOfOtherKindsAreNoEntries()
    {
        File.WriteAllText(path, """
            []
            {}
            null
            {"epoch":1}
            {"epoch":"x","step":1}
            {"epoch":1,"step":2,"note":"text"}
            {"epoch":1,"step":2,"a":1}

            """);
        Assert.That(JsonLinesLogger.Read(path), Has.Count.EqualTo(1));
    }

    [Test]
    public void AFullDiskIsReported()
    {
        if (!File.Exists("/dev/full"))
            Assert.Ignore("there is no /dev/full");
        Assert.That(() => new JsonLinesLogger("/dev/full").LogEpoch(new(1, 1)), Throws.InstanceOf<IOException>());
    }
}
