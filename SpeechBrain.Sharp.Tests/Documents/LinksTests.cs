using NUnit.Framework;

namespace SpeechBrain.Sharp.Tests.Documents;

/// <summary>Relative links lead to files and folders that are there, and '#' to a heading.</summary>
public sealed class LinksTests
{
    [Test]
    public void NoneIsBroken() => Assert.That(MarkdownDocument.All.SelectMany(Broken), Is.Empty);

    [TestCase("[a](README.md)", ExpectedResult = 0)]
    [TestCase("[a](nowhere.md)", ExpectedResult = 1)]
    [TestCase("![a](nowhere.png)", ExpectedResult = 1)]
    [TestCase("[a][1]\n\n[1]: nowhere.md", ExpectedResult = 1)]
    [TestCase("[a](docs/)", ExpectedResult = 0)]
    [TestCase("[a](/README.md)", ExpectedResult = 1, Description = "from the root of what?")]
    [TestCase("[a](README.md#licence)", ExpectedResult = 0)]
    [TestCase("[a](README.md#nothing)", ExpectedResult = 1)]
    [TestCase("# One `Thing`, and another\n\n[a](#one-thing-and-another)", ExpectedResult = 0)]
    [TestCase("# One\n\n[a](#two)", ExpectedResult = 1)]
    [TestCase("[a](https://example.org/nowhere)", ExpectedResult = 0)]
    [TestCase("`[a](nowhere.md)`", ExpectedResult = 0)]
    [TestCase("[a](readme.md)", ExpectedResult = 1, Description = "another name where files have upper and lower case")]
    public int ABrokenOneIsFound(string text) => Broken(MarkdownDocument.Of(text)).Count();

    private static IEnumerable<string> Broken(MarkdownDocument document) =>
        from link in document.Links
        where !Uri.TryCreate(link.Url, UriKind.Absolute, out var address) || address.IsFile
        where !Leads(document, link.Url)
        select $"{document.Name}:{link.Line}: {link.Url}";

    private static bool Leads(MarkdownDocument document, string url)
    {
        var parts = url.Split('#', 2);
        string file = parts[0] == "" ? document.File : Path.GetFullPath(Uri.UnescapeDataString(parts[0]), Path.GetDirectoryName(document.File)!);
        if (parts[0] != "" && (parts[0].StartsWith('/') || !RepositoryPath.Exists(file)))
            return false;
        if (parts.Length < 2)
            return true;
        var target = parts[0] == "" ? document : MarkdownDocument.All.FirstOrDefault(other => other.File == file);
        return target is not null && target.Anchors.Contains(parts[1]);
    }
}
