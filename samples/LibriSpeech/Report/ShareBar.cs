using System.Globalization;
using System.Text;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>Where the time of a step goes: its stages as one bar, and as a table beneath.</summary>
/// <param name="Stages">Names and milliseconds a step, in the order of the work.</param>
internal sealed record ShareBar(IReadOnlyList<(string Name, double Milliseconds)> Stages)
{
    private const int Colours = 8;
    private const double LeastNamed = 9;   // percent of the bar that a name fits into

    /// <summary>The bar and the table; empty if there is nothing to share.</summary>
    internal string ToHtml()
    {
        double total = Stages.Sum(stage => stage.Milliseconds);
        if (!(total > 0))
            return "";
        var bar = new StringBuilder();
        var rows = new StringBuilder();
        foreach (var (i, (name, milliseconds)) in Stages.Index())
        {
            double percent = 100 * milliseconds / total;
            string text = PageText.Encode(name), colour = $"p{i % Colours + 1}";
            string share = percent.ToString("0.0", CultureInfo.InvariantCulture) + " %";
            string time = PageText.Number(milliseconds), shown = percent >= LeastNamed ? text : "";
            bar.AppendLine($"""
                <span class="part {colour}" style="flex-grow:{PageText.Place(percent)}" title="{text}: {time} ms, {share}">{shown}</span>
                """);
            rows.AppendLine($"""<tr><th scope="row"><span class="swatch {colour}"></span>{text}</th><td>{time}</td><td>{share}</td></tr>""");
        }
        return $"""
            <div class="shares" aria-hidden="true">
            {bar}</div>
            <table class="figures"><thead><tr><th scope="col">stage</th><th scope="col">ms a step</th><th scope="col">share</th></tr></thead>
            <tbody>
            {rows}</tbody>
            <tfoot><tr><th scope="row">total</th><td>{PageText.Number(total)}</td><td>100.0 %</td></tr></tfoot></table>

            """;
    }
}
