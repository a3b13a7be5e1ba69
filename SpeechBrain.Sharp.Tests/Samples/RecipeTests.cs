using NUnit.Framework;
using SpeechBrain.Sharp.Data;
using SpeechBrain.Sharp.Samples.LibriSpeech;
using SpeechBrain.Sharp.Tests.Testing;

namespace SpeechBrain.Sharp.Tests.Samples;

/// <summary>The recipe: defaults, a YAML file over them, the command line over both.</summary>
public sealed class RecipeTests
{
    private TestFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TestFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    private static string SpeechBrains => Path.Combine(Checkout.Root, "samples/LibriSpeech/Recipes/conformer_transducer.yaml");

    private Recipe Read(string yaml, params string[] arguments)
    {
        File.WriteAllText(folder["recipe.yaml"], yaml);
        return TrainOptions.Parse(["--recipe", folder["recipe.yaml"], .. arguments]).Settings;
    }

    private void AssertRefused(string yaml, int? line, params string[] parts)
    {
        var e = Assert.Throws<UserException>(() => Read(yaml))!;
        Assert.That(e.Message, Does.StartWith($"'{folder["recipe.yaml"]}'{(line is null ? "" : $", line {line}")}: "));
        foreach (string part in parts)
            Assert.That(e.Message, Does.Contain(part));
    }

    [Test]
    public void AFileOverridesDefaultsAndTheCommandLineOverridesTheFile()
    {
        var recipe = Read("d_model: 32\nlr: 1.e-3\nspeeds: [90, 110]\nbatch_ordering: descending\nstreaming: False\n", "--d-model", "16", "--nhead=2");
        Assert.That((recipe.Model.DModel, recipe.Model.Nhead, recipe.Optimization.Lr), Is.EqualTo((16, 2, 1e-3)));
        Assert.That(recipe.Augmentation.Speeds, Is.EqualTo(new[] { 90, 110 }));
        Assert.That((recipe.Batches.BatchOrdering, recipe.Chunks.Streaming), Is.EqualTo((BatchOrdering.Descending, false)));
        Assert.That(recipe.Model.JointDim, Is.EqualTo(new Recipe().Model.JointDim));
    }

    [Test]
    public void OptionsBeforeTheFilesNameOverrideItToo()
    {
        File.WriteAllText(folder["recipe.yaml"], "seed: 3\n");
        Assert.That(TrainOptions.Parse(["--seed", "4", "--recipe", folder["recipe.yaml"]]).Settings.Seed, Is.EqualTo(4));
    }

    [Test]
    public void WhatIsWrittenIsRead()
    {
        var recipe = Read("output_folder: 'it''s: here'\ntest_csv: [a b.csv, c.csv]\nbetas: [0.8, 0.95]\nattention_type: RoPEMHA\noutput_neurons: 31\n");
        RecipeFile.Write(folder["written.yaml"], recipe);
        var again = new Recipe();
        RecipeFile.Apply(folder["written.yaml"], again);
        foreach (var setting in Setting.Of(typeof(Recipe)))
            Assert.That(setting.Get(again), Is.EqualTo(setting.Get(recipe)), setting.Key);
        Assert.That((again.OutputFolder, again.Model.OutputNeurons), Is.EqualTo(("it's: here", 31)));
    }

    [TestCase("")]
    [TestCase("# nothing\n")]
    [TestCase("---\n...\n")]
    public void AnEmptyFileChangesNothing(string yaml)
    {
        if (yaml.StartsWith('-'))
            AssertRefused(yaml, 2, "'key: value'");
        else
            Assert.That(Read(yaml).Seed, Is.EqualTo(new Recipe().Seed));
    }

    [Test]
    public void AnUnknownKeyIsNamedWithTheNearestKnownOne()
    {
        AssertRefused("seed: 1\nwramup_steps: 5\n", 2, "'wramup_steps'", "'warmup_steps'");
        AssertRefused("LR: 1\n", 1, "'LR'", "nearest");
    }

    [TestCase("lr: fast", "lr is 'fast', which is not a number")]
    [TestCase("d_model: 2.5", "d_model is '2.5', which is not a whole number")]
    [TestCase("streaming: maybe", "true or false")]
    [TestCase("sorting: sideways", "one of random, ascending, descending")]
    [TestCase("speeds: [95, quick]", "speeds is '95, quick', which is not a whole number")]
    [TestCase("speeds: [[95]]", "plain values")]
    [TestCase("lr: [1]", "'lr' needs one value")]
    [TestCase("speeds: {a: 1}", "'speeds' needs a list")]
    [TestCase("lr:", "'lr' needs a value")]
    [TestCase("lr: 0,001", "lr is '0,001', which is not a number")]
    [TestCase("output_folder: ''", "'output_folder' needs a value")]
    [TestCase("output_folder: \"a\\0b\"", "text without the character NUL")]
    [TestCase("lr: 7", "lr is '7'; it must be above 0, at most 1")]
    [TestCase("speeds: []", "speeds is ''; it must be whole percents")]
    [TestCase("seed: 1\nseed: 2", "set in line 1 already")]
    [TestCase("number_of_epochs", "key")]
    [TestCase("seed: &a 1\nd_model: *a", "aliases are not read")]
    [TestCase("seed: 1\n---\nseed: 2", "second document")]
    [TestCase("'a\tb", "no YAML")]
    [TestCase("output_folder: !ref results/<seed>", "'!ref'", "conformer_transducer.yaml")]
    [TestCase("noam_annealing: !new:speechbrain.nnet.schedulers.NoamScheduler\n   lr_initial: 1", "'!new:speechbrain")]
    public void WhatIsWrongIsNamedWithItsLine(string yaml, params string[] parts) => AssertRefused(yaml, yaml.StartsWith("se", StringComparison.Ordinal) ? 2 : 1, parts);

    [Test]
    public void AMissingFileIsNamed() =>
        Assert.That(() => TrainOptions.Parse(["--recipe", folder["absent.yaml"]]), Throws.TypeOf<UserException>().With.Message.Contains("absent.yaml"));

    [Test]
    public void SpeechBrainsRecipeIsRead()
    {
        var recipe = TrainOptions.Parse(["--recipe", SpeechBrains, "--device", "cuda"]).Settings;
        Assert.That((recipe.Model.DModel, recipe.Model.NumEncoderLayers, recipe.Optimization.WarmupSteps), Is.EqualTo((512, 12, 25000)));
        Assert.That(recipe.Batches.DynamicBatching);
    }

    /// <summary>It says everything but where the data is, so that what it trains does not hang on the defaults here.</summary>
    [Test]
    public void SpeechBrainsRecipeSetsEverythingThatIsLearntWith()
    {
        string[] keys = [.. File.ReadLines(SpeechBrains).Where(line => line.Contains(": ") && line[0] != '#').Select(line => line.Split(':')[0])];
        Assert.That(Setting.Of(typeof(Recipe)).Where(setting => !setting.MayChange && setting.Name != "TokenizerFile").Select(setting => setting.Key),
            Is.SubsetOf(keys));
    }

    [Test]
    public void SpeechBrainsRecipeOnTheCpuSaysWhatToDo()
    {
        string recipe = SpeechBrains; // which skips the test elsewhere, but not from within an assertion
        Assert.That(() => TrainOptions.Parse(["--recipe", recipe]), Throws.TypeOf<UsageException>().With.Message.Contains("--device cuda"));
    }

    [Test]
    public void EverySettingIsExplainedOnceAndHasAKeyOfItsOwn()
    {
        var settings = Setting.Of(typeof(TrainOptions));
        Assert.That(settings.Select(setting => setting.Description), Has.All.Not.Empty);
        Assert.That(settings.Select(setting => setting.Key), Is.Unique);
    }

    [TestCase("--number-of-epochs", "0")]
    [TestCase("--batch-size", "-1")]
    [TestCase("--lr", "NaN")]
    [TestCase("--ctc-weight", "1")]
    [TestCase("--max-grad-norm", "-1")]
    [TestCase("--max-grad-norm", "Infinity")]
    [TestCase("--speeds", "0")]
    [TestCase("--nhead", "5")]
    [TestCase("--transformer-dropout", "1")]
    [TestCase("--device", "tpu")]
    [TestCase("--precision", "fp16")]
    [TestCase("--precision", "fp8")]
    [TestCase("--max-batch-len", "0")]
    [TestCase("--chunk-size-max", "7")]
    [TestCase("--left-context-chunks-max", "1")]
    [TestCase("--time-drop-length-high", "11")]
    [TestCase("--max-augmentations", "4")]
    [TestCase("--n-fft", "511")]
    [TestCase("--betas", "0.9")]
    [TestCase("--activation", "sine")]
    [TestCase("--valid-interval-epochs", "0")]
    [TestCase("--avg-checkpoints", "0")]
    [TestCase("--beam-size", "0")]
    public void AnOptionOutOfRangeIsNamed(string option, string value) =>
        Assert.That(() => TrainOptions.Parse([option, value]),
            Throws.TypeOf<UsageException>().With.Message.Contains($"'{option}'").And.Message.Contains($"'{value}'"));
}
