using System.Xml.Linq;
using NUnit.Framework;
using SpeechBrain.Sharp.Decoding;
using SpeechBrain.Sharp.Samples.LibriSpeech;
using SpeechBrain.Sharp.Tests.Testing;
using SpeechBrain.Sharp.Training;

namespace SpeechBrain.Sharp.Tests.Samples.Report;

/// <summary>The figures that a run wrote are those that its report shows.</summary>
public sealed class ReportFiguresTests
{
    private TestFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TestFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    private static XElement Fragment(string html) => XElement.Parse($"<x>{html}</x>");

    private static IEnumerable<string> Styles(XElement page) => page.Descendants("span").Select(e => (string?)e.Attribute("style")).OfType<string>();

    private static bool IsPair(XElement e) => ((string?)e.Attribute("class") ?? "").StartsWith("pair", StringComparison.Ordinal);

    [Test]
    public void SharesOfTime()
    {
        var page = Fragment(new ShareBar([("load", 10), ("encoder", 30)]).ToHtml());
        Assert.That(page.Descendants("tr").Select(row => string.Join('|', row.Elements().Select(e => e.Value))), Is.EqualTo(
            new[] { "stage|ms a step|share", "load|10|25.0 %", "encoder|30|75.0 %", "total|40|100.0 %" }));
        Assert.That(Styles(page), Is.EqualTo(new[] { "flex-grow:25", "flex-grow:75" }));
        Assert.That(new ShareBar([]).ToHtml(), Is.Empty);
    }

    [Test]
    public void PaddingOfABatch()
    {
        var page = Fragment(new LengthBars([("a", 100), ("b", 50)]).ToHtml());
        Assert.That(page.Descendants("span").Select(e => (string)e.Attribute("style")!), Is.EqualTo(new[] { "width:100%", "width:50%" }));
        Assert.That(page.Elements("p").Single().Value, Does.Contain("25.0 % of the batch"));
    }

    [Test]
    public void CountsOfChunks()
    {
        var page = Fragment(new CountBars([("full context", 40), ("chunks of 8", 10)]).ToHtml());
        Assert.That(page.Descendants("li").Select(e => e.Value), Is.EqualTo(new[] { "full context80.0 %", "chunks of 820.0 %" }));
        Assert.That(Styles(page), Is.EqualTo(new[] { "width:100%", "width:25%" }));
    }

    [Test]
    public void TheWorstUtterancesComeFirstWithTheirErrorsMarked()
    {
        var stats = new ErrorRateStats();
        stats.Append("right", "ALL RIGHT", "ALL RIGHT");
        stats.Append("one", "A DOG", "A CAT");
        stats.Append("three", "THE BIG CAT MAT", "BIG CAT SAT ON MAT");
        var page = Fragment(new WorstUtterances(stats.Scores).ToHtml());
        var entries = page.Element("ol")!.Elements("li").ToList();
        Assert.That(
            entries.Select(e => e.Elements("p").First().Value),
            Is.EqualTo(new[] { "three 3 of 5 words wrong, 60.0 %", "one 1 of 2 words wrong, 50.0 %" }));
        Assert.That(
            entries[0].Descendants("span").Where(IsPair).Select(e => $"{e.Attribute("class")!.Value}:{e.Value}"),
            Is.EqualTo(new[] { "pair ins:–THE", "pair:BIG", "pair:CAT", "pair del:SAT–", "pair del:ON–", "pair:MAT" }));
        Assert.That(new WorstUtterances([stats.Scores[0]]).ToHtml(), Does.Contain("Not a single error"));
        Assert.That(Fragment(new WorstUtterances(stats.Scores, Count: 1).ToHtml()).Element("ol")!.Elements("li"), Has.Exactly(1).Items);
    }

    [Test]
    public void AlignmentsAreReadAsTheyWereWritten()
    {
        var stats = new ErrorRateStats();
        stats.Append("a, %WER b", ["THE", "<eps>", "é𝔘", "X"], ["THE", "CAT", "é𝔘"]);
        stats.Append("empty", "", "NOTHING HEARD");
        stats.Append("2-0", ["A", "==", "C"], ["C", "D", "E", "F", "G"]);
        ErrorReport.Write(stats, folder["wer.txt"]);
        var (summary, scores) = AlignmentReader.Read(folder["wer.txt"]);
        Assert.That(summary, Is.EqualTo(stats.Summarize().ToString()));
        Assert.That(scores.Select(score => score.Id), Is.EqualTo(stats.Scores.Select(score => score.Id)));
        foreach (var (read, written) in scores.Zip(stats.Scores))
        {
            Assert.That(read.Reference, Is.EqualTo(written.Reference));
            Assert.That(read.Hypothesis, Is.EqualTo(written.Hypothesis));
            Assert.That(read.Alignment, Is.EqualTo(written.Alignment));
        }
    }

    [Test]
    public void ADamagedAlignmentIsLeftOut()
    {
        var stats = new ErrorRateStats();
        stats.Append("first", "A B", "A C");
        stats.Append("second", "A B", "A C");
        ErrorReport.Write(stats, folder["wer.txt"]);
        string text = File.ReadAllText(folder["wer.txt"]);
        File.WriteAllText(folder["wer.txt"], text[..text.LastIndexOf("= ; S", StringComparison.Ordinal)]);
        Assert.That(AlignmentReader.Read(folder["wer.txt"]).Scores.Select(score => score.Id), Is.EqualTo(new[] { "first" }));
        File.WriteAllText(folder["wer.txt"], "");
        Assert.That(AlignmentReader.Read(folder["wer.txt"]).Scores, Is.Empty);
    }

    [Test]
    public void MetricsBecomeCurvesTimesAndEssentials()
    {
        var logger = new JsonLinesLogger(folder["metrics.jsonl"]);
        for (int step = 1; step <= 10; step++)
            logger.LogStep(new(1 + step / 6, 1 + step % 6, step)
            {
                Meta =
                [
                    new("lr", step / 1000.0), new("audio_seconds", 6), new("audio_seconds_per_second", 12),
                    new("time/load", step <= 3 ? 9 : 0.1), new("time/encoder", 0.3),
                ],
                Train = [new("loss", 100.0 / step), new("ctc_loss", double.NaN)],
            });
        logger.LogEpoch(new(1, 5) { Valid = [new("loss", 30), new("WER", 80)] });
        logger.LogEpoch(new(2, 10) { Valid = [new("loss", 20), new("WER", 70)] });
        logger.LogEpoch(new(2, 10) { Test = [new("WER clean", 71.5)] });
        var metrics = new RunMetrics(JsonLinesLogger.Read(folder["metrics.jsonl"]));

        var curves = metrics.Charts(5).SelectMany(chart => chart.Curves.Select(curve => (Name: $"{chart.Title}/{curve.Name}", curve.Points)))
            .ToDictionary(curve => curve.Name, curve => curve.Points);
        Assert.That(curves["Training loss/total"], Is.EqualTo(Enumerable.Range(1, 10).Select(i => ((double)i, 100.0 / i))));
        Assert.That(curves["Word error rate/validation"], Is.EqualTo(new[] { (5.0, 80.0), (10.0, 70.0) }));
        Assert.That(curves["Throughput/audio"].Select(point => point.Value), Is.All.EqualTo(12));
        Assert.That(curves["Gradient norm/gradient norm"], Is.Empty);
        var stages = metrics.Stages();
        Assert.That(stages.Select(stage => stage.Name), Is.EqualTo(new[] { "load", "encoder" }));
        Assert.That(stages.Select(stage => stage.Milliseconds), Is.EqualTo(new[] { 100.0, 300 }).Within(1e-9), "without the first steps");
        Assert.That(metrics.Essentials(), Is.EqualTo(new[]
        {
            ("Test WER", "71.50 %", "clean"), ("Best validation WER", "70.00 %", "epoch 2 of 2"), ("Audio heard", "1 min 00 s", "2 epochs"),
            ("Time in steps", "5 s", "12 times real time"), ("Optimizer steps", "10", "all losses finite"),
        }));
    }

    [Test]
    public void ARunWithoutMetricsHasNone()
    {
        var metrics = new RunMetrics([]);
        Assert.That(metrics.Essentials(), Is.Empty);
        Assert.That(metrics.Stages(), Is.Empty);
        Assert.That(metrics.Charts(5).Select(chart => chart.ToHtml()), Is.All.Empty);
        Assert.That(metrics.Charts(5).Single(chart => chart.Limit is not null).Limit, Is.EqualTo(("clipped at", 5.0)));
        Assert.That(metrics.Charts(0).Select(chart => chart.Limit), Is.All.Null, "0: gradients are not clipped");
    }

    [Test]
    public void TheEnvironmentIsReadAsItWasWritten()
    {
        Assert.That(RunEnvironment.Read(folder.Path), Is.Empty);
        RunEnvironment.Write(folder.Path, "cpu", 1234567);
        var facts = RunEnvironment.Read(folder.Path).ToDictionary(fact => fact.Name, fact => fact.Value);
        Assert.That(facts.Keys, Is.EqualTo(new[] { "Weights", "Device", "System", "Library", "Torch", "Runtime" }));
        Assert.That(facts["Weights"], Is.EqualTo("1,234,567"));
        Assert.That(facts["Torch"], Does.Contain(TorchSharp.torch.__version__));
    }

    [TestCase(0.0005, "5e-4")]
    [TestCase(12.3456, "12.35")]
    [TestCase(123456, "123,456")]
    [TestCase(-0.25, "-0.25")]
    [TestCase(double.NaN, "NaN")]
    [TestCase(1.5e12, "1.5e12")]
    public void NumbersArePlain(double value, string expected) => Assert.That(PageText.Number(value), Is.EqualTo(expected));

    [TestCase(12.34, "12.3 s")]
    [TestCase(200, "3 min 20 s")]
    [TestCase(7500, "2 h 05 min")]
    public void TimesArePlain(double seconds, string expected) => Assert.That(PageText.Duration(seconds), Is.EqualTo(expected));
}
