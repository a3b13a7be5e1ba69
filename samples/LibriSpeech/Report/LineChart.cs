namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>Curves over training steps in one picture, with axes, legend, and the values under the pointer.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Unit">What the values are, beside the heading.</param>
/// <param name="Curves">At most four; curves without points are left out.</param>
/// <param name="Limit">A level to mark, with its name.</param>
/// <param name="Linear">A linear axis even if the values differ much.</param>
internal sealed record LineChart(
    string Title, string Unit, IReadOnlyList<Curve> Curves, (string Name, double Value)? Limit = null, bool Linear = false)
{
    private const int MostGroups = 160;

    /// <summary>The figure; empty if there is nothing to draw.</summary>
    internal string ToHtml()
    {
        List<Curve> curves = [.. Curves.Where(curve => curve.Points.Any(point => double.IsFinite(point.Value)))];
        if (curves.Count == 0)
            return "";
        List<IReadOnlyList<Curve.Group>> groups = [.. curves.Select(curve => curve.Groups(MostGroups))];
        IEnumerable<double> values = groups.SelectMany(curve => curve).SelectMany(group => new[] { group.Low, group.High });
        var area = new ChartArea(
            ChartAxis.For(curves.SelectMany(curve => curve.Points).Select(point => point.Step), tight: true, linear: true),
            ChartAxis.For(Limit is { } limit ? values.Append(limit.Value) : values, linear: Linear));

        return $"""
            <figure class="chart">
            <figcaption>{PageText.Encode(Title)} <span>{PageText.Encode(Unit)}{(area.Values.IsLogarithmic ? ", logarithmic" : "")}</span></figcaption>
            <svg viewBox="0 0 {ChartArea.Width} {ChartArea.Height}" role="img" aria-label="{PageText.Encode(Summary(curves))}">
            {ChartFrame.ToSvg(area, Limit)}
            {string.Concat(groups.Select((curve, i) => ChartLine.ToSvg(curve, i + 1, area)))}
            {ChartHovers.ToSvg(curves, groups, area)}
            </svg>
            <ul class="legend">
            {string.Concat(curves.Select((curve, i) => LegendEntry(curve, i + 1)))}
            </ul>
            </figure>

            """;
    }

    private static string LegendEntry(Curve curve, int colour)
    {
        int broken = curve.Points.Count(point => !double.IsFinite(point.Value));
        return $"""
            <li><svg class="key" viewBox="0 0 24 8" aria-hidden="true"><path class="line s{colour}" d="M1 4H23"/></svg>
            {PageText.Encode(curve.Name)} <b>{PageText.Number(curve.Points[^1].Value)}</b>{(broken > 0 ? $" ({broken} not finite)" : "")}</li>

            """;
    }

    private string Summary(IEnumerable<Curve> curves) =>
        $"{Title}: " + string.Join("; ", curves.Select(curve => $"{curve.Name} from {At(curve.Points[0])} to {At(curve.Points[^1])}"));

    private static string At((double Step, double Value) point) => $"{PageText.Number(point.Value)} at step {PageText.Number(point.Step)}";
}
