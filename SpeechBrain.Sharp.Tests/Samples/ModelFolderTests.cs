using NUnit.Framework;
using SpeechBrain.Sharp.Conformer;
using SpeechBrain.Sharp.Data;
using SpeechBrain.Sharp.Decoding;
using SpeechBrain.Sharp.Samples.LibriSpeech;
using SpeechBrain.Sharp.Serialization;
using SpeechBrain.Sharp.Tests.Golden;
using SpeechBrain.Sharp.Tests.Testing;
using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Samples;

/// <summary>Models in folders: what is written is read again, SpeechBrain's layouts are found, what can't be used is named in one line.</summary>
public sealed class ModelFolderTests
{
    private TestFolder folder = null!;
    private Recognizer written = null!;

    [OneTimeSetUp]
    public void WriteAModel()
    {
        folder = new TestFolder();
        random.manual_seed(4);
        var tokenizer = new CharacterTokenizer();
        var options = new ConformerTransducerOptions
        {
            OutputNeurons = tokenizer.VocabularySize,
            DModel = 16,
            NHead = 4,
            NumEncoderLayers = 1,
            DFfn = 24,
            KernelSize = 5,
            JointDim = 12,
            DecDim = 10,
        };
        written = new Recognizer(new FeatureRecipe(), options, tokenizer, CPU);
        using var scope = NewDisposeScope();
        written.Train(true);
        written.Normalize(randn(2, 30, 80), [30, 30], 1);
        ModelWriter.Write(written, Model);
        using var noise = new Generator(1);
        AudioFile.Write(folder["noise.wav"], new AudioData((randn([16000], generator: noise) * 0.1).data<float>().ToArray(), 16000, 1));
    }

    [OneTimeTearDown]
    public void RemoveIt()
    {
        written.Dispose();
        folder.Dispose();
    }

    private string Model => Path.Combine(folder.Path, "model");

    private (int Code, string Output, string Error) Transcribe(string model, params string[] more)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        int code = Commands.Run(["transcribe", folder["noise.wav"], "--model", model, .. more], output, error);
        return (code, output.ToString(), error.ToString());
    }

    private void AssertHears(string model, params string[] more)
    {
        var run = Transcribe(model, more);
        Assert.That((run.Code, run.Error), Is.EqualTo((0, "")));
        Assert.That(run.Output, Is.EqualTo(Transcribe(Model).Output));
    }

    private static void AssertOneLine((int Code, string Output, string Error) run, params string[] parts)
    {
        Assert.That(run.Code, Is.EqualTo(1), run.Error);
        foreach (string part in parts)
            Assert.That(run.Error, Does.StartWith("error: ").And.Contain(part));
        Assert.That(run.Error.TrimEnd('\n'), Does.Not.Contain('\n'), "one line");
    }

    /// <summary>A copy of the model to spoil, its files under other places or names.</summary>
    private string Copy(string name, params (string From, string To)[] files)
    {
        foreach (var (from, to) in files)
            File.Copy(Path.Combine(Model, from), folder[Path.Combine(name, to)]);
        return Path.Combine(folder.Path, name);
    }

    private static (string From, string To)[] Same(params string[] files) => [.. files.Select(file => (file, file))];

    private static (string From, string To)[] All => Same("model.ckpt", "normalizer.ckpt", "tokenizer.ckpt", "hyperparams.yaml");

    [TestCase(AttentionType.RoPEMHA)]
    [TestCase(AttentionType.RelPosMHAXL)]
    [TestCase(AttentionType.RegularMHA)]
    public void WhatIsWrittenIsReadAgain(AttentionType attention)
    {
        string place = Path.Combine(folder.Path, $"{attention}");
        var options = written.Model.Options with
        {
            AttentionType = attention,
            NHead = 2,
            BlankIndex = 3,
            JointActivation = Activation.Tanh,
            NMels = 20,
            FrontEndChannels = [3],
            FrontEndStrides = [2],
            FrontEndKernelSizes = [5],
        };
        using var scope = NewDisposeScope();
        var features = new FeatureRecipe { SampleRate = 8000, NFft = 256, WinLength = 25, NMels = 20 };
        using var recognizer = new Recognizer(features, options, written.Tokenizer, CPU) { TestChunks = new(6) };
        recognizer.Train(true);
        recognizer.Normalize(randn(1, 9, 20), [9], 1);
        ModelWriter.Write(recognizer, place);

        var (read, report) = ModelReader.Read(new TranscribeOptions { Model = place }, CPU);
        using (read)
        {
            Assert.That(report.IsComplete && report.Loaded.Count == recognizer.Model.state_dict().Count);
            Assert.That((read.FeatureRecipe, read.TestChunks), Is.EqualTo((features, recognizer.TestChunks)));
            var (own, other) = (read.Model.Options, recognizer.Model.Options);
            Assert.That(
                own with
                {
                    FrontEndChannels = other.FrontEndChannels,
                    FrontEndStrides = other.FrontEndStrides,
                    FrontEndKernelSizes = other.FrontEndKernelSizes,
                },
                Is.EqualTo(other));
            foreach (var (key, tensor) in recognizer.Model.state_dict())
                Assert.That(read.Model.state_dict()[key].equal(tensor).all().item<bool>(), key);
            Assert.That(Numbers.Values(read.Normalizer.GlobStd!), Is.EqualTo(Numbers.Values(recognizer.Normalizer.GlobStd!)));
        }
    }

    /// <summary>A checkpoint that SpeechBrain wrote, with a tokenizer of our own: it has none.</summary>
    [Test]
    public void TheGoldenCheckpointRecognises()
    {
        string golden = Path.Combine(GoldenSet.ShippedFolder, "checkpoint", "CKPT+golden");
        AssertOneLine(Transcribe(golden), golden, "tokenizer.ckpt", "--tokenizer-file");
        new CharacterTokenizer("ABCDEFGH").SaveSentencePiece(folder["eight.model"]);
        AssertOneLine(Transcribe(golden, "--tokenizer-file", folder["eight.model"]), golden, "--nhead");

        var options = new TranscribeOptions { Model = golden, TokenizerFile = folder["eight.model"], Nhead = 4 };
        var (recognizer, report) = ModelReader.Read(options, CPU);
        using (recognizer)
        {
            Assert.That($"{report}", Is.EqualTo("82 keys fit"));
            var sizes = recognizer.Model.Options;
            Assert.That((recognizer.FeatureRecipe.NMels, sizes.NumEncoderLayers, sizes.KernelSize), Is.EqualTo((16, 2L, 5L)));
        }
        var run = Transcribe(golden, "--tokenizer-file", folder["eight.model"], "--nhead", "4");
        Assert.That((run.Code, run.Error), Is.EqualTo((0, "")));
        Assert.That(run.Output, Does.Match("noise.wav: [A-H]*\n$"));
    }

    private const string RoundTrip = """
        import sys, torch
        place, back = sys.argv[1:]
        model = torch.load(place + "/model.ckpt", weights_only=True)
        normalizer = torch.load(place + "/normalizer.ckpt")
        assert type(normalizer["count"]) is int and list(normalizer) == ["count", "glob_mean", "glob_std"], normalizer
        assert all(not t.requires_grad and t.is_contiguous() for t in model.values())
        torch.save(model, back + "/model.ckpt")
        torch.save(normalizer, back + "/normalizer.ckpt")
        print(" ".join(sorted({key.split(".")[0] for key in model})), len(model))
        """;

    /// <summary>Through Python's torch.load and torch.save every tensor and the statistics stay what they are.</summary>
    [Test]
    public void PythonKeepsEveryTensorOfAFolder()
    {
        string back = Copy("back", Same("tokenizer.ckpt", "hyperparams.yaml"));
        string said = DebianPython.Run("torch", RoundTrip, Model, back);
        using var scope = NewDisposeScope();
        Assert.That(said.Trim(), Is.EqualTo($"0 1 2 3 4 5 6 7 {written.Model.state_dict().Count}"));
        var ours = SpeechBrainCheckpoint.LoadStateDict(Path.Combine(Model, "model.ckpt"));
        var theirs = SpeechBrainCheckpoint.LoadStateDict(Path.Combine(back, "model.ckpt"));
        Assert.That(theirs.Keys, Is.EqualTo(ours.Keys), "names in order");
        foreach (var (key, tensor) in ours)
        {
            Assert.That((theirs[key].dtype, string.Join(',', theirs[key].shape)), Is.EqualTo((tensor.dtype, string.Join(',', tensor.shape))), key);
            Assert.That(theirs[key].equal(tensor).all().item<bool>(), key);
        }
        AssertHears(back);
    }

    /// <summary>The recipe's own layout: tokenizer and settings above the checkpoints, the best of which is taken.</summary>
    [Test]
    public void ARunOfSpeechBrainIsTakenByItsBestCheckpoint()
    {
        var above = Same("hyperparams.yaml").Append(("tokenizer.ckpt", "save/tokenizer.ckpt"));
        string run = Copy("run", [.. above,
            ("model.ckpt", "save/CKPT+a/model.ckpt"), ("normalizer.ckpt", "save/CKPT+a/normalizer.ckpt"),
            ("normalizer.ckpt", "save/CKPT+b/model.ckpt"), ("normalizer.ckpt", "save/CKPT+b/normalizer.ckpt")]);
        File.WriteAllText(Path.Combine(run, "save/CKPT+a/CKPT.yaml"), "WER: 3.5\nunixtime: 1.0\n");
        File.WriteAllText(Path.Combine(run, "save/CKPT+b/CKPT.yaml"), "WER: 4\nunixtime: 2.0\n");
        AssertHears(run);
        AssertHears(Path.Combine(run, "save"));
        AssertHears(Path.Combine(run, "save", "CKPT+a"));
        AssertOneLine(Transcribe(Path.Combine(run, "save", "CKPT+b")), "CKPT+b", "0.convblock_0");
    }

    [Test]
    public void OtherNamesInUseAreFound() => AssertHears(
        Copy("named", ("model.ckpt", "asr.ckpt"), ("normalizer.ckpt", "normalize.ckpt"), ("tokenizer.ckpt", "29_unigram.model")), "--nhead", "4");

    [Test]
    public void ATokenizerCanBeNamed() => AssertHears(
        Copy("without", Same("model.ckpt", "normalizer.ckpt", "hyperparams.yaml")), "--tokenizer-file", Path.Combine(Model, "tokenizer.ckpt"));

    [Test]
    public void ALanguageModelOfTheFolderIsUsed()
    {
        string model = Copy("lm", All);
        using (var lm = new RNNLM(29, 6, rnnLayers: 1, rnnNeurons: 8, dnnBlocks: 2, dnnNeurons: 5))
            SpeechBrainCheckpoint.Save(Path.Combine(model, "lm.ckpt"), lm.state_dict());
        var run = Transcribe(model, "--beam-size", "2", "--lm-weight", "0.5");
        Assert.That((run.Code, run.Error), Is.EqualTo((0, "")));
        AssertOneLine(Transcribe(Model, "--beam-size", "2", "--lm-weight", "0.5"), Model, "lm.ckpt", "--lm-weight");

        using (var other = new RNNLM(30, 6, rnnLayers: 1, rnnNeurons: 8, dnnBlocks: 1, dnnNeurons: 5))
            SpeechBrainCheckpoint.Save(Path.Combine(model, "lm.ckpt"), other.state_dict());
        AssertOneLine(Transcribe(model, "--beam-size", "2", "--lm-weight", "0.5"), "lm.ckpt", "30 tokens", "29");
        File.Copy(Path.Combine(Model, "model.ckpt"), Path.Combine(model, "lm.ckpt"), overwrite: true);
        AssertOneLine(Transcribe(model, "--beam-size", "2", "--lm-weight", "0.5"), "lm.ckpt", "embedding.Embedding.weight");
    }

    [TestCase("model.ckpt", "no model.ckpt", "'train' makes one")]
    [TestCase("normalizer.ckpt", "normalizer.ckpt", "copy it")]
    [TestCase("tokenizer.ckpt", "tokenizer.ckpt", "--tokenizer-file")]
    [TestCase("hyperparams.yaml", "attention heads", "--nhead")]
    public void AMissingFileIsNamed(string missing, params string[] parts)
    {
        string model = Copy("no-" + missing, [.. All.Where(file => file.From != missing)]);
        AssertOneLine(Transcribe(model), [model, .. parts]);
    }

    [TestCase("model.ckpt")]
    [TestCase("normalizer.ckpt")]
    [TestCase("tokenizer.ckpt")]
    public void ATruncatedFileIsNamed(string file)
    {
        string model = Copy("cut-" + file, All);
        string path = Path.Combine(model, file);
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^100]);
        AssertOneLine(Transcribe(model), path, "again");
    }

    /// <summary>A pickle that asks for os.system.</summary>
    [Test]
    public void APickleThatCallsAFunctionIsRefused([Values("model.ckpt", "normalizer.ckpt")] string file)
    {
        string model = Copy("evil-" + file, All);
        string path = Path.Combine(model, file);
        string witness = Path.Combine(folder.Path, "witness");
        using (var zip = System.IO.Compression.ZipFile.Open(path, System.IO.Compression.ZipArchiveMode.Update))
        {
            var entry = zip.Entries.Single(e => e.Name == "data.pkl");
            string name = entry.FullName;
            entry.Delete();
            using var pickle = zip.CreateEntry(name, System.IO.Compression.CompressionLevel.NoCompression).Open();
            pickle.Write(System.Text.Encoding.ASCII.GetBytes($"cos\nsystem\n(S'touch {witness}'\ntR."));
        }
        AssertOneLine(Transcribe(model), path, "os.system");
        Assert.That(File.Exists(witness), Is.False);
    }

    [Test]
    public void WeightsThatDoNotFitAreListed()
    {
        string model = Copy("odd", All);
        using var scope = NewDisposeScope();
        var weights = written.Model.state_dict();
        weights.Remove("6.w.bias");
        weights["4.w.weight"] = zeros(12, 16);
        weights["5.w.weight"] = zeros(11, 10);
        weights["8.w.weight"] = zeros(1);
        SpeechBrainCheckpoint.Save(Path.Combine(model, "model.ckpt"), weights);
        AssertOneLine(Transcribe(model), "model.ckpt", "6.w.bias", "5.w.weight", "[11, 10]", "[12, 10]", "8.w.weight");
    }

    [Test]
    public void ATokenizerOfAnotherSizeIsNamed()
    {
        string model = Copy("other-tokens", All);
        new CharacterTokenizer("ABC").SaveSentencePiece(Path.Combine(model, "tokenizer.ckpt"));
        AssertOneLine(Transcribe(model), "29 tokens", "has 4", "--tokenizer-file");
    }

    /// <summary>A recipe may have more outputs than the tokenizer has tokens (1000 of the recipe, 29 characters); the folder says so.</summary>
    [Test]
    public void OutputsWithoutATokenAreThereByIntentOnly()
    {
        string model = Path.Combine(folder.Path, "more-outputs");
        using var scope = NewDisposeScope();
        using (var recognizer = new Recognizer(new FeatureRecipe(), written.Model.Options with { OutputNeurons = 40 }, written.Tokenizer, CPU))
        {
            recognizer.Train(true);
            recognizer.Normalize(randn(2, 30, 80), [30, 30], 1);
            using (no_grad())
                recognizer.Model.OutputLayer.Weight.fill_(0).narrow(0, 39, 1).fill_(1); // most likely the last, which has no text
            ModelWriter.Write(recognizer, model);
        }
        var run = Transcribe(model);
        Assert.That((run.Code, run.Error), Is.EqualTo((0, "")));

        string path = Path.Combine(model, "hyperparams.yaml");
        File.WriteAllLines(path, File.ReadAllLines(path).Where(line => !line.StartsWith("vocabulary_size", StringComparison.Ordinal)));
        AssertOneLine(Transcribe(model), "40 tokens", "has 29");
    }

    [Test]
    public void OtherFilesInTheirPlaceAreNamed()
    {
        string model = Copy(
            "confused", [("normalizer.ckpt", "model.ckpt"), ("model.ckpt", "normalizer.ckpt"), .. Same("tokenizer.ckpt", "hyperparams.yaml")]);
        AssertOneLine(Transcribe(model), "normalizer.ckpt", "glob_mean");
        AssertOneLine(Transcribe(Path.Combine(folder.Path, "absent")), "absent", "--model");
        AssertOneLine(Transcribe(folder["noise.wav"]), "noise.wav", "--model");
    }

    [TestCase("nhead: 3", "16 features, and nhead is 3")]
    [TestCase("nhead: many", "nhead 'many'")]
    [TestCase("activation: !name:torch.nn.Mish", "'Mish'")]
    [TestCase("n_fft: 0", "n_fft '0'")]
    [TestCase("n_fft: [1]]", "line")]
    public void SettingsThatCannotBeAreNamed(string line, string part)
    {
        string model = Copy("set-" + line.GetHashCode(StringComparison.Ordinal), All);
        string path = Path.Combine(model, "hyperparams.yaml");
        string key = line.Split(' ')[0];
        File.WriteAllLines(path, File.ReadAllLines(path).Select(old => old.StartsWith(key, StringComparison.Ordinal) ? line : old));
        AssertOneLine(Transcribe(model), model, part);
    }

    [Test]
    public void LeavesNoTensorsBehind()
    {
        string model = Copy("leaks", All), odd = Copy("leaks-odd", All);
        using (var lm = new RNNLM(29, 6, rnnLayers: 1, rnnNeurons: 8, dnnBlocks: 1, dnnNeurons: 5))
            SpeechBrainCheckpoint.Save(Path.Combine(model, "lm.ckpt"), lm.state_dict());
        using (var lm = new RNNLM(30, 6, rnnLayers: 1, rnnNeurons: 8, dnnBlocks: 1, dnnNeurons: 5))
            SpeechBrainCheckpoint.Save(Path.Combine(odd, "lm.ckpt"), lm.state_dict());
        LeakCheck.IsClean(() =>
        {
            Transcribe(Model);
            Assert.That(Transcribe(model, "--beam-size", "2", "--lm-weight", "0.5").Code, Is.Zero);
            Assert.That(Transcribe(odd, "--beam-size", "2", "--lm-weight", "0.5").Code, Is.EqualTo(1), "refused after the model was made");
        });
    }
}
