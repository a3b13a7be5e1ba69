using System.Text;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>
/// A curve in a chart: the means of its groups as a line, from lowest to highest of each as a band behind it. A group without a finite value is a gap
/// in both.
/// </summary>
internal static class ChartLine
{
    internal static string ToSvg(IReadOnlyList<Curve.Group> groups, int colour, ChartArea area)
    {
        var svg = new StringBuilder();
        foreach (var part in Unbroken(groups))
        {
            string highs = Through(part, group => group.High), lows = Through(Enumerable.Reverse(part), group => group.Low);
            if (part.Any(group => group.High > group.Low))
                svg.AppendLine($"""<path class="band s{colour}" d="M{highs}L{lows}Z"/>""");
            string x = PageText.Place(area.X(part[0].Step)), y = PageText.Place(area.Y(part[0].Mean));
            svg.AppendLine(part.Count == 1
                ? $"""<circle class="point s{colour}" cx="{x}" cy="{y}" r="3"/>"""
                : $"""<path class="line s{colour}" d="M{Through(part, group => group.Mean)}"/>""");
        }
        return svg.ToString();

        string Through(IEnumerable<Curve.Group> part, Func<Curve.Group, double> value) =>
            string.Join('L', part.Select(group => $"{PageText.Place(area.X(group.Step))} {PageText.Place(area.Y(value(group)))}"));
    }

    private static IEnumerable<List<Curve.Group>> Unbroken(IEnumerable<Curve.Group> groups)
    {
        var part = new List<Curve.Group>();
        foreach (var group in groups)
        {
            if (double.IsNaN(group.Mean) && part.Count > 0)
            {
                yield return part;
                part = [];
            }
            if (!double.IsNaN(group.Mean))
                part.Add(group);
        }
        if (part.Count > 0)
            yield return part;
    }
}
