using System.Text.RegularExpressions;
using Markdig.Syntax;

namespace SpeechBrain.Sharp.Tests.Documents;

/// <summary>A block of code in a document.</summary>
/// <param name="Document">Where it stands.</param>
/// <param name="Line">Line of its first line of code, from 1.</param>
/// <param name="Language">What follows its fence; empty: nothing. Null: it is indented and has no fence.</param>
/// <param name="Code">Its lines.</param>
/// <param name="Remark">What an HTML comment right above it says; empty: there is none.</param>
internal sealed partial record CodeBlock(MarkdownDocument Document, int Line, string? Language, string Code, string Remark)
{
    internal static CodeBlock Of(MarkdownDocument document, Markdig.Syntax.CodeBlock block)
    {
        var parent = block.Parent!;
        int place = parent.IndexOf(block);
        var remark = place > 0 && parent[place - 1] is HtmlBlock html ? Comment.Match(html.Lines.ToString()) : Match.Empty;
        var fenced = block as FencedCodeBlock;
        // Markdig counts lines from 0, and a fence is one.
        return fenced is null
            ? new(document, block.Line + 1, null, block.Lines.ToString(), "")
            : new(document, block.Line + 2, fenced.Info ?? "", block.Lines.ToString(), remark.Groups[1].Value.Trim());
    }

    public override string ToString() => $"{Document.Name}:{Line}";

    [GeneratedRegex("<!--(.*?)-->", RegexOptions.Singleline)]
    private static partial Regex Comment { get; }
}
