using NUnit.Framework;
using SpeechBrain.Sharp.Tests.Testing;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Readme;

/// <summary>The README's example is code that is compiled and run here.</summary>
public sealed class ReadmeTests
{
    private static string Root => Checkout.Root;

    [Test]
    public void ItsExampleIsTheCodeThatIsCompiledHere()
    {
        string[] source = File.ReadAllLines(Path.Combine(Root, "SpeechBrain.Sharp.Tests", "Readme", "ReadmeExample.cs"));
        int begin = Array.FindIndex(source, line => line.Trim() == "// README"), end = Array.FindLastIndex(source, line => line.Trim() == "// README");
        var code = string.Join('\n', source[(begin + 1)..end].Select(line => line.Length >= 8 ? line[8..] : ""));
        Assert.That(File.ReadAllText(Path.Combine(Root, "README.md")).ReplaceLineEndings("\n"), Does.Contain(code));
    }

    [Test]
    public void ItsExampleTrains()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var waves = randn(2, 16000, generator: generator) * 0.1f;
        var tokens = tensor(new long[] { 3, 1, 4, 1, 5, 9 }, [2, 3]);
        float loss = ReadmeExample.Run(waves, [16000, 12000], tokens, [3, 3]);
        Assert.That(loss, Is.GreaterThan(0).And.LessThan(1e4));
    }

    [Test]
    public void ItsExampleLeavesNoTensorBehind() => LeakCheck.IsClean(() =>
    {
        using var waves = randn(1, 8000);
        using var tokens = tensor(new long[] { 3, 1 }, [1, 2]);
        ReadmeExample.Run(waves, [8000], tokens, [2]);
    });
}
