using System.Text.RegularExpressions;
using NUnit.Framework;
using SpeechBrain.Sharp.Tests.Testing;

namespace SpeechBrain.Sharp.Tests.Documents;

/// <summary>
/// What a document writes as a path, in code and with a '/', is there, if its first part is a folder of the root: <c>docs/benchmarks.md</c>.
/// Others are paths of elsewhere: what builds and runs make, state-dict keys, rates.
/// </summary>
public sealed partial class PathsTests
{
    [Test]
    public void NoneIsMissing() => Assert.That(MarkdownDocument.All.SelectMany(Missing), Is.Empty);

    [TestCase("`docs/architecture.md`", ExpectedResult = 0)]
    [TestCase("`docs/nowhere.md`", ExpectedResult = 1)]
    [TestCase("`Docs/architecture.md`", ExpectedResult = 0, Description = "no folder of the root")]
    [TestCase("`SpeechBrain.Sharp/**/*.cs`", ExpectedResult = 0)]
    [TestCase("`SpeechBrain.Sharp/**/*.fs`", ExpectedResult = 1)]
    [TestCase("`samples/`", ExpectedResult = 0)]
    [TestCase("`runs/transducer`", ExpectedResult = 0)]
    [TestCase("`16000->16842/auto`", ExpectedResult = 0)]
    [TestCase("docs/nowhere.md", ExpectedResult = 0, Description = "no code")]
    public int AMissingOneIsFound(string text) => Missing(MarkdownDocument.Of(text)).Count();

    private static IEnumerable<string> Missing(MarkdownDocument document) =>
        from span in document.CodeSpans
        where Written.IsMatch(span.Code) && Directory.GetDirectories(Checkout.Root).Any(folder => Path.GetFileName(folder) == span.Code.Split('/')[0])
        where !MadeHere.IsMatch(span.Code) && !RepositoryPath.Exists(Path.Combine(Checkout.Root, span.Code))
        select $"{document.Name}:{span.Line}: {span.Code}";

    [GeneratedRegex(@"^[\w.-]+(/[\w.*-]+)*/?$")]
    private static partial Regex Written { get; }

    // By builds and runs, perhaps not yet.
    [GeneratedRegex("^(artifacts|data|runs|tools)/|/(bin|obj|build)(/|$)")]
    private static partial Regex MadeHere { get; }
}
