using NUnit.Framework;
using SpeechBrain.Sharp.Data;
using SpeechBrain.Sharp.Samples.LibriSpeech;
using SpeechBrain.Sharp.Tests.Testing;

namespace SpeechBrain.Sharp.Tests.Samples;

/// <summary>The sample's commands one after the other, as a person types them, over real utterances of LibriSpeech.</summary>
public sealed class EndToEndTests
{
    private TestFolder folder = null!;
    private string corpus = "";

    [SetUp]
    public void FindTheCorpus()
    {
        corpus = SharedData.Require("LibriSpeech");
        folder = new TestFolder();
    }

    [TearDown]
    public void Remove() => folder?.Dispose();

    private static string Run(params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        int code = Commands.Run(arguments, output, error);
        Assert.That((code, error.ToString()), Is.EqualTo((0, "")), arguments[0]);
        return output.ToString();
    }

    [Test]
    public void PrepareTrainEvaluateTranscribe([Values("characters", "pieces")] string tokens)
    {
        string data = Path.Combine(folder.Path, "data"), model = Path.Combine(folder.Path, "run");
        string manifest = Path.Combine(data, "librispeech", "dev-clean.csv");
        string[] pieces = [], ask = [];
        if (tokens == "pieces")
        {
            RequireSpmTrain();
            ask = ["--vocab-size", "40"];
            pieces = ["--tokenizer-file", Path.Combine(data, "librispeech", "40_unigram.model")];
        }
        string prepared = Run(["prepare", "--librispeech", corpus, "--data", data, "--splits", "dev-clean", "--verify", .. ask]);
        Assert.That(prepared, Does.Contain("dev-clean: 8 utterances").And.Contain(pieces.LastOrDefault() ?? "dev-clean.csv"));

        // The three shortest: the way matters here, not what is learnt.
        Manifest.Write(manifest, Manifest.Read(manifest, corpus).OrderBy(utterance => utterance.Duration).Take(3), corpus);
        Run(["train", "--train-csv", manifest, "--valid-csv", manifest, "--test-csv", manifest, "--data-folder", corpus, "--output-folder", model,
            "--number-of-epochs", "1", "--avg-checkpoints", "1", "--batch-size", "2", "--d-model", "16", "--d-ffn", "16", "--nhead", "2",
            "--num-encoder-layers", "1", "--joint-dim", "16", "--dec-dim", "16", "--attention-type", "RoPEMHA", .. pieces]);

        string evaluated = Run("evaluate", "--model", model, "--manifest", manifest, "--data-folder", corpus);
        Assert.That(evaluated, Does.Contain("53 keys fit").And.Contain("3 utterances (11 s)").And.Contain("/ 30, "));
        var files = Manifest.Read(manifest, corpus).Select(utterance => utterance.Path).ToList();
        string[] lines = Run(["transcribe", "--model", model, .. files]).TrimEnd('\n').Split('\n');
        Assert.That(lines.Select(line => line.Split(": ")[0]), Is.EqualTo(files));

        // What a run that is not at its end has: its checkpoint, here the only one and so the same weights.
        foreach (string file in new[] { "model.ckpt", "normalizer.ckpt", "tokenizer.ckpt", "hyperparams.yaml" })
            File.Delete(Path.Combine(model, file));
        string[] again = Run(["transcribe", "--model", model, .. files]).TrimEnd('\n').Split('\n');
        Assert.That(again, Is.EqualTo(lines));
    }

    /// <summary>The recipe's own size, from the transcripts of dev-clean; training it again is not needed.</summary>
    [Test]
    public void ATokenizerOfTheRecipeIsTrainedOnce()
    {
        RequireSpmTrain();
        var transcripts = Directory.GetFiles(SharedData.Require("transcripts"), "*.trans.txt", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).SelectMany(File.ReadLines).Select(line => line[(line.IndexOf(' ') + 1)..]).ToList();
        UnigramTrainer.Train(1000, transcripts, folder["1000_unigram.model"]);
        var tokenizer = new SentencePieceTokenizer(folder["1000_unigram.model"]);
        Assert.That((tokenizer.VocabularySize, tokenizer.UnknownId), Is.EqualTo((1000, 0L)));
        Assert.That((tokenizer.PieceToId("<s>"), tokenizer.PieceToId("</s>")), Is.EqualTo((1L, 2L)));
        Assert.That(transcripts.SelectMany(tokenizer.Encode), Has.None.EqualTo(0L), "every character is covered");
        Assert.That(tokenizer.Decode(tokenizer.Encode(transcripts[7])), Is.EqualTo(transcripts[7]));
        Assert.That(folder.Files, Is.EqualTo(new[] { "1000_unigram.model" }), "nothing left behind");

        string[] prepare = ["prepare", "--librispeech", corpus, "--data", Path.Combine(folder.Path, "data"), "--vocab-size", "30"];
        Assert.That(Run(prepare), Does.Contain("a tokenizer of 30 pieces from dev-clean"));
        byte[] first = File.ReadAllBytes(folder["data/librispeech/30_unigram.model"]);
        Assert.That(Run(prepare), Does.Contain("is there already"));
        Assert.That(File.ReadAllBytes(folder["data/librispeech/30_unigram.model"]), Is.EqualTo(first));
    }

    private static void RequireSpmTrain()
    {
        if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(place => File.Exists(Path.Combine(place, "spm_train"))))
            Assert.Ignore("no spm_train on the PATH: install Debian's package sentencepiece");
    }
}
