using System.Text.RegularExpressions;
using NUnit.Framework;
using SpeechBrain.Sharp.Tests.Testing;

namespace SpeechBrain.Sharp.Tests.Documents;

/// <summary>docs/README.md leads to every page.</summary>
public sealed class IndexTests
{
    [Test]
    public void EveryPageIsInIt()
    {
        string folder = Path.Combine(Checkout.Root, "docs");
        var links = Regex.Matches(File.ReadAllText(Path.Combine(folder, "README.md")), @"\]\(([^)#]+)").Select(match => match.Groups[1].Value);
        var pages = Directory.GetFiles(folder, "*.md", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/'));
        Assert.That(pages.Except(["README.md"]), Is.SubsetOf(links));
    }
}
