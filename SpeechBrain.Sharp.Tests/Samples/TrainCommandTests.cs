using NUnit.Framework;
using SpeechBrain.Sharp.Data;
using SpeechBrain.Sharp.Samples.LibriSpeech;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;

namespace SpeechBrain.Sharp.Tests.Samples;

public sealed class TrainCommandTests
{
    private static readonly string[] Results =
    [
        ".lock", "env.log", "hyperparams.yaml", "metrics.jsonl", "model.ckpt", "normalizer.ckpt", "recipe.yaml", "report.html", "tokenizer.ckpt", "train_log.txt",
        "wer_data.txt",
    ];

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
        Assert.That(output, Does.Contain("epoch   2/2").And.Contain("x real time").And.Contain("data: %WER").And.Not.Contain("NaN"));
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
    public void LeavesNoTensorsBehind() => LeakCheck.IsClean(() => Train("run", "--restart"));

    private byte[] Weights(string run) => File.ReadAllBytes(Path.Combine(folder.Path, run, "model.ckpt"));

    /// <summary>All that SpeechBrain's recipe does besides, and what it could do.</summary>
    [TestCase("--dynamic-batching", "--max-batch-len", "1", "--max-batch-len-val", "1", "--num-bucket", "3", "--precision", "bf16")]
    [TestCase("--fea-augment", "--fea-augment-before-normalize", "--grad-accumulation-factor", "2", "--best-key", "WER", "--valid-interval-epochs", "1")]
    [TestCase("--fea-augment", "--concat-original", "--shuffle-augmentations", "--min-augmentations", "1", "--best-key", "loss", "--beam-size", "2")]
    [TestCase("--streaming", "false", "--test-chunk-size", "0", "--number-of-ctc-epochs", "1", "--sorting", "descending", "--num-workers", "0")]
    [TestCase("--attention-type", "RoPEMHA", "--output-neurons", "40", "--n-mels", "40", "--update-until-epoch", "0", "--activation", "tanh",
        "--max-grad-norm", "0")]
    public void TrainsByOtherRecipes(params string[] more)
    {
        var (code, output, error) = Train("run", more);
        Assert.That((code, error), Is.EqualTo((0, "")));
        Assert.That(output, Does.Contain("data: %WER").And.Not.Contain("NaN"));
        Assert.That(output, more.Contains("--fea-augment") ? Does.Contain("\naugment ") : Does.Not.Contain("\naugment "));
    }

    [Test]
    public void MoreEpochsGoOnAsIfTheyHadBeenWantedFromTheBeginning()
    {
        Train("run");
        var (code, output, error) = Train("run", "--number-of-epochs", "3");
        Assert.That((code, error), Is.EqualTo((0, "")));
        Assert.That(output, Does.Contain("Going on from").And.Contain("epoch 3, 0 batches").And.Contain("epoch   3/3").And.Not.Contain("epoch   2/3"));
        Train("whole", "--number-of-epochs", "3");
        Assert.That(Weights("run").AsSpan().SequenceEqual(Weights("whole")));
    }

    [Test]
    public void ACompleteTrainingIsBegunAnewOnlyIfAskedTo()
    {
        Train("run", "--seed", "3");
        byte[] first = Weights("run");
        var (_, output, _) = Train("run", "--seed", "3");
        Assert.That(output, Does.Contain("is complete").And.Contain("data: %WER").And.Not.Contain("epoch "));
        Assert.That(Weights("run").AsSpan().SequenceEqual(first));
        Assert.That(Train("run", "--seed", "4", "--restart").Output, Does.Contain("epoch   1/2"));
        Assert.That(Weights("run").AsSpan().SequenceEqual(first), Is.False);
        Assert.That(File.ReadAllLines(folder["run/train_log.txt"]), Has.Length.EqualTo(3), "two epochs and a test; what was before is gone");
    }

    [Test]
    public void AnotherRecipeIsNotGoneOnWith()
    {
        Train("run");
        byte[] weights = Weights("run");
        var (code, _, error) = Train("run", "--d-model", "32", "--batch-size-valid", "3", "--lr", "0.1");
        Assert.That(code, Is.EqualTo(1));
        Assert.That(error, Does.Contain("d_model was '16' and is '32'").And.Contain("lr was '0.002'").And.Contain("--restart").And.Not.Contain("valid"));
        Assert.That(Weights("run").AsSpan().SequenceEqual(weights));
    }

    /// <summary>It is what the message of a training says that gave up.</summary>
    [Test]
    public void ThePatienceMayBeRaisedWhereATrainingGoesOn()
    {
        Train("run");
        var (code, output, error) = Train("run", "--number-of-epochs", "3", "--nonfinite-patience", "9");
        Assert.That((code, error), Is.EqualTo((0, "")));
        Assert.That(output, Does.Contain("Going on from"));
    }

    [Test]
    public void OtherUtterancesThanBeforeAreGoneOnWithButNotWithoutAWord()
    {
        Train("run");
        Manifest.Write(folder["data.csv"], utterances.Select(utterance => utterance with { SpeakerId = "t" }), folder.Path);
        Assert.That(Train("run", "--number-of-epochs", "3").Output, Does.Not.Contain("have changed"), "nothing hangs on the speaker");
        Manifest.Write(folder["data.csv"], utterances[..^1], folder.Path);
        var (code, output, error) = Train("run", "--number-of-epochs", "4");
        Assert.That((code, error), Is.EqualTo((0, "")));
        Assert.That(output, Does.Contain("have changed since the checkpoint (3 then, 2 now)").And.Contain("epoch   4/4"));
        Manifest.Write(folder["data.csv"], utterances[..^1].Select(utterance => utterance with { Transcript = "SIX" }), folder.Path);
        Assert.That(Train("run", "--number-of-epochs", "5").Output, Does.Contain("(2 then, 2 now)"));
    }

    [Test]
    public void ARestartTakesAwayCheckpointsAloneAndOnlyIfItCanStepItself()
    {
        Train("run");
        string[] before = Directory.GetFileSystemEntries(folder["run/save"]);
        byte[] audio = File.ReadAllBytes(folder["u1.flac"]);
        File.WriteAllText(folder["run/save/notes.txt"], "mine");
        File.WriteAllText(folder["u1.flac"], "no audio");
        AssertOneLineOf(Train("run", "--restart", "--batch-size", "3"), "u1.flac", "cannot be read");
        Assert.That(Directory.GetFileSystemEntries(folder["run/save"]), Is.SupersetOf(before));
        File.WriteAllBytes(folder["u1.flac"], audio);
        Assert.That(Train("run", "--restart").Output, Does.Contain("epoch   1/2"));
        Assert.That(Directory.GetDirectories(folder["run/save"]), Has.Length.EqualTo(2));
        Assert.That(File.Exists(folder["run/save/notes.txt"]));
    }

    /// <summary>Neither beside it nor in its place, and not only where there are checkpoints already.</summary>
    [Test]
    public void ASecondTrainingInTheSameFolderIsRefused([Values] bool restart)
    {
        Train("run");
        byte[] before = Weights("run");
        string[] files = folder.Files, more = ["--number-of-epochs", "3", "--restart", restart ? "true" : "false"];
        using (RunLock.Take(Path.Combine(folder.Path, "run")))
        {
            var (code, _, error) = Train("run", more);
            Assert.That((code, error.Count(c => c == '\n')), Is.EqualTo((1, 1)), error);
            Assert.That(error, Does.StartWith("error: ").And.Contain("Another training").And.Contain("--output-folder"));
        }
        Assert.That(folder.Files, Is.EqualTo(files));
        Assert.That(Weights("run").AsSpan().SequenceEqual(before));
        Assert.That(Train("run", more).Code, Is.Zero, "the folder is free again");
    }

    [Test]
    public void ADamagedCheckpointIsNamedAndTheOneBeforeItTaken()
    {
        Train("run");
        byte[] weights = Weights("run");
        string newest = Directory.GetDirectories(folder["run/save"]).Order(StringComparer.Ordinal).Last();
        File.WriteAllBytes(Path.Combine(newest, "optimizer.bin"), File.ReadAllBytes(Path.Combine(newest, "optimizer.bin"))[..^9]);
        var (code, output, error) = Train("run");
        Assert.That((code, error), Is.EqualTo((0, "")));
        Assert.That(output, Does.Contain(newest).And.Contain("optimizer.bin is damaged").And.Contain("epoch 2, 0 batches"));
        Assert.That(Weights("run").AsSpan().SequenceEqual(weights), "epoch 2 is learnt again");
        Assert.That(Directory.Exists(Path.Combine(folder.Path, "run", "save", "damaged-" + Path.GetFileName(newest))));
    }

    [Test]
    public void WhereEveryCheckpointIsDamagedNothingIsBegunAnewUnasked()
    {
        Train("run");
        foreach (string checkpoint in Directory.GetDirectories(folder["run/save"]))
            File.Delete(Path.Combine(checkpoint, "model.ckpt"));
        var run = Train("run");
        AssertOneLineOf(run, "run", "--restart");
        Assert.That(Train("run", "--restart").Code, Is.Zero);
    }

    [Test]
    public void ATranscriptThatIsLongerThanItsAudioIsNamed()
    {
        Add("long", "NINETEEN", new float[2000]);
        Manifest.Write(folder["data.csv"], utterances, folder.Path);
        AssertOneLine("long.flac", "8 tokens");
    }

    [Test]
    public void WhatCannotBeUsedMayBeLeftOut()
    {
        var valid = Path.Combine(folder.Path, "valid.csv");
        File.Copy(folder["data.csv"], valid);
        Add("absent", "FOUR", new float[8000]);
        Manifest.Write(folder["data.csv"], utterances, folder.Path);
        File.Delete(folder["absent.flac"]);
        var (code, output, error) = Train("run", "--max-skipped-share", "0.3", "--valid-csv", valid, "--test-csv", valid);
        Assert.That((code, error), Is.EqualTo((0, "")));
        Assert.That(output.Split('\n').Count(text => text.StartsWith("left out: ", StringComparison.Ordinal) && text.Contains("absent.flac")), Is.EqualTo(1));
    }

    /// <summary>They are only compared with.</summary>
    [Test]
    public void TranscriptsOfTestsMayHoldCharactersThatTheTokenizerLacks()
    {
        Manifest.Write(folder["test.csv"], utterances.Select(utterance => utterance with { Transcript = "100 %" }), folder.Path);
        var (code, output, error) = Train("run", "--test-csv", folder["test.csv"]);
        Assert.That((code, error), Is.EqualTo((0, "")));
        Assert.That(output, Does.Contain("test: %WER").And.Contain("/ 6, "));
    }

    [Test]
    public void ValidationLeavesNothingOutWhateverTrainingMay()
    {
        Manifest.Write(folder["valid.csv"], [.. utterances, new Utterance("absent", folder["absent.flac"], "s", 1, "FOUR")], folder.Path);
        var run = Train("run", "--max-skipped-share", "1", "--valid-csv", folder["valid.csv"]);
        AssertOneLineOf(run, "absent.flac", "every utterance of '" + folder["valid.csv"]);
        Assert.That(run.Error, Does.Not.Contain("MaxSkippedShare"), "that would not help");
    }

    [Test]
    public void AudioOfSeveralChannelsIsNamedAndAveragedOnlyIfAskedTo()
    {
        AudioFile.Write(folder["u1.flac"], new AudioData([.. Enumerable.Range(0, 8 * 7000).Select(i => 0.1f * MathF.Sin(i))], 16000, 8));
        AssertOneLineOf(Train("run"), "u1.flac", "8 channels");
        Assert.That(Train("run", "--average-channels").Code, Is.Zero);
    }

    [Test]
    public void AMissingManifestIsNamed() =>
        AssertOneLine("absent.csv", "prepare", "--valid-csv", Path.Combine(folder.Path, "absent.csv"));

    [Test]
    public void AFileInPlaceOfTheOutputFolderIsNamed()
    {
        File.WriteAllText(folder["run"], "");
        AssertOneLine("run", "name another --output-folder");
    }

    [Test]
    public void AMissingAudioFileIsNamed()
    {
        File.Delete(folder["u1.flac"]);
        AssertOneLineOf(Train("run"), "u1.flac", "no audio file");
    }

    [Test]
    public void ACorruptAudioFileIsNamed()
    {
        File.WriteAllText(folder["u1.flac"], "no audio");
        AssertOneLineOf(Train("run"), "u1.flac", "cannot be read");
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

    /// <summary>The unknown piece is token 0, which is the blank.</summary>
    [Test]
    public void ATranscriptBeyondThePiecesIsNamed()
    {
        new CharacterTokenizer("ENOTW").SaveSentencePiece(folder["five.model"]);
        AssertOneLine("u2", "no piece", "--tokenizer-file", folder["five.model"]);
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
        AssertOneLineOf(Train("run", more), name, what);
        Assert.That(Directory.Exists(Path.Combine(folder.Path, "run")), Is.False, "nothing left behind");
    }

    private static void AssertOneLineOf((int Code, string Output, string Error) run, string name, string what)
    {
        Assert.That(run.Code, Is.EqualTo(1));
        Assert.That(run.Error, Does.StartWith("error: ").And.Contain(name).And.Contain(what));
        Assert.That(run.Error.TrimEnd('\n'), Does.Not.Contain('\n'), "one line");
    }
}
