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
    }

    [Test]
    public void ValuesFollowASpaceOrAnEqualsSign() =>
        Assert.That(OptionParser.Parse<Options>(["--max-steps", "3", "--learning-rate=1e-3", "--output", "a=b", "--force"]),
            Is.EqualTo(new Options { MaxSteps = 3, LearningRate = 1e-3, Output = "a=b", Force = true }));

    [Test]
    public void WithoutArgumentsTheDefaultsHold() => Assert.That(OptionParser.Parse<Options>([]), Is.EqualTo(new Options()));

    [TestCase("'--max-stpes'; did you mean '--max-steps'?", "--max-stpes", "3")]
    [TestCase("Unknown option '--colour'", "--colour=red")]
    [TestCase("'stray' is not an option", "stray")]
    [TestCase("'--max-steps' needs a value", "--max-steps")]
    [TestCase("'--output' needs a value", "--output", "")]
    [TestCase("'--output' needs a value", "--output=")]
    [TestCase("'--max-steps' is '2.5', which is not a whole number", "--max-steps", "2.5")]
    [TestCase("'--max-steps' is '99999999999', which is not a whole number", "--max-steps", "99999999999")]
    [TestCase("'--learning-rate' is 'fast', which is not a number", "--learning-rate", "fast")]
    [TestCase("'--force' is 'maybe', which is not true or false", "--force=maybe")]
    public void WhatIsWrongIsNamed(string message, params string[] arguments) =>
        Assert.That(() => OptionParser.Parse<Options>(arguments), Throws.TypeOf<UsageException>().With.Message.Contains(message));

    [Test]
    public void HelpNamesEveryOptionWithItsDefault()
    {
        string help = OptionParser.Help<Options>();
        foreach (string part in new[] { "--max-steps", "steps [10]", "--learning-rate", "rate [0.5]", "--output", "--force" })
            Assert.That(help, Does.Contain(part));
    }

    [Test]
    public void WhatIsNoOptionCanBeTakenAsItIs()
    {
        var rest = new List<string>();
        Assert.That(OptionParser.Parse<Options>(["a.flac", "--max-steps", "3", "b.flac"], rest), Is.EqualTo(new Options { MaxSteps = 3 }));
        Assert.That(rest, Is.EqualTo(new[] { "a.flac", "b.flac" }));
    }

    [TestCase(typeof(TrainingOptions))]
    [TestCase(typeof(EvaluateOptions))]
    [TestCase(typeof(TranscribeOptions))]
    public void EveryOptionIsExplained(Type options) =>
        Assert.That(options.GetProperties(), Has.All.Matches<System.Reflection.PropertyInfo>(
            p => Attribute.IsDefined(p, typeof(System.ComponentModel.DescriptionAttribute))));

    [TestCase("--epochs", "0")]
    [TestCase("--batch-size", "-1")]
    [TestCase("--learning-rate", "NaN")]
    [TestCase("--ctc-weight", "1")]
    [TestCase("--speeds", "95,,105")]
    [TestCase("--speeds", "0")]
    [TestCase("--attention-heads", "5")]
    [TestCase("--dropout", "1")]
    [TestCase("--device", "tpu")]
    public void ATrainingOptionOutOfRangeIsNamed(string option, string value) =>
        Assert.That(() => TrainingOptions.Parse([option, value]),
            Throws.TypeOf<UsageException>().With.Message.Contains(option).And.Message.Contains($"'{value}'"));
}
