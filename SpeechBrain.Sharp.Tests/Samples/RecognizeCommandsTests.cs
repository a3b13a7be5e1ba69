using NUnit.Framework;
using SpeechBrain.Sharp.Data;
using SpeechBrain.Sharp.Samples.LibriSpeech;
using SpeechBrain.Sharp.Tests.Testing;

namespace SpeechBrain.Sharp.Tests.Samples;

/// <summary>The commands <c>evaluate</c> and <c>transcribe</c>, with a model that <c>train</c> wrote.</summary>
public sealed class RecognizeCommandsTests
{
    private TestFolder folder = null!;

    [OneTimeSetUp]
    public void TrainAModel()
    {
        folder = new TestFolder();
        var random = new Random(1);
        var utterances = new List<Utterance>();
        foreach (var (i, text) in ((string[])["ONE", "TWO", "THREE"]).Index())
        {
            float[] samples = [.. Enumerable.Range(0, 6000 + 1000 * i).Select(_ => 0.1f * random.NextSingle())];
            AudioFile.Write(folder[$"u{i}.flac"], new AudioData(samples, 16000, 1));
            utterances.Add(new Utterance($"u{i}", folder[$"u{i}.flac"], "s", samples.Length / 16000.0, text));
        }
        Manifest.Write(folder["data.csv"], utterances, folder.Path);
        var (code, _, error) = Run(
            "train", "--train-csv", folder["data.csv"], "--valid-csv", folder["data.csv"], "--data-folder", folder.Path,
            "--output-folder", Model, "--number-of-epochs", "2", "--avg-checkpoints", "1", "--batch-size", "2",
            "--d-model", "16", "--nhead", "2", "--num-encoder-layers", "1", "--joint-dim", "16");
        Assert.That((code, error), Is.EqualTo((0, "")));
    }

    [OneTimeTearDown]
    public void RemoveIt() => folder.Dispose();

    private string Model => Path.Combine(folder.Path, "model");

    private static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        int code = Commands.Run(arguments, output, error);
        return (code, output.ToString(), error.ToString());
    }

    private (int Code, string Output, string Error) Evaluate(params string[] more) =>
        Run(["evaluate", "--model", Model, "--manifest", folder["data.csv"], "--data-folder", folder.Path, .. more]);

    private static void AssertOneLine((int Code, string Output, string Error) run, int code, params string[] parts)
    {
        Assert.That(run.Code, Is.EqualTo(code), run.Error);
        Assert.That(run.Error, Does.StartWith("error: "));
        foreach (string part in parts)
            Assert.That(run.Error, Does.Contain(part));
        Assert.That(run.Error.TrimEnd('\n'), Does.Not.Contain('\n'), "one line");
    }

    /// <summary>Weights, statistics and sizes come back as they were: the report is the one that training wrote.</summary>
    [Test]
    public void EvaluateReportsWhatTrainingDid()
    {
        string report = Path.Combine(Model, "wer_data.txt"), trained = File.ReadAllText(report);
        File.Delete(report);
        var (code, output, error) = Evaluate();
        Assert.That((code, error), Is.EqualTo((0, "")));
        foreach (string part in new[] { "keys fit", "3 utterances (1 s)", "%WER", "characters:", "/ 3 ]" })
            Assert.That(output, Does.Contain(part));
        Assert.That(output, Does.Contain(report));
        Assert.That(File.ReadAllText(report), Is.EqualTo(trained));
    }

    [TestCase(1, 3)]
    [TestCase(2, 2)]
    [TestCase(3, 1)]
    public void AsManyAreRecognisedAtOnceAsIsAskedFor(int batchSize, int batches)
    {
        using var output = new StringWriter();
        var recognizer = ModelReader.Read(new EvaluateOptions { Model = Model }, TorchSharp.torch.CPU).Recognizer;
        using (recognizer)
        {
            var data = new SpeechDataset(folder["data.csv"], folder.Path, tokenizer: null, 16000);
            recognizer.Evaluate(data, new ProgressLine(output, live: true), "given", batchSize, new());
        }
        Assert.That(output.ToString(), Does.Contain($"0/{batches} "));
        AssertOneLine(Evaluate("--batch-size", "0"), 2, "--batch-size", "at least 1");
    }

    /// <summary>What the tokenizer lacks was never said by the model; it counts as an error like any other.</summary>
    [Test]
    public void TranscriptsMayHoldCharactersThatTheTokenizerLacks()
    {
        var utterances = Manifest.Read(folder["data.csv"], folder.Path);
        Manifest.Write(folder["digits.csv"], utterances.Select(utterance => utterance with { Transcript = "100 %" }), folder.Path);
        var (code, output, error) = Evaluate("--manifest", folder["digits.csv"]);
        Assert.That((code, error), Is.EqualTo((0, "")));
        Assert.That(output, Does.Contain("/ 6, "));
    }

    [Test]
    public void EvaluateSearchesWithABeamAndWritesWhereItIsTold()
    {
        string report = Path.Combine(folder.Path, "beam.txt");
        var (code, output, error) = Evaluate("--beam-size", "3", "--report", report);
        Assert.That((code, error), Is.EqualTo((0, "")));
        Assert.That(output, Does.Contain(report));
        Assert.That(File.ReadAllText(report), Does.StartWith("%WER").And.Contain("u2, %WER"));
    }

    [Test]
    public void TranscribeWritesALineAFile([Values("1", "3")] string beamSize)
    {
        AudioFile.Write(folder["slow.wav"], new AudioData(new float[8000], 8000, 1));
        var (code, output, error) = Run("transcribe", folder["u1.flac"], "--model", Model, folder["slow.wav"], "--beam-size", beamSize);
        Assert.That((code, error), Is.EqualTo((0, "")));
        string[] lines = output.TrimEnd('\n').Split('\n');
        Assert.That(lines, Has.Length.EqualTo(2));
        Assert.That(lines[0], Does.StartWith(folder["u1.flac"] + ": "));
        Assert.That(lines[1], Does.StartWith(folder["slow.wav"] + ": "), "another sample rate is converted");
    }

    [Test]
    public void LeavesNoTensorsBehind() => LeakCheck.IsClean(() =>
    {
        Evaluate();
        Run("transcribe", folder["u1.flac"], "--model", Model);
    });

    [Test]
    public void AMissingModelIsNamed()
    {
        string absent = Path.Combine(folder.Path, "absent");
        AssertOneLine(Evaluate("--model", absent), 1, absent, "'train' makes one");
        AssertOneLine(Run("transcribe", folder["u1.flac"], "--model", absent), 1, absent);
    }

    [Test]
    public void AudioThatCannotBeUsedIsNamed()
    {
        AudioFile.Write(folder["short.flac"], new AudioData(new float[100], 16000, 1));
        AssertOneLine(Run("transcribe", folder["short.flac"], "--model", Model), 1, "short.flac", "0.05 s");
        AssertOneLine(Run("transcribe", folder["absent.flac"], "--model", Model), 1, "absent.flac");
        AudioFile.Write(folder["odd.wav"], new AudioData(new float[100_000], 999983, 1));
        AssertOneLine(Run("transcribe", folder["odd.wav"], "--model", Model), 1, "odd.wav", "cannot be brought to 16000 Hz");
    }

    /// <summary>WAV files of floats can hold what is no number.</summary>
    [TestCase(float.NaN, "NaN")]
    [TestCase(float.NegativeInfinity, "-Infinity")]
    public void AudioThatIsNotFiniteIsNamed(float sample, string value)
    {
        float[] samples = new float[16000];
        samples[9000] = sample;
        string file = Path.Combine(folder.Path, "broken.wav");
        FloatWav.Write(file, samples);
        AssertOneLine(Run("transcribe", file, "--model", Model), 1, "broken.wav", value, "convert it again");
        AssertOneLine(Run("augment", "--in", file, "--out", Path.Combine(folder.Path, "out")), 1, "broken.wav", value);
        Assert.That(Directory.Exists(Path.Combine(folder.Path, "out")), Is.False);
    }

    [Test]
    public void AHintForProgrammersIsLeftOut()
    {
        var run = Evaluate("--nhead", "3");
        AssertOneLine(run, 1, "the weights have 2 heads");
        Assert.That(run.Error, Does.Not.Contain("Parameter"));
    }

    [Test]
    public void AReportThatCannotBeWrittenIsNamedBeforeTheWork()
    {
        string report = Path.Combine(folder.Path, "none", "report.txt");
        var run = Evaluate("--report", report);
        AssertOneLine(run, 1, Path.Combine(folder.Path, "none"), "--report");
        Assert.That(run.Output, Is.Empty);
    }

    [Test]
    public void WrongOptionsAreNamed()
    {
        AssertOneLine(Run("transcribe", "--model", Model), 2, "audio files");
        AssertOneLine(Run("transcribe", "--model", Model, ""), 2, "audio files");
        AssertOneLine(Run("transcribe", "a.flac", "--beam-size", "0"), 2, "--beam-size");
        AssertOneLine(Evaluate("--beam-size", "0"), 2, "--beam-size");
        AssertOneLine(Evaluate("--state-beam", "-1"), 2, "--state-beam");
        AssertOneLine(Evaluate("--left-context-chunks", "-1"), 2, "--left-context-chunks");
        AssertOneLine(Evaluate("--lm-weight", "0.5"), 2, "--beam-size 10");
        AssertOneLine(Evaluate("--nhead", "0"), 2, "--nhead");
        AssertOneLine(Evaluate("--device", "tpu"), 2, "tpu");
        AssertOneLine(Evaluate("--manifets", "x"), 2, "did you mean '--manifest'");
    }
}
