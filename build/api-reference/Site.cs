using System.Reflection;
using System.Text;
using static System.Net.WebUtility;

namespace SpeechBrain.Sharp.ApiReference;

/// <summary>The pages of an assembly: an index, one for each namespace and one for each public type.</summary>
internal sealed class Site
{
    private readonly Links links;
    private readonly TypePage types;
    private readonly List<string> problems = [];
    private readonly string title;

    internal Site(Assembly assembly)
    {
        links = new(assembly);
        var docs = new XmlDocs(assembly);
        types = new(docs, new(new(links)), new(links, problems), links, problems);
        title = $"{assembly.GetName().Name} {assembly.GetName().Version!.ToString(3)}";
    }

    /// <summary>What is missing or was not understood.</summary>
    internal IReadOnlyCollection<string> Problems => [.. problems.Distinct()];

    /// <summary>Writes all pages into a folder, which is made; returns how many.</summary>
    internal int Write(string folder)
    {
        Directory.CreateDirectory(folder);
        using (var css = new StreamReader(typeof(Site).Assembly.GetManifestResourceStream("reference.css")!))
            File.WriteAllText(Path.Combine(folder, "reference.css"), css.ReadToEnd());
        var spaces = links.Types.GroupBy(type => type.Namespace!).ToArray();
        var tables = spaces.Select(space => $"<h2><a href=\"{Links.Page(space.Key)}\">{space.Key}</a></h2>\n{Table(space)}");
        Page(folder, "index.html", title, "", $"<h1>{title}</h1>\n{string.Concat(tables)}");
        foreach (var space in spaces)
        {
            Page(folder, Links.Page(space.Key), space.Key, "", $"<h1>{space.Key} <small>namespace</small></h1>\n{Table(space)}");
            foreach (var type in space)
                Page(folder, Links.Page(type), Links.Name(type), $" / <a href=\"{Links.Page(space.Key)}\">{space.Key}</a>", types.Body(type));
        }
        return 1 + spaces.Length + links.Types.Count;
    }

    private string Table(IEnumerable<Type> all)
    {
        var table = new StringBuilder("<table>\n");
        foreach (var type in all)
            table.Append($"<tr><td><a href=\"{Links.Page(type)}\"><code>{HtmlEncode(Links.Name(type))}</code></a></td>")
                .Append($"<td>{types.Summary(type)}</td></tr>\n");
        return table.Append("</table>\n").ToString();
    }

    private void Page(string folder, string file, string name, string way, string body) => File.WriteAllText(Path.Combine(folder, file), $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{HtmlEncode(name)} - {title}</title>
        <link rel="stylesheet" href="reference.css">
        </head>
        <body>
        <nav><a href="index.html">{title}</a>{way}</nav>
        <main>
        {body}</main>
        </body>
        </html>

        """);
}
