using System.Globalization;
using System.Text;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>How often each of a few things came: a bar each.</summary>
/// <param name="Counts">What came, and how often.</param>
internal sealed record CountBars(IReadOnlyList<(string Name, int Count)> Counts)
{
    /// <summary>The bars, the longest as wide as there is room.</summary>
    internal string ToHtml()
    {
        int most = Counts.Max(count => count.Count), all = Counts.Sum(count => count.Count);
        var bars = new StringBuilder();
        foreach (var (name, count) in Counts)
        {
            string width = Percent(count, most, "0.#"), share = Percent(count, all, "0.0");
            bars.AppendLine($"""
                <li title="{PageText.Encode(name)}: {count} of {all}"><span class="name">{PageText.Encode(name)}</span><span
                class="room"><span class="bar" style="width:{width}%"></span></span><span class="share">{share} %</span></li>
                """);
        }
        return $"""
            <ul class="counts">
            {bars}</ul>

            """;

        static string Percent(int part, int whole, string format) =>
            (100.0 * part / Math.Max(1, whole)).ToString(format, CultureInfo.InvariantCulture);
    }
}
