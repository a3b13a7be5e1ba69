using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.CodeAnalysis.CSharp;
using NUnit.Framework;

namespace SpeechBrain.Sharp.Tests.Documents;

/// <summary>
/// Examples in the documentation of the library's members use what exists, as it is. They leave out where their variables and the reader's own
/// functions come from.
/// </summary>
public sealed partial class DocumentedCodeTests
{
    // What a call has wrong when nothing is known of its arguments.
    private static readonly string[] OfCalls = ["CS1739", "CS1501", "CS7036", "CS1729"];

    [Test]
    public void ExamplesCompile()
    {
        string file = Path.ChangeExtension(typeof(Functional).Assembly.Location, ".xml");
        var examples = (
            from member in XElement.Load(file).Descendants("member")
            from code in member.Descendants("code")
            where IsCode(code.Value)
            select (Member: (string?)member.Attribute("name"), code.Value)).ToArray();
        Assert.That(examples, Has.Length.GreaterThan(40));
        Assert.That(examples.SelectMany(example => Errors(example.Value).Select(error => $"{example.Member}: {error}")), Is.Empty);
    }

    [TestCase("using var mask = Functional.LengthToMask(lengths, maxLen: 5);", ExpectedResult = 0)]
    [TestCase("using var mask = Functional.LengthToMask(lengths, maxLength: 5);", ExpectedResult = 1)]
    [TestCase("using var mask = Functional.LengthToMask(lengths, 5, bool8, 3);", ExpectedResult = 1)]
    [TestCase("using var mask = Functional.LengthToMasks(lengths);", ExpectedResult = 1)]
    [TestCase("using var resample = new Resampler(16000, 8000);", ExpectedResult = 1)]
    [TestCase("using var resample = Resampler.From(16000);", ExpectedResult = 1)]
    [TestCase("using var resample = new Resample(16000, 8000);\nvar x = resample.Apply(waves);", ExpectedResult = 1)]
    [TestCase("Play(waves);", ExpectedResult = 0, Description = "the reader's")]
    public int AStaleOneIsFound(string code) => Errors(code).Count();

    // The rest are pictures of masks and the like.
    private static bool IsCode(string code) =>
        code.Contains(';', StringComparison.Ordinal) && !CSharpSyntaxTree.ParseText(code, Compiler.Parsing).GetDiagnostics().Any();

    /// <summary>
    /// Of two attempts: one in which undeclared variables are errors, which are left aside, as what follows from them is; and one in which they are
    /// dynamic, so that calls with them are looked at.
    /// </summary>
    private static IEnumerable<string> Errors(string code)
    {
        string[] errors = Compile(code, []);
        string[] undeclared = [.. errors.Select(error => Undeclared.Match(error)).Where(match => match.Success).Select(match => match.Groups[1].Value)];
        var variables = undeclared.Distinct().Where(name => char.IsLower(name[0])).ToArray();
        return errors.Where(error => !Undeclared.IsMatch(error) && !Follows.IsMatch(error))
            .Concat(undeclared.Except(variables).Where(name => !Regex.IsMatch(code, $@"(?<![.\w]){name}\(")).Select(name => $"no '{name}'"))
            .Concat(Compile(code, variables).Where(error => OfCalls.Any(id => error.Contains($": {id}:", StringComparison.Ordinal)))).Distinct();
    }

    private static string[] Compile(string code, string[] variables) => CSharpProgram.Of(MarkdownDocument.Of(
        $"<!-- given: {string.Join("; ", variables.Select(name => $"dynamic {name}"))} -->\n```csharp\n{code.Trim('\n')}\n```")).Single().Errors();

    [GeneratedRegex(": CS0103: The name '([^']+)'")]
    private static partial Regex Undeclared { get; }

    // The type of what is deconstructed is not known; torch's static members and generic types have names of variables and functions.
    [GeneratedRegex(": CS8130: |: CS0305: |method group")]
    private static partial Regex Follows { get; }
}
