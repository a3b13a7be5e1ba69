using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace SpeechBrain.Sharp.Tests.Documents;

/// <summary>
/// What a page's C# blocks are compiled as: the body of a program that references the library and TorchSharp, sees public members alone, and has the
/// usual namespaces imported, all of the library's, <c>TorchSharp</c> and the static class <c>TorchSharp.torch</c>.
/// </summary>
/// <remarks>
/// A block is a program of its own. Two HTML comments, which no reader sees, say otherwise when they stand on the line above it:
/// <c>&lt;!-- given: Tensor waves; long[] lengths --&gt;</c> declares what the text around it explains, and <c>&lt;!-- continues --&gt;</c> compiles
/// it after the C# block before it, whose variables it uses. <c>&lt;!-- continues; given: ... --&gt;</c> does both.
/// </remarks>
internal sealed class CSharpProgram
{
    private const string Given = "given:";
    private const string Continues = "continues";

    // Not as global usings, so that a block may name its namespaces as well.
    private static readonly Lazy<string> Imports = new(() => string.Join(
        ' ', Compiler.UsualNamespaces.Append("TorchSharp")
            .Concat(typeof(Functional).Assembly.GetExportedTypes().Select(type => type.Namespace!).Distinct())
            .Select(name => $"using {name};").Append("using static TorchSharp.torch;")));

    private readonly StringBuilder usings = new(), given = new(), body = new();

    private CSharpProgram(CodeBlock first) => Add(First = first);

    /// <summary>The block that it begins with.</summary>
    internal CodeBlock First { get; }

    /// <summary>The programs of a page.</summary>
    internal static List<CSharpProgram> Of(MarkdownDocument document)
    {
        var programs = new List<CSharpProgram>();
        foreach (var block in document.Blocks.Where(block => block.Language == "csharp"))
        {
            if (block.Remark.StartsWith(Continues, StringComparison.Ordinal) && programs.Count > 0)
                programs[^1].Add(block);
            else
                programs.Add(new(block));
        }

        return programs;
    }

    /// <summary>What the compiler holds against it, each with the document's line; nothing where it compiles.</summary>
    internal string[] Errors()
    {
        string source = $"{Imports.Value}\n#pragma warning disable CS0105 // imported twice\n{usings}{given}{body}";
        return
        [
            .. Compiler.Compile("Document", source).GetDiagnostics()
                .Where(found => found.Severity == DiagnosticSeverity.Error || found.Id is "CS0618") // obsolete
                .Select(found => (Place: found.Location.GetMappedLineSpan(), Text: found.GetMessage(null), found.Id))
                .Select(found => $"{found.Place.Path}:{found.Place.StartLinePosition.Line + 1}: {found.Id}: {found.Text}"),
        ];
    }

    // Using directives go to the top: what they leave is as many empty lines, so that lines keep their numbers.
    private void Add(CodeBlock block)
    {
        var root = CSharpSyntaxTree.ParseText(block.Code, Compiler.Parsing).GetCompilationUnitRoot();
        string code = block.Code;
        foreach (UsingDirectiveSyntax directive in root.Usings)
        {
            usings.AppendLine(Located(block, directive.ToString()));
            code = Blank(code, directive.Span);
        }

        int begin = block.Remark.IndexOf(Given, StringComparison.Ordinal);
        string[] declarations = begin < 0 ? [] : block.Remark[(begin + Given.Length)..].Split(
            ';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        foreach (string declaration in declarations)
            given.AppendLine(Located(block, $"{declaration} = default!;"));
        body.AppendLine(Located(block, code));
    }

    private static string Located(CodeBlock block, string code) => $"#line {block.Line} \"{block.Document.Name}\"\n{code}\n#line hidden";

    private static string Blank(string text, TextSpan span) =>
        text[..span.Start] + new string([.. text[span.Start..span.End].Select(c => c == '\n' ? c : ' ')]) + text[span.End..];
}
