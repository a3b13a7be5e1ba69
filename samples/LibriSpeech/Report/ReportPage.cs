namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>
/// All that <c>report.html</c> shows. One file that needs nothing else: no scripts, no network; drawings are SVG in the page, pictures data in it.
/// It is XML too.
/// </summary>
internal sealed record ReportPage
{
    /// <summary>What was trained; the heading.</summary>
    internal required string Title { get; init; }

    /// <summary>One line below it: when, where.</summary>
    internal string Subtitle { get; init; } = "";

    /// <summary>The figures that count most: name, value, what is behind it.</summary>
    internal IReadOnlyList<(string Name, string Value, string Note)> Essentials { get; init; } = [];

    /// <summary>What describes the run: model, data, device, versions.</summary>
    internal IReadOnlyList<(string Name, string Value)> Facts { get; init; } = [];

    /// <summary>Options that are not the default's: name, value, default.</summary>
    internal IReadOnlyList<(string Name, string Value, string Default)> Options { get; init; } = [];

    /// <summary>Curves; those without a point are left out.</summary>
    internal IReadOnlyList<LineChart> Charts { get; init; } = [];

    /// <summary>Where the time went.</summary>
    internal ShareBar? Times { get; init; }

    /// <summary>What stands below the times.</summary>
    internal string TimesNote { get; init; } = "";

    /// <summary>Utterances before and after augmentation.</summary>
    internal IReadOnlyList<Spectrograms> Spectrograms { get; init; } = [];

    /// <summary>What stands above them.</summary>
    internal string SpectrogramsNote { get; init; } = "";

    /// <summary>A batch as it is padded.</summary>
    internal LengthBars? Padding { get; init; }

    /// <summary>The masks of its utterances.</summary>
    internal IReadOnlyList<MaskDrawing> Masks { get; init; } = [];

    /// <summary>How often each chunk size is drawn.</summary>
    internal CountBars? ChunkSizes { get; init; }

    /// <summary>What stands below the masks.</summary>
    internal string MasksNote { get; init; } = "";

    /// <summary>Recognised utterances by what they are of: <c>valid</c>, <c>test-clean</c>.</summary>
    internal IReadOnlyList<(string Dataset, string Summary, WorstUtterances Worst)> Recognised { get; init; } = [];

    /// <summary>What could not be shown, and why.</summary>
    internal IReadOnlyList<string> Missing { get; init; } = [];

    internal string ToHtml() => $"""
        <!DOCTYPE html>
        <html lang="en" xmlns="http://www.w3.org/1999/xhtml">
        <head>
        <meta charset="utf-8"/>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <meta name="color-scheme" content="light dark"/>
        <title>{PageText.Encode(Title)}</title>
        <style>
        {ReportStyle.Css}
        </style>
        </head>
        <body>
        {ReportStyle.Hatch}
        <header>
        <h1>{PageText.Encode(Title)}</h1>
        <p class="subtitle">{PageText.Encode(Subtitle)}</p>
        {Tiles()}
        </header>
        <main>
        {Section("Recipe", "recipe", Recipe())}
        {Section("Curves", "curves", Curves())}
        {Section("Where the time goes", "times", Times is null ? "" : Times.ToHtml() + Note(TimesNote))}
        {Section("Augmentation", "augmentation", Augmentation())}
        {Section("Masks", "masks", MaskSection())}
        {Section("Worst recognised", "worst", string.Concat(Recognised.Select(Recognition)))}
        {Section("Not shown", "missing", string.Concat(Missing.Select(Note)))}
        </main>
        </body>
        </html>

        """;

    private static string Section(string heading, string id, string content) => content.Length == 0 ? "" : $"""
        <section id="{id}">
        <h2>{PageText.Encode(heading)}</h2>
        {content}
        </section>
        """;

    private static string Note(string text) => text.Length == 0 ? "" : $"<p class=\"note\">{PageText.Encode(text)}</p>";

    private string Tiles() => Essentials.Count == 0 ? "" : $"""
        <dl class="tiles">
        {string.Concat(Essentials.Select(Tile))}
        </dl>
        """;

    private static string Tile((string Name, string Value, string Note) tile) => $"""
        <div><dt>{PageText.Encode(tile.Name)}</dt><dd>{PageText.Encode(tile.Value)}</dd><dd class="note">{PageText.Encode(tile.Note)}</dd></div>

        """;

    private string Recipe()
    {
        string facts = Facts.Count == 0 ? "" : $"""
            <dl class="facts">
            {string.Concat(Facts.Select(fact => $"<div><dt>{PageText.Encode(fact.Name)}</dt><dd>{PageText.Encode(fact.Value)}</dd></div>\n"))}
            </dl>

            """;
        string options = Options.Count == 0 ? "" : $"""
            <table class="options"><caption>What differs from the default recipe</caption>
            <thead><tr><th scope="col">option</th><th scope="col">this run</th><th scope="col">default</th></tr></thead>
            <tbody>
            {string.Concat(Options.Select(Option))}
            </tbody></table>

            """;
        return facts + options;
    }

    private static string Option((string Name, string Value, string Default) option) => $"""
        <tr><th scope="row"><code>{PageText.Encode(option.Name)}</code></th><td>{PageText.Encode(option.Value)}</td>
        <td>{PageText.Encode(option.Default)}</td></tr>

        """;

    private string Augmentation() => Spectrograms.Count == 0 ? ""
        : Note(SpectrogramsNote) + string.Concat(Spectrograms.Select(spectrograms => spectrograms.ToHtml()));

    private string Curves()
    {
        string charts = string.Concat(Charts.Select(chart => chart.ToHtml()));
        return charts.Length == 0 ? "" : $"<div class=\"charts\">\n{charts}</div>";
    }

    private string MaskSection()
    {
        string masks = Masks.Count == 0 ? "" : $"""
            <div class="masks">
            {string.Concat(Masks.Select(mask => mask.ToHtml()))}</div>
            <ul class="legend"><li><span class="swatch seen"></span>may attend</li>
            <li><span class="swatch unseen"></span>masked by chunks</li>
            <li><span class="swatch padding"></span>padding</li></ul>

            """;
        return (Padding?.ToHtml() ?? "") + masks + Note(MasksNote) + (ChunkSizes?.ToHtml() ?? "");
    }

    private static string Recognition((string Dataset, string Summary, WorstUtterances Worst) recognised) => $"""
        <h3>{PageText.Encode(recognised.Dataset)}</h3>
        <p class="note">{PageText.Encode(recognised.Summary)}</p>
        {recognised.Worst.ToHtml()}
        """;
}
