using System.Xml.Linq;
using NUnit.Framework;
using SpeechBrain.Sharp.Data;
using SpeechBrain.Sharp.Samples.LibriSpeech;
using SpeechBrain.Sharp.Tests.Testing;
using SpeechBrain.Sharp.Training;

namespace SpeechBrain.Sharp.Tests.Samples.Report;

/// <summary><c>report</c> and <c>profile</c> on a tiny training.</summary>
public sealed class RunReportTests
{
    private TestFolder folder = null!;
    private string run = null!;

    [OneTimeSetUp]
    public void Train()
    {
        folder = new TestFolder();
        run = Path.Combine(folder.Path, "my run");
        List<Utterance> utterances = [];
        var random = new Random(1);
        foreach (var (i, text) in new[] { "ONE", "TWO", "THREE" }.Index())
        {
            var audio = new AudioData([.. Enumerable.Range(0, 6000 + 1000 * i).Select(_ => 0.1f * random.NextSingle())], 16000, 1);
            AudioFile.Write(folder[$"u{i}.flac"], audio);
            utterances.Add(new Utterance($"u{i}", folder[$"u{i}.flac"], "s", audio.Duration, text));
        }
        Manifest.Write(folder["data.csv"], utterances, folder.Path);
        Assert.That(Run(["train", "--output-folder", run, "--number-of-epochs", "2", .. Tiny]).Code, Is.Zero);
    }

    [OneTimeTearDown]
    public void Remove() => folder.Dispose();

    private string[] Tiny =>
    [
        "--train-csv", folder["data.csv"], "--valid-csv", folder["data.csv"], "--data-folder", folder.Path, "--batch-size", "2", "--d-model", "16",
        "--nhead", "2", "--num-encoder-layers", "1", "--d-ffn", "16", "--joint-dim", "16", "--dec-dim", "16",
    ];

    private static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        int code = Commands.Run(arguments, output, error);
        return (code, output.ToString(), error.ToString());
    }

    private XElement Page() =>
        XDocument.Parse(File.ReadAllText(Path.Combine(run, "report.html")).Replace("<!DOCTYPE html>", "", StringComparison.Ordinal)).Root!;

    private static string[] Sections(XElement page) =>
        [.. page.Descendants().Where(e => e.Name.LocalName == "section").Select(e => (string)e.Attribute("id")!)];

    private static IEnumerable<XElement> OfClass(XElement page, string name) => page.Descendants().Where(e => (string?)e.Attribute("class") == name);

    [Test, Order(1)]
    public void TrainingEndsWithAReportOfItself()
    {
        var page = Page();
        Assert.That(Sections(page), Is.EqualTo(new[] { "recipe", "curves", "times", "augmentation", "masks", "worst" }));
        Assert.That(page.Descendants().Single(e => e.Name.LocalName == "h1").Value, Is.EqualTo("Training of my run"));
        string text = page.Value;
        Assert.That(text, Does.Contain("3 utterances, 1.3 s").And.Contain("number_of_epochs250").And.Contain("all losses finite"));
        string[] charts = [.. OfClass(page, "chart").Select(e => e.Elements().First().FirstNode!.ToString().Trim())];
        string[] expected = ["Training loss", "Loss by epoch", "Word error rate", "Learning rate", "Gradient norm", "Throughput"];
        Assert.That(charts, Is.EqualTo(expected));
        foreach (string stage in new[] { "load", "resample", "features", "encoder", "joint + loss", "backward", "optimizer" })
            Assert.That(page.Descendants().Where(e => e.Name.LocalName == "th").Select(e => e.Value), Does.Contain(stage));
        foreach (string id in new[] { "u0", "u1", "u2" })
            Assert.That(OfClass(page, "id").Select(e => e.Value.Split(' ')[0]), Does.Contain(id), "nothing is recognised after four steps");
    }

    [Test, Order(2)]
    public void EachStepLogsItsTimes()
    {
        var steps = JsonLinesLogger.Read(Path.Combine(run, "metrics.jsonl")).Where(entry => entry.Batch is not null).ToList();
        Assert.That(steps.Select(entry => (entry.Epoch, entry.Batch)), Is.EqualTo(new[] { (1, (int?)1), (1, 2), (2, 1), (2, 2) }));
        foreach (var step in steps)
        {
            Assert.That(step.Figures["time/encoder"], Is.Positive);
            Assert.That(step.Figures["audio_seconds"], Is.InRange(0.37, 1));
            Assert.That(step.Figures["audio_seconds_per_second"], Is.Positive);
        }
    }

    [Test, Order(3)]
    public void TheReportIsTheSameWhenItIsMadeAgain()
    {
        string before = File.ReadAllText(Path.Combine(run, "report.html"));
        var (code, output, error) = Run("report", "--output-folder", run);
        Assert.That((code, error), Is.EqualTo((0, "")));
        Assert.That(output, Does.Contain("report.html"));
        Assert.That(File.ReadAllText(Path.Combine(run, "report.html")), Is.EqualTo(before));
    }

    [Test, Order(4)]
    public void ProfileSaysWhereTheTimeGoesAndWritesNothing()
    {
        string[] before = folder.Files;
        (int Code, string Output, string Error) result = default;
        LeakCheck.IsClean(() => result = Run(["profile", "--steps", "2", "--output-folder", Path.Combine(folder.Path, "none"), .. Tiny]));
        Assert.That((result.Code, result.Error), Is.EqualTo((0, "")));
        foreach (string stage in new[] { "load", "resample", "features", "mask", "encoder", "joint + loss", "backward", "optimizer", "between", "step" })
            Assert.That(result.Output, Does.Contain($"\n{stage} "), stage);
        Assert.That(result.Output, Does.Contain("2 steps after 3 that").And.Contain("times real time").And.Contain("GiB"));
        Assert.That(folder.Files, Is.EqualTo(before));
    }

    [TestCase("--steps", "0", "1 to 1000000")]
    [TestCase("--lr", "-1", "--lr")]
    [TestCase("--stepz", "1", "did you mean '--steps'")]
    public void ProfileRefuses(string option, string value, string message)
    {
        var (code, _, error) = Run("profile", option, value);
        Assert.That(code, Is.EqualTo(2));
        Assert.That(error, Does.Contain(message));
    }

    [Test, Order(5)]
    public void WithoutItsDataAReportSaysWhatIsMissing()
    {
        foreach (string audio in Directory.GetFiles(folder.Path, "*.flac"))
            File.Delete(audio);
        Assert.That(Run("report", "--output-folder", run).Code, Is.Zero);
        Assert.That(Sections(Page()), Is.EqualTo(new[] { "recipe", "curves", "times", "worst", "missing" }));
        Assert.That(Page().Value, Does.Contain(".flac"));
        File.Delete(folder["data.csv"]);
        Assert.That(Run("report", "--output-folder", run).Code, Is.Zero);
        Assert.That(Page().Value, Does.Contain("data.csv"));
    }

    [Test]
    public void AFolderWithoutATrainingIsNamed()
    {
        var (code, _, error) = Run("report", "--output-folder", folder.Path);
        Assert.That(code, Is.EqualTo(1));
        Assert.That(error, Does.Contain(folder.Path).And.Contain("metrics.jsonl").And.Contain("'train' makes one"));
    }

    [Test]
    public void RandomDataHaveTheLengthsAskedFor()
    {
        using var data = new TestFolder();
        var full = new Recipe { Model = new() { OutputNeurons = 1000 } };
        foreach (var (recipe, perSecond) in new[] { (new Recipe(), 14), (full, 4.5) })
        {
            var random = RandomCorpus.Write(data.Path, recipe, 3);
            var utterances = Manifest.Read(random.Data.TrainCsv.Single(), random.Data.DataFolder);
            Assert.That(utterances.Select(utterance => utterance.Duration).ToList(), Has.Count.EqualTo(3).And.All.InRange(2.0, 16.0));
            foreach (var utterance in utterances)
            {
                Assert.That(AudioFile.Info(utterance.Path).Duration, Is.EqualTo(utterance.Duration).Within(1e-3));
                Assert.That(utterance.Transcript, Has.Length.EqualTo(utterance.Duration * perSecond).Within(1));
                Assert.That(new CharacterTokenizer().Encode(utterance.Transcript), Is.Not.Empty);
            }
        }
    }

    [Test]
    public void SharesOfAProfileAddUpToTheStep()
    {
        var clock = new StepProfiler();
        using (clock.Measure("encoder"))
            Thread.Sleep(2);
        string[] lines = ProfileTable.Of(clock, 2, 2 * clock.Total).Split('\n');
        Assert.That(lines[1], Does.StartWith("encoder ").And.Contain("50.0 %  ###############"));
        Assert.That(lines[2], Does.StartWith("between ").And.Contain("50.0 %"));
        Assert.That(lines[3], Does.StartWith("step ").And.EndsWith("100.0 %"));
    }
}
