using NUnit.Framework;

namespace SpeechBrain.Sharp.Tests.Documents;

/// <summary>Commands in a document exist: in blocks of <c>bash</c> or <c>powershell</c>, and in code within text that begins as one does.</summary>
public sealed class ShellBlocksTests
{
    [Test]
    public void EveryCommandExists() => Assert.That(MarkdownDocument.All.SelectMany(Wrong), Is.Empty);

    [Test]
    public void TheReadmeHasSome() => Assert.That(
        MarkdownDocument.All.Single(document => document.Name == "README.md").Blocks.Where(IsShell).SelectMany(ShellCommand.Of).Count(),
        Is.GreaterThanOrEqualTo(2));

    [TestCase("./build.sh --target=Test", ExpectedResult = null)]
    [TestCase("./build.sh --target=Tests", ExpectedResult = "no target 'Tests'")]
    [TestCase("./build.sh --verbose", ExpectedResult = "no option '--verbose' of build.sh")]
    [TestCase("./build.sh", ExpectedResult = null)]
    [TestCase("./build.sh --target=Bench [--filters=TEXT]", ExpectedResult = "no option '--filters' of build.sh")]
    [TestCase("OMP_NUM_THREADS=2 ./build.sh --target=Bench --filter=resample -- --threads=2", ExpectedResult = null)]
    [TestCase("./build.sh --target=Bench -- --thread=2", ExpectedResult = "no option '--thread' of the benchmarks")]
    [TestCase("./build.sh --target=Sample -- train --help", ExpectedResult = null)]
    [TestCase("./build.sh --target=Sample -- augment --in hello.flac --seed=3", ExpectedResult = null)]
    [TestCase("./build.sh --target=Sample -- augment --input hello.flac", ExpectedResult = "no option '--input' of the sample")]
    [TestCase("./build.sh --target=Sample -- learn", ExpectedResult = "no command 'learn' of the sample")]
    [TestCase("./build.ps1 --target=Pack", ExpectedResult = null)]
    [TestCase("dotnet build SpeechBrain.Sharp.Tests -p:TorchBinding=nuget", ExpectedResult = null)]
    [TestCase("dotnet run --project samples/Nowhere", ExpectedResult = "no 'samples/Nowhere'")]
    [TestCase("dotnet run -c Release samples/AugmentFolder.cs", ExpectedResult = null)]
    [TestCase("dotnet run -c Release samples/Nowhere.cs", ExpectedResult = "no 'samples/Nowhere.cs'")]
    [TestCase("dotnet run --project samples/LibriSpeech -- learn", ExpectedResult = "no command 'learn' of the sample")]
    [TestCase("ls -la", ExpectedResult = null)]
    public string? AWrongOneIsFound(string line) => ShellCommand.Parse(line).Select(command => command.Complaint()).FirstOrDefault();

    [Test]
    public void LinesGoOnAndCommentsEnd() => Assert.That(
        ShellCommand.Parse("# first\n$ ./build.sh \\\n  --target=Test   # all of them\ncd a && ls 'b c'\n")
            .Select(command => string.Join('|', command.Words)),
        Is.EqualTo(new[] { "./build.sh|--target=Test", "cd|a", "ls|b c" }));

    private static bool IsShell(CodeBlock block) => block.Language is "bash" or "powershell";

    private static IEnumerable<string> Wrong(MarkdownDocument document)
    {
        var blocks = document.Blocks.Where(IsShell).SelectMany(block => ShellCommand.Of(block).Select(command => (block.Line, command)));
        var spans = document.CodeSpans
            .Where(span => span.Code.StartsWith("./build.", StringComparison.Ordinal) || span.Code.StartsWith("dotnet ", StringComparison.Ordinal))
            .SelectMany(span => ShellCommand.Parse(span.Code).Select(command => (span.Line, command)));
        return from found in blocks.Concat(spans)
               let complaint = found.command.Complaint()
               where complaint is not null
               select $"{document.Name}:{found.Line}: {complaint}: {string.Join(' ', found.command.Words)}";
    }
}
