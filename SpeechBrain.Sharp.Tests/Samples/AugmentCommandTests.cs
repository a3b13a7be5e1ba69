using System.Text.Json;
using NUnit.Framework;
using SpeechBrain.Sharp.Augment;
using SpeechBrain.Sharp.Data;
using SpeechBrain.Sharp.Samples.LibriSpeech;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Samples;

public sealed class AugmentCommandTests
{
    private const int Rate = 16000;
    private TestFolder folder = null!;

    private static IEnumerable<string> Recipes => AugmentRecipe.All.Select(recipe => recipe.Name);

    [SetUp]
    public void MakeAudio()
    {
        folder = new TestFolder();
        var random = new Random(1);
        float[] samples = [.. Enumerable.Range(0, Rate).Select(i => 0.3f * MathF.Sin(i * i * 1e-5f) + 0.05f * random.NextSingle())];
        AudioFile.Write(folder["chirp.wav"], new AudioData(samples, Rate, 1));
    }

    [TearDown]
    public void RemoveAudio() => folder.Dispose();

    private (int Code, string Output, string Error) Augment(string recipe, int seed, string to, string file = "chirp.wav")
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        int code = Commands.Run(
            ["augment", "--in", Path.Combine(folder.Path, file), "--recipe", recipe, "--seed", $"{seed}", "--out", Path.Combine(folder.Path, to)],
            output, error);
        return (code, output.ToString(), error.ToString());
    }

    [TestCase("librispeech")]
    [TestCase("specaugment")]
    public void LibriSpeechsFeaturesAreAugmentedAsTrainingDoes(string recipe)
    {
        using var scope = NewDisposeScope();
        var features = new AugmentedBatch(ones(1, 300, 80));
        Assert.That(Draw(AugmentRecipe.Named(recipe).Features()), Is.EqualTo(Draw(new AugmentationRecipe().Augmenter())).And.Not.Empty);

        string Draw(Augmenter augmenter)
        {
            using var generator = new Generator(3);
            using (augmenter)
                return augmenter.Sample(generator, features).ToJson();
        }
    }

    [TestCaseSource(nameof(Recipes))]
    public void ARecipeWritesAudioDrawAndPicture(string recipe)
    {
        var (code, output, error) = Augment(recipe, 3, "out");
        Assert.That((code, error), Is.EqualTo((0, "")));
        Assert.That(output, Does.StartWith($"{recipe}: 1.00 s became "));
        string stem = Path.Combine(folder.Path, "out", $"chirp.{recipe}.3");
        Assert.That(Directory.GetFiles(Path.Combine(folder.Path, "out")).Order(StringComparer.Ordinal),
            Is.EqualTo(new[] { stem + ".json", stem + ".png", stem + ".wav" }));
        var before = AudioFile.Read(folder["chirp.wav"]).Samples;
        var after = AudioFile.Read(stem + ".wav");
        Assert.That(after.SampleRate, Is.EqualTo(Rate));
        var (width, height, rgb) = PngTests.Read(stem + ".png");
        Assert.That(width, Is.EqualTo(Math.Max(101, after.Frames / 160 + 1)), "a column every 10 ms");
        int rows = (height - 8) / 2;
        Assert.That(rows, Is.EqualTo(3 * 80));
        // Something was done: to the audio, or to the features alone.
        Assert.That(rgb[^(rows * width * 3)..], Is.Not.EqualTo(rgb[..(rows * width * 3)]));
        Assert.That(after.Samples.SequenceEqual(before), Is.EqualTo(recipe is "specaugment" or "collage"));
    }

    [TestCaseSource(nameof(Recipes))]
    public void TheDrawReplaysToTheSameAudio(string recipe)
    {
        Augment(recipe, 8, "out");
        string stem = Path.Combine(folder.Path, "out", $"chirp.{recipe}.8");
        using var draw = JsonDocument.Parse(File.ReadAllText(stem + ".json"));
        Assert.That(draw.RootElement.GetProperty("recipe").GetString(), Is.EqualTo(recipe));
        Assert.That(draw.RootElement.GetProperty("seed").GetInt32(), Is.EqualTo(8));
        using var scope = NewDisposeScope();
        using var augmenter = AugmentRecipe.Named(recipe).Waveforms(Rate);
        using var batch = new AugmentedBatch(tensor(AudioFile.Read(folder["chirp.wav"]).Samples).unsqueeze(0));
        using var again = augmenter.Apply(batch, augmenter.ParametersFromJson(draw.RootElement.GetProperty("waveform").GetRawText()));
        // The file has 16 bits.
        var written = AudioFile.Read(stem + ".wav").Samples.Select(s => (double)s);
        Assert.That(Numbers.Values(again.Data.clamp(-1, 1)), Is.EqualTo(written).Within(1.01 / 32768));
        using var features = AugmentRecipe.Named(recipe).Features();
        Assert.That(features.ParametersFromJson(draw.RootElement.GetProperty("features").GetRawText()).Branches, Is.Not.Empty);
    }

    [Test]
    public void ASeedDeterminesEverything()
    {
        byte[] Written(int seed, string to, string kind)
        {
            Assert.That(Augment("librispeech", seed, to).Code, Is.Zero);
            return File.ReadAllBytes(Path.Combine(folder.Path, to, $"chirp.librispeech.{seed}.{kind}"));
        }

        foreach (string kind in new[] { "wav", "json", "png" })
            Assert.That(Written(5, "a", kind), Is.EqualTo(Written(5, "b", kind)), kind);
        Assert.That(Written(6, "a", "png"), Is.Not.EqualTo(Written(5, "a", "png")));
    }

    [Test]
    public void LeavesNoTensorsBehind() => LeakCheck.IsClean(() => Augment("librispeech", 1, "out"));

    [Test]
    public void HelpNamesTheRecipes()
    {
        using var output = new StringWriter();
        Assert.That(Commands.Run(["augment", "--help"], output, TextWriter.Null), Is.Zero);
        foreach (string recipe in Recipes)
            Assert.That(output.ToString(), Does.Contain($"\n  {recipe} "));
        Assert.That(output.ToString(), Does.Contain("--in").And.Contain("--out"));
    }

    [Test]
    public void WhatIsWrongIsNamedInOneLine()
    {
        AudioFile.Write(folder["short.wav"], new AudioData(new float[511], Rate, 1));
        File.WriteAllText(folder["text.wav"], "not audio");
        AssertOneLine(Augment("karaoke", 1, "out"), 2, "'karaoke'", "librispeech, specaugment");
        AssertOneLine(Augment("speed", -1, "out"), 2, "--seed", "0 or more");
        AssertOneLine(Augment("speed", 1, "out", "absent.wav"), 1, "absent.wav", "no audio file");
        AssertOneLine(Augment("speed", 1, "out", "text.wav"), 1, "text.wav", "cannot be read");
        AssertOneLine(Augment("speed", 1, "out", "short.wav"), 1, "short.wav", "at least 512");
        AudioFile.Write(folder["slow.wav"], new AudioData(new float[99], 10, 1));
        AssertOneLine(Augment("speed", 1, "out", "slow.wav"), 1, "slow.wav", "at least 1000 Hz");
        using var error = new StringWriter();
        Assert.That(Commands.Run(["augment"], TextWriter.Null, error), Is.EqualTo(2));
        Assert.That(error.ToString(), Does.Contain("--in"));

        void AssertOneLine((int Code, string Output, string Error) run, int code, string name, string what)
        {
            Assert.That(run.Code, Is.EqualTo(code));
            Assert.That(run.Error, Does.StartWith("error: ").And.Contain(name).And.Contain(what));
            Assert.That(run.Error.TrimEnd('\n'), Does.Not.Contain('\n'), "one line");
            Assert.That(Directory.Exists(Path.Combine(folder.Path, "out")), Is.False, "nothing left behind");
        }
    }
}
