using System.Reflection;
using System.Text;
using System.Xml.Linq;
using static System.Net.WebUtility;

namespace SpeechBrain.Sharp.ApiReference;

/// <summary>One type: what it is, a list of its members, and each member in full.</summary>
internal sealed class TypePage(XmlDocs docs, Signature signatures, DocHtml html, Links links, List<string> problems)
{
    internal string Body(Type type)
    {
        var body = new StringBuilder();
        var doc = docs.Of(type);
        var members = PublicMembers.Of(type).Where(member => !IsDefaultConstructor(member)).ToArray();
        body.Append($"<h1>{HtmlEncode(Links.Name(type))} <small>{Signature.Kind(type)}</small></h1>\n");
        body.Append($"<pre class=\"signature\">{signatures.Of(type)}</pre>\n");
        Describe(body, doc, type);
        Overview(body, members);
        foreach (var member in members)
        {
            body.Append($"<section id=\"{Links.Anchor(member)}\"><h3>{HtmlEncode(Links.MemberName(member))}</h3>\n");
            body.Append($"<pre class=\"signature\">{signatures.Of(member)}</pre>\n");
            Describe(body, docs.Of(member), member);
            body.Append("</section>\n");
        }
        return body.ToString();
    }

    /// <summary>A type's or member's summary.</summary>
    internal string Summary(MemberInfo member)
    {
        string text = html.Of(docs.Of(member).Element("summary"), DocId.Of(member));
        if (text == "" && member is not ConstructorInfo) problems.Add($"{DocId.Of(member)} has no summary.");
        return text;
    }

    // Headings in the order of the members, each with a table of names and summaries.
    private void Overview(StringBuilder body, MemberInfo[] members)
    {
        foreach (var group in members.GroupBy(PublicMembers.Heading))
        {
            body.Append($"<h2>{group.Key}</h2>\n<table>\n");
            foreach (var member in group)
                body.Append($"<tr><td><a href=\"#{Links.Anchor(member)}\"><code>{HtmlEncode(Short(member))}</code></a></td>")
                    .Append($"<td>{Summary(member)}</td></tr>\n");
            body.Append("</table>\n");
        }
        var inherited = members.Length == 0 ? null : members[0].DeclaringType!.BaseType;
        if (inherited is not null && links.Types.Contains(inherited.IsGenericType ? inherited.GetGenericTypeDefinition() : inherited))
            body.Append($"<p>And what <code>{links.Type(inherited, HtmlEncode(Links.ShortName(inherited)))}</code> has.</p>\n");
        if (members.Length > 0) body.Append("<h2>In full</h2>\n");
    }

    // The one that the compiler adds: nobody wrote it, nobody documented it.
    private bool IsDefaultConstructor(MemberInfo member) =>
        member is ConstructorInfo constructor && constructor.GetParameters().Length == 0 && !docs.Of(member).HasElements;

    private static string Short(MemberInfo member) => member is MethodBase method
        ? $"{Links.MemberName(member)}({string.Join(", ", method.GetParameters().Select(parameter => parameter.Name))})"
        : Links.MemberName(member);

    private void Describe(StringBuilder body, XElement doc, MemberInfo member)
    {
        string where = DocId.Of(member);
        void text(string name, string? heading)
        {
            foreach (var element in doc.Elements(name))
                body.Append((heading is null ? "" : $"<h4>{heading}</h4>\n") + $"<div class=\"text\">{html.Of(element, where)}</div>\n");
        }
        void table(string name, string key, string heading, Func<string, string> left)
        {
            if (!doc.Elements(name).Any()) return;
            body.Append($"<h4>{heading}</h4>\n<table>\n");
            foreach (var element in doc.Elements(name))
                body.Append($"<tr><td>{left(element.Attribute(key)?.Value ?? "")}</td><td>{html.Of(element, where)}</td></tr>\n");
            body.Append("</table>\n");
        }
        bool hasOwnParameters = member is not Type || typeof(Delegate).IsAssignableFrom((Type)member);
        static string code(string name) => $"<code>{HtmlEncode(name)}</code>";
        text("summary", null);
        // The parameters of a primary constructor are documented on the type, and shown with the constructor.
        if (member is not ConstructorInfo) table("typeparam", "name", "Type parameters", code);
        if (hasOwnParameters) table("param", "name", "Parameters", code);
        text("returns", "Returns");
        text("value", "Value");
        table("exception", "cref", "Throws", cref => links.Cref(cref, null));
        text("remarks", "Remarks");
        text("example", "Example");
    }
}
