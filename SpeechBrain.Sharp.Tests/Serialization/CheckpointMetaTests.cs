using NUnit.Framework;
using SpeechBrain.Sharp.Serialization;
using SpeechBrain.Sharp.Tests.Testing;

namespace SpeechBrain.Sharp.Tests.Serialization;

[TestFixture]
public sealed class CheckpointMetaTests
{
    private static readonly Dictionary<string, object?> Meta = new()
    {
        ["WER"] = 12.5,
        ["epoch"] = 3L,
        ["end-of-epoch"] = true,
        ["rate"] = 1e-5,
        ["huge"] = 1e300,
        ["whole"] = 2.0,
        ["unixtime"] = 1700000000.123,
        ["nothing"] = null,
        ["note"] = "plain",
        ["yes"] = "no",
        ["number-like"] = "1e5",
        ["true-like"] = "true",
        ["odd: key"] = "a: b # c \"d\"\n\té",
        ["in-capitals"] = "TRUE",
        ["nothing-like"] = "Null",
        ["empty"] = "",
        ["infinite"] = double.NegativeInfinity,
        ["undefined"] = double.NaN,
        ["dash"] = "-x",
    };

    [Test]
    public void ValuesComeBack()
    {
        using var folder = new TestFolder();
        File.WriteAllText(folder["a"], CheckpointMeta.Write(Meta));
        Assert.That(CheckpointMeta.Read(folder["a"]), Is.EquivalentTo(Meta));
    }

    [Test]
    public void PythonReadsTheSame()
    {
        using var folder = new TestFolder();
        File.WriteAllText(folder["a"], CheckpointMeta.Write(Meta));
        string read = DebianPython.Run("yaml", """
            import yaml, sys, json
            print(json.dumps({k: repr(v) for k, v in yaml.safe_load(open(sys.argv[1])).items()}))
            """, folder["a"]);
        var values = System.Text.Json.JsonSerializer.Deserialize<Dictionary<string, string>>(read)!;
        Assert.That(values.Keys, Is.EquivalentTo(Meta.Keys));
        Assert.That(
            ((string[])[
                "WER", "epoch", "end-of-epoch", "rate", "huge", "whole", "nothing", "yes", "number-like", "infinite", "in-capitals", "nothing-like",
            ]).Select(k => values[k]),
            Is.EqualTo(new[] { "12.5", "3", "True", "1e-05", "1e+300", "2.0", "None", "'no'", "'1e5'", "-inf", "'TRUE'", "'Null'" }));
    }

    [Test]
    public void LinesOfAnotherFormAreNamed()
    {
        using var folder = new TestFolder();
        foreach (string line in (string[])["  nested: 1", "- item", "no colon", "a:b", ": 1"])
        {
            File.WriteAllText(folder["a"], $"# comment\nWER: 1.0\n{line}\n");
            Assert.That(() => CheckpointMeta.Read(folder["a"]),
                Throws.TypeOf<InvalidDataException>().With.Message.Contains("line 3").And.Message.Contains(folder["a"]));
        }
        File.WriteAllText(folder["a"], "a: 1\na: 2\n");
        Assert.That(() => CheckpointMeta.Read(folder["a"]), Throws.TypeOf<InvalidDataException>().With.Message.Contains("second time"));
        Assert.That(() => CheckpointMeta.Write([new("x", new object())]), Throws.ArgumentException);
    }

    [Test]
    public void IntegersOfEveryWidthAreNumbers()
    {
        foreach (object number in (object[])[(sbyte)-7, (byte)7, (short)-7, (ushort)7, -7, 7u, 7L])
            Assert.That(CheckpointMeta.Write([new("x", number)]), Does.EndWith($"x: {number}\n"));
    }
}
