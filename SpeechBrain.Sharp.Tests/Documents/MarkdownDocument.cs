using Markdig;
using Markdig.Extensions.AutoIdentifiers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using SpeechBrain.Sharp.Tests.Testing;

namespace SpeechBrain.Sharp.Tests.Documents;

/// <summary>A Markdown file of the repository.</summary>
internal sealed class MarkdownDocument
{
    // Headings get the anchors that GitHub gives them.
    private static readonly MarkdownPipeline Pipeline =
        new MarkdownPipelineBuilder().UsePipeTables().UseAutoIdentifiers(AutoIdentifierOptions.GitHub).Build();

    // Folders that hold no document of ours: what builds make anywhere, and what git ignores at the root.
    private static readonly string[] MadeByBuilds = ["bin", "obj", "artifacts", "TestResults"];
    private static readonly string[] IgnoredAtTheRoot = ["data", "runs", "tools"];

    private readonly Markdig.Syntax.MarkdownDocument syntax;

    private MarkdownDocument(string file, string name, string text) => (File, Name, syntax) = (file, name, Markdown.Parse(text, Pipeline));

    /// <summary>Full path.</summary>
    internal string File { get; }

    /// <summary>Path from the root, with '/'.</summary>
    internal string Name { get; }

    /// <summary>All of the repository; skips the test where the tests run elsewhere.</summary>
    internal static IReadOnlyList<MarkdownDocument> All =>
        all ??= [.. Find(Checkout.Root).OrderBy(document => document.Name, StringComparer.Ordinal)];

    private static IReadOnlyList<MarkdownDocument>? all;

    /// <summary>Text that is no file.</summary>
    internal static MarkdownDocument Of(string text, string name = "test.md") => new(Path.Combine(Checkout.Root, name), name, text);

    /// <summary>Code blocks, in order.</summary>
    internal IEnumerable<CodeBlock> Blocks => syntax.Descendants<Markdig.Syntax.CodeBlock>().Select(block => CodeBlock.Of(this, block));

    /// <summary>Targets of links and pictures, with their lines.</summary>
    internal IEnumerable<(int Line, string Url)> Links => syntax.Descendants<LinkInline>().Select(link => (link.Line + 1, link.Url ?? ""));

    /// <summary>Code within text, with its lines.</summary>
    internal IEnumerable<(int Line, string Code)> CodeSpans => syntax.Descendants<CodeInline>().Select(span => (span.Line + 1, span.Content));

    /// <summary>What a link may name after '#'.</summary>
    internal IEnumerable<string> Anchors => syntax.Descendants<HeadingBlock>().Select(heading => heading.GetAttributes().Id ?? "");

    private static IEnumerable<MarkdownDocument> Find(string root) =>
        new[] { root }.Concat(Directory.GetDirectories(root).Where(Ours)).SelectMany(folder => Directory.EnumerateFiles(
                folder, "*.md", folder == root ? SearchOption.TopDirectoryOnly : SearchOption.AllDirectories))
            .Select(file => (File: file, Name: Path.GetRelativePath(root, file).Replace('\\', '/')))
            .Where(found => !found.Name.Split('/').Intersect(MadeByBuilds).Any())
            .Select(found => new MarkdownDocument(found.File, found.Name, System.IO.File.ReadAllText(found.File)));

    private static bool Ours(string folder) =>
        Path.GetFileName(folder) is var name && !name.StartsWith('.') && !MadeByBuilds.Contains(name) && !IgnoredAtTheRoot.Contains(name);
}
