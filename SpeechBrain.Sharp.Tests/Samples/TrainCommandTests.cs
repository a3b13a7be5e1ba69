using NUnit.Framework;
using SpeechBrain.Sharp.Data;
using SpeechBrain.Sharp.Samples.LibriSpeech;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;

namespace SpeechBrain.Sharp.Tests.Samples;

public sealed class TrainCommandTests
{
    private static readonly string[] Results =
        ["hyperparams.yaml", "model.ckpt", "normalizer.ckpt", "tokenizer.ckpt", "wer_heldout.txt", "wer_train.txt"];
    private TestFolder folder = null!;

    [SetUp]
    public void MakeData()
    {
        folder = new TestFolder();
        string[] texts = ["ONE", "TWO", "THREE"];
        var random = new Random(1);
        foreach (var (i, text) in texts.Index())
            Add($"u{i}", text, [.. Enumerable.Range(0, 6000 + 1000 * i).Select(_ => 0.1f * random.NextSingle())]);
        Manifest.Write(folder["data.csv"], utterances, folder.Path);
    }

    [TearDown]
    public void RemoveData()
    {
        utterances.Clear();
        folder.Dispose();
    }

    private readonly List<Utterance> utterances = [];

    private void Add(string id, string text, float[] samples, int rate = 16000)
    {
        AudioFile.Write(folder[$"{id}.flac"], new AudioData(samples, rate, 1));
        utterances.Add(new Utterance(id, folder[$"{id}.flac"], "s", samples.Length / (double)rate, text));
    }

    private (int Code, string Output, string Error) Train(string run, params string[] more)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        int code = Commands.Run(
            [
                "train", "--train-csv", folder["data.csv"], "--valid-csv", folder["data.csv"], "--data-folder", folder.Path,
                "--output-folder", Path.Combine(folder.Path, run), "--number-of-epochs", "2", "--avg-checkpoints", "2", "--batch-size", "2",
                "--d-model", "16", "--nhead", "2", "--num-encoder-layers", "1", "--joint-dim", "16", .. more,
            ],
            output, error);
        return (code, output.ToString(), error.ToString());
    }

    [Test]
    public void TrainsEvaluatesAndReports()
    {
        var (code, output, error) = Train("run");
        Assert.That((code, error), Is.EqualTo((0, "")));
        Assert.That(output, Does.Contain("epoch   2/2").And.Contain("trained on: %WER").And.Contain("held out:   %WER").And.Not.Contain("NaN"));
        foreach (string stage in new[] { "load", "resample", "features", "mask", "encoder", "joint + loss", "backward", "optimizer", "total" })
            Assert.That(output, Does.Contain($"\n{stage} "), stage);
        Assert.That(Directory.GetFiles(Path.Combine(folder.Path, "run")).Select(Path.GetFileName).Order(StringComparer.Ordinal), Is.EqualTo(Results));
    }

    [Test]
    public void ASeedDeterminesTheWeights()
    {
        byte[] Weights(string run, string seed)
        {
            Assert.That(Train(run, "--seed", seed, "--transformer-dropout", "0.1").Code, Is.Zero);
            return File.ReadAllBytes(Path.Combine(folder.Path, run, "model.ckpt"));
        }

        byte[] first = Weights("a", "5");
        Assert.That(Weights("b", "5").AsSpan().SequenceEqual(first));
        Assert.That(Weights("c", "6").AsSpan().SequenceEqual(first), Is.False);
    }

    [Test]
    public void LeavesNoTensorsBehind() => LeakCheck.IsClean(() => Train("run"));

    [Test]
    public void AMissingManifestIsNamed() =>
        AssertOneLine("absent.csv", "prepare", "--valid-csv", Path.Combine(folder.Path, "absent.csv"));

    [Test]
    public void AFileInPlaceOfTheOutputFolderIsNamed()
    {
        File.WriteAllText(folder["run"], "");
        AssertOneLine("run", "already exists");
    }

    [Test]
    public void AMissingAudioFileIsNamed()
    {
        File.Delete(folder["u1.flac"]);
        AssertOneLine("u1.flac", "no audio file");
    }

    [Test]
    public void ACorruptAudioFileIsNamed()
    {
        File.WriteAllText(folder["u1.flac"], "no audio");
        AssertOneLine("u1.flac", "cannot be read");
    }

    [Test]
    public void AnotherSampleRateIsNamed()
    {
        Add("slow", "FOUR", new float[4000], rate: 8000);
        Manifest.Write(folder["data.csv"], utterances, folder.Path);
        AssertOneLine("slow.flac", "8000 Hz");
    }

    [TestCase(1)]
    [TestCase(799)]
    public void AnUtteranceThatIsTooShortIsNamed(int samples)
    {
        Add("brief", "FOUR", new float[samples]);
        Manifest.Write(folder["data.csv"], utterances, folder.Path);
        AssertOneLine("brief.flac", "at least 0.05 s");
    }

    /// <summary>The shortest one that is taken, twice as fast and in a batch of its own, still reaches the encoder.</summary>
    [Test]
    public void TheShortestUtteranceIsTrainedOn()
    {
        utterances.Clear();
        Add("brief", "I", new float[800]);
        Manifest.Write(folder["data.csv"], utterances, folder.Path);
        var (code, _, error) = Train("run", "--speeds", "200");
        Assert.That((code, error), Is.EqualTo((0, "")));
    }

    [Test]
    public void ATranscriptBeyondTheAlphabetIsNamed()
    {
        Add("odd", "FIVE 5", new float[8000]);
        Manifest.Write(folder["data.csv"], utterances, folder.Path);
        AssertOneLine("odd", "'5'");
    }

    [Test]
    public void AnEmptyManifestIsNamed()
    {
        Manifest.Write(folder["data.csv"], []);
        AssertOneLine("data.csv", "no utterances");
    }

    [Test]
    public void CudaIsAskedForInVainWithoutADevice()
    {
        if (torch.cuda.is_available())
            Assert.Ignore("there is a CUDA device");
        AssertOneLine("CUDA", "--device", "--device", "cuda");
    }

    private void AssertOneLine(string name, string what, params string[] more)
    {
        var (code, _, error) = Train("run", more);
        Assert.That(code, Is.EqualTo(1));
        Assert.That(error, Does.StartWith("error: ").And.Contain(name).And.Contain(what));
        Assert.That(error.TrimEnd('\n'), Does.Not.Contain('\n'), "one line");
        Assert.That(Directory.Exists(Path.Combine(folder.Path, "run")), Is.False, "nothing left behind");
    }
}
