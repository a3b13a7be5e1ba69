using System.Globalization;
using System.Text.RegularExpressions;
using NUnit.Framework;
using SpeechBrain.Sharp.Data;
using SpeechBrain.Sharp.Tests.Testing;

namespace SpeechBrain.Sharp.Tests.Samples;

/// <summary>The samples of one file do what their first lines say.</summary>
public sealed class SingleFileTests
{
    private TestFolder folder = null!;

    /// <summary>Elsewhere than in a checkout there is neither a sample nor the compiler.</summary>
    [OneTimeSetUp]
    public void SkipElsewhere() => _ = Checkout.Root;

    [SetUp]
    public void MakeFolder() => folder = new();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public void EachIsTestedHere() =>
        Assert.That(SingleFile.Names, Is.EqualTo(new[] { "AugmentFolder.cs", "OwnTrainingLoop.cs", "TransducerToy.cs" }));

    /// <summary>What the compiler overlooks and <c>dotnet run</c> does not.</summary>
    [Test]
    public void TheirDirectivesNameTheLibrary([Values("AugmentFolder.cs", "OwnTrainingLoop.cs", "TransducerToy.cs")] string name)
    {
        var directives = new SingleFile(name).Directives.ToArray();
        string project = Path.GetFullPath(directives.Single(directive => directive.Kind == "project").Value, SingleFile.Folder);
        Assert.That(project, Is.EqualTo(Path.Combine(Checkout.Root, "SpeechBrain.Sharp", "SpeechBrain.Sharp.csproj")));
        Assert.That(directives, Does.Contain(("property", "TorchReference=runnable")));
    }

    [Test]
    public void AugmentFolderMakesTheSameFilesAgain()
    {
        var sample = new SingleFile("AugmentFolder.cs");
        sample.Run(folder.Path);
        string[] made = ["falling.1", "falling.2", "rising.1", "rising.2"];
        Assert.That(
            Directory.GetFiles(folder["runs/augmented"]).Select(Path.GetFileName),
            Is.EquivalentTo(made.SelectMany(name => new[] { $"{name}.wav", $"{name}.json" })));

        LeakCheck.IsClean(() => sample.Run(folder.Path, folder["runs/recordings"], folder["again"]));
        foreach (string name in made.Select(name => $"{name}.wav"))
        {
            byte[] again = File.ReadAllBytes(folder[$"again/{name}"]);
            Assert.That(again, Is.EqualTo(File.ReadAllBytes(folder[$"runs/augmented/{name}"])), name);
            Assert.That(again, Is.Not.EqualTo(File.ReadAllBytes(folder[$"runs/recordings/{name.Split('.')[0]}.wav"])), name);
            Assert.That(AudioFile.Info(folder[$"again/{name}"]).Duration, Is.InRange(1.5 / 1.11, 1.5 * 1.12), "seconds at 90 to 110 %");
        }
    }

    [Test]
    public void OwnTrainingLoopLearnsTheTask() =>
        Assert.That(Numbers(RunCleanly("OwnTrainingLoop.cs"), "right")[^1], Is.GreaterThanOrEqualTo(95), "percent");

    [Test]
    public void TransducerToyReachesZeroAndIsHeard()
    {
        var lines = RunCleanly("TransducerToy.cs");
        Assert.That(Numbers(lines, "loss")[^1], Is.LessThan(0.01));
        var words = lines.Select(line => line.Split(" heard as ")).Where(parts => parts.Length == 2).ToArray();
        Assert.That(words, Has.Length.EqualTo(3));
        Assert.That(words.Select(parts => parts[1]), Is.EqualTo(words.Select(parts => parts[0].Trim())));
    }

    // It leaves no tensor behind.
    private string[] RunCleanly(string name)
    {
        var sample = new SingleFile(name);
        string[] lines = [];
        LeakCheck.IsClean(() => { lines = sample.Run(folder.Path); });
        return lines;
    }

    private static List<double> Numbers(string[] lines, string name) =>
    [
        .. lines.Select(line => Regex.Match(line, $@"{name} +([\d.]+)")).Where(match => match.Success)
            .Select(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)),
    ];
}
