using System.Text;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>
/// Strips over a chart, one for each group of its longest curve: while the pointer is over one, its middle is marked and the values there are shown.
/// </summary>
internal static class ChartHovers
{
    private const double Edge = 4;   // beyond the first and the last

    internal static string ToSvg(IReadOnlyList<Curve> curves, IReadOnlyList<IReadOnlyList<Curve.Group>> groups, ChartArea area)
    {
        var svg = new StringBuilder();
        var longest = groups.MaxBy(group => group.Count)!;
        for (int i = 0; i < longest.Count; i++)
        {
            double step = longest[i].Step, x = area.X(step);
            double from = i == 0 ? x - Edge : area.X((longest[i - 1].Step + step) / 2);
            double to = i == longest.Count - 1 ? x + Edge : area.X((longest[i + 1].Step + step) / 2);
            List<Curve.Group> near = [.. groups.Select(curve => curve.MinBy(group => Math.Abs(group.Step - step))!)];
            svg.AppendLine($"""
                <g class="hover"><title>{PageText.Encode(Values(longest[i], curves, near))}</title>
                <rect x="{PageText.Place(from)}" y="{ChartArea.Top}" width="{PageText.Place(to - from)}" height="{ChartArea.Bottom - ChartArea.Top}"/>
                <path d="M{PageText.Place(x)} {ChartArea.Top}V{ChartArea.Bottom}"/>{Points(near, area)}</g>
                """);
        }
        return svg.ToString();
    }

    private static string Points(IReadOnlyList<Curve.Group> near, ChartArea area) => string.Concat(near.Select((group, i) => double.IsNaN(group.Mean)
        ? ""
        : $"""<circle class="point s{i + 1}" cx="{PageText.Place(area.X(group.Step))}" cy="{PageText.Place(area.Y(group.Mean))}" r="3.5"/>"""));

    private static string Values(Curve.Group at, IReadOnlyList<Curve> curves, IReadOnlyList<Curve.Group> near)
    {
        string steps = at.FirstStep == at.LastStep
            ? $"step {PageText.Number(at.LastStep)}"
            : $"steps {PageText.Number(at.FirstStep)} to {PageText.Number(at.LastStep)}, means";
        return string.Join('\n', [steps, .. curves.Zip(near, (curve, group) => $"{curve.Name}: {PageText.Number(group.Mean)}{Range(group)}")]);
    }

    private static string Range(Curve.Group group) =>
        group.High > group.Low ? $" ({PageText.Number(group.Low)} to {PageText.Number(group.High)})" : "";
}
