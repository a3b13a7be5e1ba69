using NUnit.Framework;
using SpeechBrain.Sharp.Tests.Testing;

namespace SpeechBrain.Sharp.Tests.Documents;

/// <summary>C# in a document compiles, on the public surface alone; <see cref="CSharpProgram"/> says what a block may take for granted.</summary>
public sealed class CSharpBlocksTests
{
    private static readonly string?[] Languages = ["csharp", "bash", "powershell", "text", "json", "xml", "yaml", ""];

    [Test]
    public void EveryBlockCompiles() =>
        Assert.That(MarkdownDocument.All.SelectMany(CSharpProgram.Of).SelectMany(program => program.Errors()), Is.Empty);

    /// <summary>A block of a language that nobody checks would be one that nobody keeps true.</summary>
    [Test]
    public void EveryBlockIsOfAKnownLanguage() => Assert.That(
        from document in MarkdownDocument.All
        from block in document.Blocks
        where !Languages.Contains(block.Language)
        select $"{block}: '{block.Language}'",
        Is.Empty);

    [Test]
    public void TheReadmeHasOne() =>
        Assert.That(CSharpProgram.Of(MarkdownDocument.All.Single(document => document.Name == "README.md")), Is.Not.Empty);

    [Test]
    public void AnErrorIsReportedWithItsLine()
    {
        var page = MarkdownDocument.Of(
            "# Page\n\n```csharp\nusing SpeechBrain.Sharp.Masks;\nvar mask = Functional.LengthToMsk(tensor(new long[] { 3 }));\n```\n", "page.md");
        Assert.That(CSharpProgram.Of(page).Single().Errors(), Has.One.StartsWith("page.md:5: CS0117: "));
    }

    [Test]
    public void InternalMembersAreOutOfReach()
    {
        var page = MarkdownDocument.Of("```csharp\nvar check = typeof(SpeechBrain.Sharp.Require);\n```\n");
        Assert.That(CSharpProgram.Of(page).Single().Errors(), Has.One.Contains("CS0122"));
    }

    [Test]
    public void ABlockMayGoOnAndMayBeGivenVariables()
    {
        const string page = """
            <!-- given: Tensor waves; long[] lengths -->
            ```csharp
            long longest = lengths.Max();
            ```

            Then:

            <!-- continues; given: int rate -->
            ```csharp
            Console.WriteLine(waves.shape[1] - longest * rate);
            ```

            ```csharp
            Console.WriteLine(longest);
            ```
            """;
        var programs = CSharpProgram.Of(MarkdownDocument.Of(page));
        Assert.That(programs.Select(program => program.Errors().Length), Is.EqualTo(new[] { 0, 1 }));
    }
}
