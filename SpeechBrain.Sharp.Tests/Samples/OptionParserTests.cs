using NUnit.Framework;
using SpeechBrain.Sharp.Samples.LibriSpeech;

namespace SpeechBrain.Sharp.Tests.Samples;

public sealed class OptionParserTests
{
    private sealed record Options
    {
        [System.ComponentModel.Description("steps")]
        public int MaxSteps { get; init; } = 10;

        [System.ComponentModel.Description("rate")]
        public double LearningRate { get; init; } = 0.5;

        [System.ComponentModel.Description("where to")]
        public string? Output { get; init; }

        [System.ComponentModel.Description("overwrite")]
        public bool Force { get; init; }

        [System.ComponentModel.Description("Sizes")]
        public Inner Sizes { get; init; } = new();
    }

    private sealed record Inner
    {
        [System.ComponentModel.Description("points")]
        public int NFft { get; init; } = 512;

        [System.ComponentModel.Description("speeds")]
        public IReadOnlyList<int> Speeds { get; init; } = [95, 105];
    }

    [Test]
    public void ValuesFollowASpaceOrAnEqualsSign() =>
        Assert.That(OptionParser.Parse<Options>(["--max-steps", "3", "--learning-rate=1e-3", "--output", "a=b", "--force"]) with { Sizes = Defaults },
            Is.EqualTo(new Options { MaxSteps = 3, LearningRate = 1e-3, Output = "a=b", Force = true, Sizes = Defaults }));

    private static Inner Defaults { get; } = new(); // lists are equal only to themselves

    [Test]
    public void RecordsInTheRecordAreSetByTheirNamesAlone()
    {
        var options = OptionParser.Parse<Options>(["--n-fft", "400", "--speeds", "90, 110"]);
        Assert.That(options.Sizes.NFft, Is.EqualTo(400));
        Assert.That(options.Sizes.Speeds, Is.EqualTo(new[] { 90, 110 }));
    }

    [TestCase(true, "--force")]
    [TestCase(true, "--force", "true")]
    [TestCase(false, "--force", "false")]
    public void ASwitchMayHaveAValue(bool value, params string[] arguments) =>
        Assert.That(OptionParser.Parse<Options>(arguments).Force, Is.EqualTo(value));

    [Test]
    public void WithoutArgumentsTheDefaultsHold() => Assert.That(OptionParser.Parse<Options>([]) with { Sizes = Defaults }, Is.EqualTo(new Options { Sizes = Defaults }));

    [TestCase("'--max-stpes'; did you mean '--max-steps'?", "--max-stpes", "3")]
    [TestCase("Unknown option '--colour'", "--colour=red")]
    [TestCase("'stray' is not an option", "stray")]
    [TestCase("'--max-steps' needs a value", "--max-steps")]
    [TestCase("'--output' needs a value", "--output", "")]
    [TestCase("'--output' needs a value", "--output=")]
    [TestCase("'--max-steps' is '2.5', which is not a whole number", "--max-steps", "2.5")]
    [TestCase("'--max-steps' is '99999999999', which is not a whole number", "--max-steps", "99999999999")]
    [TestCase("'--learning-rate' is 'fast', which is not a number", "--learning-rate", "fast")]
    [TestCase("'--learning-rate' is '0,001', which is not a number", "--learning-rate", "0,001")]
    [TestCase("'--force' is 'maybe', which is not true or false", "--force=maybe")]
    public void WhatIsWrongIsNamed(string message, params string[] arguments) =>
        Assert.That(() => OptionParser.Parse<Options>(arguments), Throws.TypeOf<UsageException>().With.Message.Contains(message));

    [Test]
    public void HelpNamesEveryOptionWithItsDefault()
    {
        string help = OptionParser.Help<Options>();
        foreach (string part in new[] { "--max-steps", "steps [10]", "--learning-rate", "rate [0.5]", "--output", "--force", "Sizes:", "--n-fft", "speeds [95,105]" })
            Assert.That(help, Does.Contain(part));
    }

    [Test]
    public void WhatIsNoOptionCanBeTakenAsItIs()
    {
        var rest = new List<string>();
        Assert.That(OptionParser.Parse<Options>(["a.flac", "--max-steps", "3", "b.flac"], rest).MaxSteps, Is.EqualTo(3));
        Assert.That(rest, Is.EqualTo(new[] { "a.flac", "b.flac" }));
    }

    [TestCase(typeof(EvaluateOptions))]
    [TestCase(typeof(TranscribeOptions))]
    public void EveryOptionIsExplained(Type options) =>
        Assert.That(options.GetProperties(), Has.All.Matches<System.Reflection.PropertyInfo>(
            p => Attribute.IsDefined(p, typeof(System.ComponentModel.DescriptionAttribute))));
}
