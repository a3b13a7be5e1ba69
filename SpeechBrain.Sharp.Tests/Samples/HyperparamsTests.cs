using NUnit.Framework;
using SpeechBrain.Sharp.Samples.LibriSpeech;
using SpeechBrain.Sharp.Tests.Testing;

namespace SpeechBrain.Sharp.Tests.Samples;

public sealed class HyperparamsTests
{
    private static Hyperparams Read(string yaml)
    {
        using var folder = new TestFolder();
        File.WriteAllText(folder["h.yaml"], yaml);
        return Hyperparams.Read(folder["h.yaml"]);
    }

    [Test]
    public void PlainLinesAreRead()
    {
        var values = Read("""
            # a comment: 1
            seed: 3407 # with a comment
            heads: 8
            nhead: !ref <heads>
            name: "a # b"
            tokenizer: !new:sentencepiece.SentencePieceProcessor
            shape: (8, 10, 80)
            list: [!ref <heads>, 2]
            map: {in: 1}
            made: !new:torch.nn.Linear
              nhead: 99
            act: !name:torch.nn.GELU
            loop: !ref <loop>
            sum: !ref <heads> + 1
            """);
        Assert.That((values.Number("seed"), values.Number("nhead"), values.Text("act")), Is.EqualTo((3407, 8, "torch.nn.GELU")));
        Assert.That(new[] { "absent", "loop", "made", "tokenizer", "in" }.Select(values.Text), Is.All.Null);
        Assert.That(
            () => values.Number("sum"), Throws.TypeOf<UserException>().With.Message.Contains("h.yaml").And.Message.Contains("sum '<heads> + 1'"));
        Assert.That(() => values.Number("seed", 5000), Throws.TypeOf<UserException>().With.Message.Contains("at least 5000"));
    }

    [Test]
    public void ARecipesGroupTakesWhatIsThere()
    {
        var features = Read("sample_rate: 8000\nn_fft: !ref <half>\nhalf: 256\nwin_length: 25.0\n").Fill(new FeatureRecipe());
        Assert.That(features, Is.EqualTo(new FeatureRecipe { SampleRate = 8000, NFft = 256, WinLength = 25 }));
    }

    [TestCase("- a\n", "'key: value'")]
    [TestCase("", "'key: value'")]
    [TestCase("a: [1\n", "line 2")]
    public void WhatIsNoMappingIsNamed(string yaml, string part) =>
        Assert.That(() => Read(yaml), Throws.TypeOf<UserException>().With.Message.Contains("h.yaml").And.Message.Contains(part));

    [Test]
    public void WithoutAFileNothingIsKnown() => Assert.That(Hyperparams.Read(null).Text("nhead"), Is.Null);
}
