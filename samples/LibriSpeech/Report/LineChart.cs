using System.Text;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>Curves over training steps in one picture, with axes, legend, and the values under the pointer.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Unit">What the values are, beside the heading.</param>
/// <param name="Curves">At most four; curves without points are left out.</param>
/// <param name="Limit">A level to mark, with its name.</param>
/// <param name="Linear">A linear axis even if the values differ much.</param>
internal sealed record LineChart(string Title, string Unit, IReadOnlyList<Curve> Curves, (string Name, double Value)? Limit = null, bool Linear = false)
{
    // Units of the picture; the page scales it to its column.
    private const double Width = 460, Height = 250, Left = 46, Right = 10, Top = 10, Bottom = 40;
    private const int MostGroups = 160;

    /// <summary>The figure; empty if there is nothing to draw.</summary>
    internal string ToHtml()
    {
        var curves = Curves.Where(curve => curve.Points.Any(point => double.IsFinite(point.Value))).ToList();
        if (curves.Count == 0)
            return "";
        var groups = curves.Select(curve => curve.Groups(MostGroups)).ToList();
        var steps = ChartAxis.For(curves.SelectMany(curve => curve.Points.Select(point => point.Step)), tight: true, linear: true);
        var values = ChartAxis.For([.. groups.SelectMany(g => g).SelectMany(g => new[] { g.Low, g.High }), .. Limit is { } limit ? [limit.Value] : Array.Empty<double>()], linear: Linear);
        double X(double step) => Left + (Width - Left - Right) * steps.Place(step);
        double Y(double value) => Top + (Height - Top - Bottom) * (1 - values.Place(value));

        return $"""
            <figure class="chart">
            <figcaption>{PageText.Encode(Title)} <span>{PageText.Encode(Unit)}{(values.IsLogarithmic ? ", logarithmic" : "")}</span></figcaption>
            <svg viewBox="0 0 {PageText.Place(Width)} {PageText.Place(Height)}" role="img" aria-label="{PageText.Encode(Summary(curves))}">
            {Frame(steps, values, X, Y)}
            {LimitLine(Y)}
            {string.Concat(groups.Select((g, i) => Line(g, i + 1, X, Y)))}
            {Hovers(curves, groups, X, Y)}
            </svg>
            <ul class="legend">
            {string.Concat(curves.Select((curve, i) => LegendEntry(curve, i + 1)))}
            </ul>
            </figure>

            """;
    }

    private string Frame(ChartAxis steps, ChartAxis values, Func<double, double> x, Func<double, double> y)
    {
        var frame = new StringBuilder();
        foreach (double tick in values.Ticks)
        {
            string at = PageText.Place(y(tick));
            frame.AppendLine($"""<path class="grid" d="M{Left} {at}H{Width - Right}"/><text class="tick" x="{Left - 6}" y="{at}" dy=".32em" text-anchor="end">{PageText.Number(tick)}</text>""");
        }
        foreach (double tick in steps.Ticks.Where(tick => tick == Math.Floor(tick)))
        {
            string at = PageText.Place(x(tick));
            frame.AppendLine($"""<text class="tick" x="{at}" y="{Height - Bottom + 16}" text-anchor="middle">{PageText.Number(tick)}</text>""");
        }
        frame.AppendLine($"""<path class="axis" d="M{Left} {Top}V{Height - Bottom}H{Width - Right}"/>""");
        frame.Append($"""<text class="tick" x="{PageText.Place(Left + (Width - Left - Right) / 2)}" y="{Height - 5}" text-anchor="middle">optimizer step</text>""");
        return frame.ToString();
    }

    private string LimitLine(Func<double, double> y) => Limit is not { } limit ? "" : $"""
        <path class="limit" d="M{Left} {PageText.Place(y(limit.Value))}H{Width - Right}"/><text class="tick" x="{Width - Right}" y="{PageText.Place(y(limit.Value) - 5)}" text-anchor="end">{PageText.Encode(limit.Name)} {PageText.Number(limit.Value)}</text>
        """;

    // The means as a line, what they are means of as a band. A group without a finite value is a gap in both.
    private static string Line(IReadOnlyList<Curve.Group> groups, int colour, Func<double, double> x, Func<double, double> y)
    {
        var result = new StringBuilder();
        foreach (var part in Unbroken(groups))
        {
            string Points(IEnumerable<Curve.Group> through, Func<Curve.Group, double> value) =>
                string.Join('L', through.Select(g => $"{PageText.Place(x(g.Step))} {PageText.Place(y(value(g)))}"));
            if (part.Any(g => g.High > g.Low))
                result.AppendLine($"""<path class="band s{colour}" d="M{Points(part, g => g.High)}L{Points(part.AsEnumerable().Reverse(), g => g.Low)}Z"/>""");
            result.AppendLine(part.Count == 1
                ? $"""<circle class="point s{colour}" cx="{PageText.Place(x(part[0].Step))}" cy="{PageText.Place(y(part[0].Mean))}" r="3"/>"""
                : $"""<path class="line s{colour}" d="M{Points(part, g => g.Mean)}"/>""");
        }
        return result.ToString();
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

    // A strip over each group of the longest curve: while the pointer is over it, its middle is marked and its values are shown.
    private static string Hovers(List<Curve> curves, List<IReadOnlyList<Curve.Group>> groups, Func<double, double> x, Func<double, double> y)
    {
        var result = new StringBuilder();
        var longest = groups.MaxBy(g => g.Count)!;
        for (int i = 0; i < longest.Count; i++)
        {
            double at = longest[i].Step;
            double from = i == 0 ? x(at) - 4 : x((longest[i - 1].Step + at) / 2), to = i == longest.Count - 1 ? x(at) + 4 : x((at + longest[i + 1].Step) / 2);
            var near = groups.Select(g => g.MinBy(group => Math.Abs(group.Step - at))!).ToList();
            string marks = string.Concat(near.Select((g, c) => double.IsNaN(g.Mean) ? "" : $"""<circle class="point s{c + 1}" cx="{PageText.Place(x(g.Step))}" cy="{PageText.Place(y(g.Mean))}" r="3.5"/>"""));
            result.AppendLine($"""<g class="hover"><title>{PageText.Encode(Values(longest[i], curves, near))}</title><rect x="{PageText.Place(from)}" y="{Top}" width="{PageText.Place(Math.Max(0.5, to - from))}" height="{Height - Top - Bottom}"/><path d="M{PageText.Place(x(at))} {Top}V{Height - Bottom}"/>{marks}</g>""");
        }
        return result.ToString();
    }

    private static string Values(Curve.Group at, List<Curve> curves, List<Curve.Group> near)
    {
        string steps = at.FirstStep == at.LastStep ? $"step {PageText.Number(at.LastStep)}" : $"steps {PageText.Number(at.FirstStep)} to {PageText.Number(at.LastStep)}, means";
        return string.Join('\n', [steps, .. curves.Zip(near, (curve, g) => $"{curve.Name}: {PageText.Number(g.Mean)}" + (g.High > g.Low ? $" ({PageText.Number(g.Low)} to {PageText.Number(g.High)})" : ""))]);
    }

    private static string LegendEntry(Curve curve, int colour)
    {
        int broken = curve.Points.Count(point => !double.IsFinite(point.Value));
        return $"""
            <li><svg class="key" viewBox="0 0 24 8" aria-hidden="true"><path class="line s{colour}" d="M1 4H23"/></svg>{PageText.Encode(curve.Name)} <b>{PageText.Number(curve.Points[^1].Value)}</b>{(broken > 0 ? $" ({broken} not finite)" : "")}</li>

            """;
    }

    private string Summary(List<Curve> curves) =>
        $"{Title}: " + string.Join("; ", curves.Select(curve =>
            $"{curve.Name} from {PageText.Number(curve.Points[0].Value)} at step {PageText.Number(curve.Points[0].Step)} to {PageText.Number(curve.Points[^1].Value)} at step {PageText.Number(curve.Points[^1].Step)}"));
}
