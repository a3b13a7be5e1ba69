using NUnit.Framework;
using SpeechBrain.Sharp.Tests.Testing;
using SpeechBrain.Sharp.Training;

namespace SpeechBrain.Sharp.Tests.Training;

[TestFixture]
public sealed class FileTrainLoggerTests
{
    [Test]
    public void LinesAreAddedAsSpeechBrainWritesThem()
    {
        using var folder = new TestFolder();
        var logger = new FileTrainLogger(folder["train_log.txt"]);
        string first = logger.LogStats(
            new Dictionary<string, object> { ["epoch"] = 3, ["lr"] = 8e-4 }, new Dictionary<string, object> { ["loss"] = 12.3456 },
            new Dictionary<string, object> { ["loss"] = 9.8f, ["WER"] = 100.0 });
        logger.LogStats(new Dictionary<string, object> { ["Epoch loaded"] = 3L }, testStats: new Dictionary<string, object> { ["WER"] = double.NaN });
        Assert.That(first, Is.EqualTo("epoch: 3, lr: 8.00e-04 - train loss: 12.35 - valid loss: 9.80, valid WER: 1.00e+02"));
        Assert.That(File.ReadAllText(folder["train_log.txt"]), Is.EqualTo(first + "\nEpoch loaded: 3 - test WER: nan\n"));
    }

    [Test]
    public void AnEpochAndATestAreLinesOfSpeechBrainsRecipes()
    {
        using var folder = new TestFolder();
        ITrainLogger logger = new FileTrainLogger(folder["train_log.txt"]);
        logger.LogStep(new(1, 1, 1) { Train = [new("loss", 3)] });
        logger.LogEpoch(new(1, 40) { Meta = [new("lr", 8e-4)], Train = [new("loss", 12.5)], Valid = [new("WER", 50)] });
        logger.LogEpoch(new(1, 40) { Test = [new("WER", 40)] });
        Assert.That(
            File.ReadAllText(folder["train_log.txt"]),
            Is.EqualTo("epoch: 1, lr: 8.00e-04, steps: 40 - train loss: 12.50 - valid WER: 50.00\nEpoch loaded: 1 - test WER: 40.00\n"));
    }

    [Test]
    public void LinesOfEpochsThatComeAgainAreCutOff()
    {
        using var folder = new TestFolder();
        var logger = new FileTrainLogger(folder["train_log.txt"]);
        for (int epoch = 1; epoch <= 12; epoch++)
            logger.LogEpoch(new(epoch, 10 * epoch));
        File.AppendAllText(folder["train_log.txt"], "epoch: 13, st");
        logger.Resume(new TrainingProgress { Epoch = 3, Batch = 4 });
        Assert.That(File.ReadAllText(folder["train_log.txt"]), Is.EqualTo("epoch: 1, steps: 10\nepoch: 2, steps: 20\n"));
    }

    [TestCase(0, "8e-04", "12")]
    [TestCase(3, "8.000e-04", "12.346")]
    public void Precision(int precision, string small, string middling)
    {
        var logger = new FileTrainLogger("never written", precision);
        Assert.That(logger.Text([new("a", 8e-4), new("b", 12.3456)], ""), Is.EqualTo($"a: {small}, b: {middling}"));
        Refusal.Of(() => new FileTrainLogger("x", -1), "precision");
    }
}
