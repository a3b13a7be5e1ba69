using System.Text;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>What lies under the curves: axes, ticks and their numbers, and a level to mark.</summary>
internal static class ChartFrame
{
    private const double Middle = (ChartArea.Left + ChartArea.Right) / 2;

    internal static string ToSvg(ChartArea area, (string Name, double Value)? limit)
    {
        var svg = new StringBuilder();
        foreach (double tick in area.Values.Ticks)
            svg.AppendLine(Level("grid", area.Y(tick)) + Text(ChartArea.Left - 6, area.Y(tick) + 4, "end", PageText.Number(tick)));
        foreach (double tick in area.Steps.Ticks.Where(tick => tick == Math.Floor(tick)))
            svg.AppendLine(Text(area.X(tick), ChartArea.Bottom + 16, "middle", PageText.Number(tick)));
        svg.AppendLine($"""<path class="axis" d="M{ChartArea.Left} {ChartArea.Top}V{ChartArea.Bottom}H{ChartArea.Right}"/>""");
        svg.AppendLine(Text(Middle, ChartArea.Height - 5, "middle", "optimizer step"));
        if (limit is var (name, value))
            svg.AppendLine(Level("limit", area.Y(value)) + Text(ChartArea.Right, area.Y(value) - 5, "end", $"{name} {PageText.Number(value)}"));
        return svg.ToString();
    }

    private static string Level(string kind, double y) => $"""<path class="{kind}" d="M{ChartArea.Left} {PageText.Place(y)}H{ChartArea.Right}"/>""";

    private static string Text(double x, double y, string anchor, string text) =>
        $"""<text class="tick" x="{PageText.Place(x)}" y="{PageText.Place(y)}" text-anchor="{anchor}">{PageText.Encode(text)}</text>""";
}
