using NUnit.Framework;
using SpeechBrain.Sharp.Data;
using SpeechBrain.Sharp.Samples.LibriSpeech;
using SpeechBrain.Sharp.Tests.Testing;

namespace SpeechBrain.Sharp.Tests.Samples;

public sealed class CommandsTests
{
    private TestFolder folder = null!;

    [SetUp]
    public void MakeCorpus()
    {
        folder = new TestFolder();
        AudioFile.Write(folder["corpus/dev/1/2/1-2-0000.flac"], new AudioData(new float[16000], 16000, 1));
        File.WriteAllText(folder["corpus/dev/1/2/1-2.trans.txt"], "1-2-0000 HELLO\n");
    }

    [TearDown]
    public void RemoveCorpus() => folder.Dispose();

    private static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        int code = Commands.Run(arguments, output, error);
        return (code, output.ToString(), error.ToString());
    }

    private void AssertOneLine(int code, string what, params string[] arguments)
    {
        string[] before = folder.Files;
        var (actual, _, error) = Run(arguments);
        Assert.That(actual, Is.EqualTo(code));
        Assert.That(error, Does.StartWith("error: ").And.Contain(what));
        Assert.That(error.TrimEnd('\n'), Does.Not.Contain('\n'), "one line");
        Assert.That(folder.Files, Is.EqualTo(before), "nothing left behind");
    }

    private string[] Prepare => ["prepare", "--librispeech", Path.Combine(folder.Path, "corpus"), "--data", Path.Combine(folder.Path, "data")];

    [Test]
    public void HelpListsTheCommandsAndTheirOptions()
    {
        var (code, output, error) = Run("--help");
        Assert.That((code, error), Is.EqualTo((0, "")));
        Assert.That(output, Does.Contain("--librispeech").And.Contain("--warmup-steps").And.Contain("--recipe").And.Contain("--manifest"));
        Assert.That(output, Does.Contain("transcribe [options] FILE"));
    }

    [TestCase("prepare", "--librispeech", "--number-of-epochs")]
    [TestCase("train", "--number-of-epochs", "--librispeech")]
    [TestCase("evaluate", "--manifest", "--lr")]
    [TestCase("transcribe", "--beam-size", "--manifest")]
    [TestCase("augment", "--recipe", "--lr")]
    [TestCase("profile", "--steps", "--librispeech")]
    [TestCase("report", "--output-folder", "--lr")]
    public void HelpOfACommandIsOfItsOptions(string command, string own, string others)
    {
        var (code, output, error) = Run(command, "--help");
        Assert.That((code, error), Is.EqualTo((0, "")));
        Assert.That(output, Does.StartWith($"LibriSpeech {command} ").And.Contain($"  {own} ").And.Not.Contain($"  {others} "));
    }

    [Test]
    public void PrepareWritesAManifestForEachSplit()
    {
        var (code, output, error) = Run(Prepare);
        Assert.That((code, error), Is.EqualTo((0, "")));
        Assert.That(output, Does.Contain("dev: 1 utterances, 1.0 s"));
        var utterance = Manifest.Read(folder["data/librispeech/dev.csv"], folder["corpus"]).Single();
        Assert.That((utterance.Id, utterance.Transcript), Is.EqualTo(("1-2-0000", "HELLO")));
        Assert.That(File.Exists(utterance.Path));
    }

    [Test]
    public void SplitsThatAreNotThereAndOptionsWithoutACorpusAreNamed()
    {
        AssertOneLine(1, "it has dev", [.. Prepare, "--splits", "dev,train-clean-100"]);
        AssertOneLine(2, "--vocab-size", [.. Prepare, "--vocab-size", "3"]);
        AssertOneLine(2, "--librispeech", "prepare", "--vocab-size", "1000");
        AssertOneLine(2, "--librispeech", "prepare", "--splits", "dev");
    }

    [Test]
    public void ATokenizerThatCannotBeTrainedIsNamed()
    {
        var (code, _, error) = Run([.. Prepare, "--vocab-size", "5000"]);
        Assert.That(code, Is.EqualTo(1));
        Assert.That(error.TrimEnd('\n'), Does.StartWith("error: ").And.Contain("spm_train").And.Contain("--vocab-size").And.Not.Contain("\n"));
        Assert.That(folder.Files, Has.None.Contain("unigram"), "nothing left behind");
    }

    [Test]
    public void AMissingTrainerOfTokenizersIsNamed() => Assert.That(
        () => ExternalProgram.Run("spm_train-that-is-not-there", [], folder.Path, "install it"),
        Throws.TypeOf<UserException>().With.Message.EqualTo("install it"));

    [Test]
    public void AMissingFolderIsNamed() => AssertOneLine(1, "absent", "prepare", "--librispeech", Path.Combine(folder.Path, "absent"));

    [Test]
    public void AnUtteranceWithoutTranscriptIsNamed()
    {
        AudioFile.Write(folder["corpus/dev/1/2/1-2-0001.flac"], new AudioData(new float[100], 16000, 1));
        AssertOneLine(1, "1-2-0001", Prepare);
    }

    [Test]
    public void ACorruptFileIsNamed()
    {
        File.WriteAllText(folder["corpus/dev/1/2/1-2-0000.flac"], "not audio");
        AssertOneLine(1, "1-2-0000.flac", Prepare);
    }

    [Test]
    public void ABrokenSplitLeavesNoManifestOfAWholeOne()
    {
        File.WriteAllText(folder["corpus/train/1/3/1-3.trans.txt"], "1-3-0000 GONE\n");
        var (code, _, error) = Run(Prepare);
        Assert.That((code, error.Contains("1-3-0000", StringComparison.Ordinal)), Is.EqualTo((1, true)));
        Assert.That(folder.Files.Where(file => file.StartsWith("data", StringComparison.Ordinal)), Is.EqualTo(new[] { "data/librispeech/prepare.part" }));
    }

    [Test]
    public void AFileCutShortDoesNotPassAVerificationThatGoesOnAfterIt()
    {
        var random = new Random(1); // noise, so that FLAC cannot shrink it to nothing
        var cut = folder["corpus/dev/1/2/1-2-0001.flac"];
        AudioFile.Write(cut, new AudioData([.. Enumerable.Range(0, 20000).Select(_ => random.NextSingle() - 0.5f)], 16000, 1));
        File.AppendAllText(folder["corpus/dev/1/2/1-2.trans.txt"], "1-2-0001 NOISE\n");
        var whole = File.ReadAllBytes(cut);
        File.WriteAllBytes(cut, whole[..(whole.Length / 2)]);

        var (code, _, error) = Run([.. Prepare, "--verify"]);
        Assert.That(code, Is.EqualTo(1));
        Assert.That(error, Does.Contain("1-2-0001.flac").And.Contain("cut short").And.Contain("Fetch"));
        Assert.That(folder.Files, Does.Contain("data/librispeech/prepare.part").And.Not.Contain("data/librispeech/dev.csv"));

        File.WriteAllBytes(cut, whole);
        Assert.That(Run([.. Prepare, "--verify"]).Code, Is.Zero);
        Assert.That(folder.Files, Does.Contain("data/librispeech/dev.csv").And.Not.Contain("data/librispeech/prepare.part"));
    }

    [Test]
    public void AnUnknownOptionIsNamed()
    {
        AssertOneLine(2, "--libri-speech", "prepare", "--libri-speech", "x");
        AssertOneLine(2, "--epohcs", "train", "--epohcs", "3");
        AssertOneLine(2, "--epohcs", "--epohcs", "3");
    }

    [Test]
    public void AnUnknownCommandIsNamed() => AssertOneLine(2, "'evalute'", "evalute");
}
