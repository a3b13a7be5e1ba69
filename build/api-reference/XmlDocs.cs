using System.Reflection;
using System.Xml.Linq;

namespace SpeechBrain.Sharp.ApiReference;

/// <summary>The XML documentation of an assembly, by member, with <c>inheritdoc</c> filled in.</summary>
internal sealed class XmlDocs
{
    private readonly Dictionary<string, XElement> byId;

    internal XmlDocs(Assembly assembly)
    {
        string path = Path.ChangeExtension(assembly.Location, ".xml");
        if (!File.Exists(path)) throw new FileNotFoundException($"'{path}' is missing: build with GenerateDocumentationFile.", path);
        byId = XDocument.Load(path, LoadOptions.PreserveWhitespace).Root!.Element("members")!.Elements("member")
            .ToDictionary(member => member.Attribute("name")!.Value);
    }

    /// <summary>The documentation of a member; empty where there is none.</summary>
    internal XElement Of(MemberInfo member) => Of(member, 0);

    private XElement Of(MemberInfo member, int depth)
    {
        var own = new XElement(byId.GetValueOrDefault(DocId.Of(member)) ?? new XElement("member"));
        // A type in a cycle of crefs would never end; nothing real is as deep.
        if (own.Element("inheritdoc") is not { } inherit || depth > 16) return own;
        inherit.Remove();
        var source = inherit.Attribute("cref")?.Value is { } cref
            ? byId.GetValueOrDefault(cref) is { } named ? new XElement(named) : null
            : Overridden.By(member).Where(other => other.Module == member.Module).Select(other => Of(other, depth + 1))
                .FirstOrDefault(doc => doc.HasElements);
        source ??= new XElement("member", new XElement("summary", Outside(member, inherit)));
        foreach (var part in source.Elements().Where(part => !Has(own, part)))
            own.Add(new XElement(part));
        return own;
    }

    private static bool Has(XElement doc, XElement part) => doc.Elements(part.Name).Any(other => Key(other) == Key(part));

    private static (string? Name, string? Cref) Key(XElement part) => (part.Attribute("name")?.Value, part.Attribute("cref")?.Value);

    // What another assembly documents is named, not copied.
    private static object[] Outside(MemberInfo member, XElement inherit)
    {
        string? id = inherit.Attribute("cref")?.Value ?? Overridden.By(member).Select(DocId.Of).FirstOrDefault();
        return id is null ? [] : ["As ", new XElement("see", new XAttribute("cref", id)), "."];
    }
}
