using System.Text.RegularExpressions;
using System.Xml.Linq;
using static System.Net.WebUtility;

namespace SpeechBrain.Sharp.ApiReference;

/// <summary>The text of XML documentation as HTML; what it does not know is a problem, not lost.</summary>
internal sealed partial class DocHtml(Links links, List<string> problems)
{
    internal string Of(XElement? element, string where) =>
        element is null ? "" : string.Concat(element.Nodes().Select(node => Node(node, where))).Trim();

    private string Node(XNode node, string where) => node switch
    {
        XText text => HtmlEncode(Spaces().Replace(text.Value, " ")),
        XElement element => Element(element, where),
        _ => "",
    };

    private string Element(XElement element, string where)
    {
        string inner() => Of(element, where);
        switch (element.Name.LocalName)
        {
            case "c": return $"<code>{HtmlEncode(Spaces().Replace(element.Value, " "))}</code>";
            case "code": return $"<pre><code>{HtmlEncode(Unindented(element.Value))}</code></pre>";
            case "para": return $"<p>{inner()}</p>";
            case "b" or "i" or "em" or "strong" or "sub" or "sup": return $"<{element.Name.LocalName}>{inner()}</{element.Name.LocalName}>";
            case "paramref" or "typeparamref": return $"<code>{HtmlEncode(element.Attribute("name")!.Value)}</code>";
            case "see" or "seealso": return See(element, where);
            case "list": return List(element, where);
            default:
                problems.Add($"{where}: <{element.Name.LocalName}> is not known.");
                return inner();
        }
    }

    private string See(XElement see, string where)
    {
        string? text = see.IsEmpty || see.Value.Trim() == "" ? null : Of(see, where);
        if (see.Attribute("langword")?.Value is { } word) return $"<code>{HtmlEncode(word)}</code>";
        if (see.Attribute("href")?.Value is { } href) return $"<a href=\"{HtmlEncode(href)}\">{text ?? HtmlEncode(href)}</a>";
        string cref = see.Attribute("cref")?.Value ?? "";
        if (cref.Length < 2 || cref[1] != ':' || cref[0] == '!') problems.Add($"{where}: cref '{cref}' leads nowhere.");
        return cref.Length < 2 ? text ?? "" : links.Cref(cref, text);
    }

    private string List(XElement list, string where)
    {
        string item(XElement entry) => entry.Element("term") is { } term
            ? $"<b>{Of(term, where)}</b> {Of(entry.Element("description"), where)}"
            : Of(entry.Element("description") ?? entry, where);
        string tag = list.Attribute("type")?.Value == "number" ? "ol" : "ul";
        return $"<{tag}>{string.Concat(list.Elements("item").Select(entry => $"<li>{item(entry)}</li>"))}</{tag}>";
    }

    private static string Unindented(string code)
    {
        string[] lines = code.ReplaceLineEndings("\n").Trim('\n').TrimEnd().Split('\n');
        int indent = lines.Where(line => line.Trim() != "").Select(line => line.Length - line.TrimStart().Length).DefaultIfEmpty().Min();
        return string.Join('\n', lines.Select(line => line.Length > indent ? line[indent..] : ""));
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
