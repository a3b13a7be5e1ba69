using System.Text;
using NUnit.Framework;
using SpeechBrain.Sharp.Tests.Testing;
using SpeechBrain.Sharp.Training;

namespace SpeechBrain.Sharp.Tests.Training;

public sealed class TensorBoardLoggerTests
{
    private sealed class Clock : TimeProvider
    {
        internal DateTimeOffset Now { get; set; } = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_250);

        public override DateTimeOffset GetUtcNow() => Now;
    }

    private readonly Clock clock = new();
    private TestFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TestFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    private List<List<EventFile.Event>> Files() => [.. folder.Files.Select(file => EventFile.Read(Path.Combine(folder.Path, file)))];

    [TestCase("123456789", 0xE3069283u, TestName = "CrcOfTheCheckString")]
    [TestCase("", 0u, TestName = "CrcOfNothing")]
    public void Crc(string text, uint expected) => Assert.That(TfRecord.Crc(Encoding.ASCII.GetBytes(text)), Is.EqualTo(expected));

    /// <summary>RFC 3720, appendix B.4.</summary>
    [Test]
    public void CrcOfTheStandardsExamples()
    {
        Assert.That(TfRecord.Crc(new byte[32]), Is.EqualTo(0x8A9136AAu));
        Assert.That(TfRecord.Crc(Enumerable.Repeat((byte)0xFF, 32).ToArray()), Is.EqualTo(0x62A8AB43u));
        Assert.That(TfRecord.Crc([.. Enumerable.Range(0, 32).Select(i => (byte)i)]), Is.EqualTo(0x46DD794Eu));
        byte[] noise = new byte[1000];
        new Random(1).NextBytes(noise);
        Assert.That(TfRecord.Crc(noise), Is.EqualTo(EventFile.Crc(noise)));
    }

    [Test]
    public void StepsAndEpochsAreScalarsWithSpeechBrainsTags()
    {
        var logger = new TensorBoardLogger(folder.Path, clock);
        logger.LogStep(new(1, 1, 1) { Meta = [new("lr", 8e-4)], Train = [new("loss", 61.25), new("ctc_loss", double.NaN)] });
        logger.LogEpoch(new(1, 300) { Meta = [new("lr", 4e-4)], Train = [new("loss", 50)], Valid = [new("loss", 40), new("WER", 97.5)] });
        Assert.That(folder.Files.Single(), Does.StartWith("events.out.tfevents.1700000000.").And.EndsWith(Environment.MachineName));
        var events = Files().Single();
        Assert.That(events[0].FileVersion, Is.EqualTo("brain.Event:2"));
        Assert.That(events.Select(e => e.WallTime), Is.All.EqualTo(1_700_000_000.25));
        Assert.That(events[1].Step, Is.EqualTo(1));
        Assert.That(events[1].Scalars, Is.EqualTo(new[] { ("lr", 8e-4f), ("loss/train", 61.25f), ("ctc_loss/train", float.NaN) }));
        Assert.That(events[2].Step, Is.EqualTo(300), "a number of two bytes");
        Assert.That(events[2].Scalars, Is.EqualTo(new[] { ("epoch/lr", 4e-4f), ("epoch/loss/train", 50f), ("loss/valid", 40f), ("WER/valid", 97.5f) }));
        Assert.That(events, Has.Count.EqualTo(3));
    }

    [Test]
    public void OfGatheredBatchesTheOneThatCompletesTheStepCounts()
    {
        var logger = new TensorBoardLogger(folder.Path, clock);
        for (int batch = 1; batch <= 8; batch++)
            logger.LogStep(new(1, batch, batch / 4) { Train = [new("loss", batch)] });
        Assert.That(Files().Single()[1..].Select(e => (e.Step, e.Scalars[0].Value)), Is.EqualTo(new[] { (1L, 4f), (2L, 8f) }));
    }

    [Test]
    public void AResumeDropsWhatComesAgain()
    {
        var first = new TensorBoardLogger(folder.Path, clock);
        for (int step = 1; step <= 5; step++)
            first.LogStep(new(1, step, step) { Train = [new("loss", step)] });
        var second = new TensorBoardLogger(folder.Path, clock);
        second.Resume(new TrainingProgress { Batch = 3, OptimizerSteps = 3 });
        second.LogStep(new(1, 4, 4) { Train = [new("loss", 40)] });

        var files = Files();
        Assert.That(files, Has.Count.EqualTo(2), "in the order of their names");
        Assert.That(files[1].Select(e => (e.Step, e.FileVersion, e.SessionStatus)), Is.EqualTo(
            new[] { (0L, "brain.Event:2", (long?)null), (4L, null, 1L), (4L, null, null) }));
        // What TensorBoard shows: a start event drops what is at its step or later.
        var shown = new List<(long Step, float Value)>();
        foreach (var e in files.SelectMany(file => file))
        {
            if (e.SessionStatus == 1)
                shown.RemoveAll(point => point.Step >= e.Step);
            shown.AddRange(e.Scalars.Select(scalar => (e.Step, scalar.Value)));
        }
        Assert.That(shown, Is.EqualTo(new[] { (1L, 1f), (2L, 2f), (3L, 3f), (4L, 40f) }));
    }

    [Test]
    public void APictureIsKept()
    {
        byte[] png = [.. Enumerable.Range(0, 300).Select(i => (byte)i)];
        new TensorBoardLogger(folder.Path, clock).LogImage("features", png, 30, 20, 7);
        var e = Files().Single()[1];
        Assert.That((e.Step, e.Image!.Width, e.Image.Height, e.Image.Colorspace), Is.EqualTo((7, 30, 20, 3)));
        Assert.That(e.Image.Png, Is.EqualTo(png));
    }

    [Test]
    public void NothingToSayMakesNoFile()
    {
        new TensorBoardLogger(folder.Path, clock).LogEpoch(new(1, 1));
        Assert.That(folder.Files, Is.Empty);
        Refusal.Of(() => new TensorBoardLogger(folder.Path).LogImage("x", [], 0, 1, 1), "width");
    }
}
