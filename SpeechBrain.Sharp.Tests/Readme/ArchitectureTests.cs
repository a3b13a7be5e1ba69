using System.Text.RegularExpressions;
using NUnit.Framework;
using SpeechBrain.Sharp.Tests.Testing;

namespace SpeechBrain.Sharp.Tests.Readme;

/// <summary>docs/architecture.md says which rooms a room may use: earlier ones. Its files import no others.</summary>
public sealed class ArchitectureTests
{
    private static List<(string Room, string[] Uses)> Table() =>
    [
        .. Regex.Matches(File.ReadAllText(Path.Combine(Checkout.Root, "docs", "architecture.md")), @"^\| `(\w+)` \| [^|]+ \|(.*)\|$", RegexOptions.Multiline)
            .Select(row => (row.Groups[1].Value, Regex.Matches(row.Groups[2].Value, @"`(\w+)`").Select(use => use.Groups[1].Value).ToArray())),
    ];

    [Test]
    public void ItNamesEveryRoom()
    {
        var folders = Directory.GetDirectories(Path.Combine(Checkout.Root, "SpeechBrain.Sharp")).Select(folder => Path.GetFileName(folder)!);
        Assert.That(Table().Select(row => row.Room), Is.EquivalentTo(folders.Except(["bin", "obj"])));
    }

    [Test]
    public void ARoomMayUseOnlyThoseBeforeIt()
    {
        var table = Table();
        Assert.That(table.SelectMany((row, i) => row.Uses.Except(table.Take(i).Select(earlier => earlier.Room)).Select(use => $"{row.Room} -> {use}")), Is.Empty);
    }

    [Test]
    public void ARoomImportsOnlyWhatTheTableAllows()
    {
        foreach (var (room, allowed) in Table())
        {
            var used = Directory.GetFiles(Path.Combine(Checkout.Root, "SpeechBrain.Sharp", room), "*.cs", SearchOption.AllDirectories)
                .SelectMany(file => Regex.Matches(File.ReadAllText(file), @"^using SpeechBrain\.Sharp\.(\w+)", RegexOptions.Multiline))
                .Select(match => match.Groups[1].Value).Distinct().Where(other => other != room);
            Assert.That(used, Is.SubsetOf(allowed), room);
        }
    }
}
