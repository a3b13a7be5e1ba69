using NUnit.Framework;
using SpeechBrain.Sharp.Samples.LibriSpeech;
using SpeechBrain.Sharp.Tests.Testing;

namespace SpeechBrain.Sharp.Tests.Samples;

/// <summary>SpeechBrain's recipe upon LibriSpeech itself, end to end: a few of its utterances in its own layout, and a model of small sizes.</summary>
public sealed class LibriSpeechRecipeTests
{
    private static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        int code = Commands.Run(arguments, output, error);
        return (code, output.ToString(), error.ToString());
    }

    [Test]
    public void PreparesTrainsAndTranscribes()
    {
        string corpus = SharedData.Require("LibriSpeech");
        using var folder = new TestFolder();
        string data = Path.Combine(folder.Path, "data"), manifest = Path.Combine(data, "librispeech", "dev-clean.csv"), run = Path.Combine(folder.Path, "run");
        AssertWell(Run("prepare", "--librispeech", corpus, "--data", data), "dev-clean: 8 utterances");

        AssertWell(
            Run(
                "train", "--recipe", Path.Combine(Checkout.Root, "samples/LibriSpeech/Recipes/conformer_transducer.yaml"),
                "--train-csv", manifest, "--valid-csv", manifest, "--test-csv", manifest, "--data-folder", corpus, "--output-folder", run,
                "--precision", "fp32", "--output-neurons", "29", "--d-model", "16", "--nhead", "2", "--num-encoder-layers", "1", "--d-ffn", "32",
                "--joint-dim", "16", "--dec-dim", "16", "--number-of-epochs", "1", "--max-batch-len", "40", "--beam-size", "1"),
            "epoch   1/1", "valid loss", "dev-clean: %WER", "\naugment ");

        string file = Directory.EnumerateFiles(corpus, "*.flac", SearchOption.AllDirectories).First();
        AssertWell(Run("transcribe", "--model", run, file), $"{file}: ");

        static void AssertWell((int Code, string Output, string Error) result, params string[] parts)
        {
            Assert.That((result.Code, result.Error), Is.EqualTo((0, "")));
            foreach (string part in parts)
                Assert.That(result.Output, Does.Contain(part));
        }
    }
}
