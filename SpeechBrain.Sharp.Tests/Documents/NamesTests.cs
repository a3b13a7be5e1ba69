using System.Reflection;
using System.Text.RegularExpressions;
using NUnit.Framework;

namespace SpeechBrain.Sharp.Tests.Documents;

/// <summary>
/// What a document writes as a member, in code, is one: <c>Checkpointer.Average</c>, if the library has a public type of the first name, has a public
/// member of the second. The changelog may name what is no more.
/// </summary>
public sealed partial class NamesTests
{
    private static readonly ILookup<string, Type> Types = typeof(Functional).Assembly.GetExportedTypes().ToLookup(type => type.Name.Split('`')[0]);

    [Test]
    public void NoneIsMissing() => Assert.That(MarkdownDocument.All.Where(document => document.Name != "CHANGELOG.md").SelectMany(Missing), Is.Empty);

    [TestCase("`Functional.LengthToMask`", ExpectedResult = 0)]
    [TestCase("`Functional.LengthToMasks`", ExpectedResult = 1)]
    [TestCase("`Functional.AbsoluteLengths(lengths, time)`", ExpectedResult = 0)]
    [TestCase("`LossReduction.Mean`", ExpectedResult = 0, Description = "of an enumeration")]
    [TestCase("`LossReduction.Average`", ExpectedResult = 1)]
    [TestCase("`Resample.parameters`", ExpectedResult = 0, Description = "inherited")]
    [TestCase("`Augmentation.Apply`", ExpectedResult = 0, Description = "of a generic type too")]
    [TestCase("`Require.Rank`", ExpectedResult = 0, Description = "no public type")]
    public int AMissingOneIsFound(string text) => Missing(MarkdownDocument.Of(text)).Count();

    private static IEnumerable<string> Missing(MarkdownDocument document) =>
        from span in document.CodeSpans
        let name = Member.Match(span.Code)
        where name.Success && Types.Contains(name.Groups[1].Value) && !Types[name.Groups[1].Value].Any(type => Has(type, name.Groups[2].Value))
        select $"{document.Name}:{span.Line}: {span.Code}";

    private static bool Has(Type type, string member) =>
        type.GetMember(member, BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.FlattenHierarchy).Length > 0
        || type.GetInterfaces().Any(contract => contract.GetMember(member).Length > 0);

    [GeneratedRegex(@"^([A-Z]\w*)\.(\w+)(\(.*\))?$")]
    private static partial Regex Member { get; }
}
