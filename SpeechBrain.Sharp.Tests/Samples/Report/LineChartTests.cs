using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using NUnit.Framework;
using SpeechBrain.Sharp.Samples.LibriSpeech;

namespace SpeechBrain.Sharp.Tests.Samples.Report;

public sealed class LineChartTests
{
    private static XElement Chart(params Curve[] curves) => XElement.Parse(new LineChart("Loss", "of a batch", curves, Linear: true).ToHtml());

    private static IEnumerable<XElement> OfClass(XElement figure, string name) =>
        figure.Descendants().Where(e => ((string?)e.Attribute("class") ?? "").Split(' ').Contains(name));

    // Lines of the picture, not of the legend.
    private static List<(double X, double Y)[]> Lines(XElement figure) =>
    [
        .. OfClass(figure, "line").Where(e => (string?)e.Parent!.Attribute("class") != "key")
            .Select(e => Regex.Matches((string)e.Attribute("d")!, @"([\d.-]+) ([\d.-]+)")
                .Select(point => (Number(point.Groups[1].Value), Number(point.Groups[2].Value))).ToArray()),
    ];

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [Test]
    public void AStraightCurveIsAStraightLineFromTickToTick()
    {
        var figure = Chart(new Curve("x", [(0, 0), (10, 20), (20, 40), (40, 80)]));
        var line = Lines(figure).Single();
        Assert.That(line.Select(p => (p.X - line[0].X) / (line[3].X - line[0].X)), Is.EqualTo(new[] { 0, 0.25, 0.5, 1 }).Within(1e-3));
        Assert.That(line.Select(p => (line[0].Y - p.Y) / (line[0].Y - line[3].Y)), Is.EqualTo(new[] { 0, 0.25, 0.5, 1 }).Within(1e-3), "upwards");
        // 80 lies on the tick that says 80.
        var tick = OfClass(figure, "tick").Single(e => e.Value == "80");
        Assert.That(Number((string)tick.Attribute("y")!) - 4, Is.EqualTo(line[3].Y).Within(0.01), "4 lower, so that the middle of the digits is there");
    }

    [Test]
    public void ValuesAreUnderThePointerAndInTheLegend()
    {
        var figure = Chart(new Curve("total", [(1, 61.25), (2, 12.5)]), new Curve("CTC", [(1, 70), (2, 20)]));
        Assert.That(
            OfClass(figure, "hover").Select(e => e.Elements().First().Value),
            Is.EqualTo(new[] { "step 1\ntotal: 61.25\nCTC: 70", "step 2\ntotal: 12.5\nCTC: 20" }));
        Assert.That(figure.Descendants("li").Select(e => e.Value.Trim()), Is.EqualTo(new[] { "total 12.5", "CTC 20" }));
        Assert.That((string)figure.Element("svg")!.Attribute("aria-label")!, Does.Contain("total from 61.25 at step 1 to 12.5 at step 2"));
    }

    [Test]
    public void ManyPointsBecomeMeansWithABandAndLoseNoExtreme()
    {
        var points = Enumerable.Range(1, 10_000).Select(i => ((double)i, i == 4321 ? 100.0 : i % 2)).ToArray();
        var figure = Chart(new Curve("x", points));
        Assert.That(Lines(figure).Single(), Has.Length.InRange(100, 160));
        Assert.That(OfClass(figure, "band"), Has.Exactly(1).Items);
        Assert.That(figure.Descendants("title").Select(e => e.Value), Has.Some.Contains("(0 to 100)"));
        Assert.That(figure.ToString(SaveOptions.DisableFormatting), Has.Length.LessThan(100_000));
    }

    [Test]
    public void WhatIsNotFiniteIsAGapAndCounted()
    {
        var figure = Chart(new Curve("x", [(1, 1), (2, 2), (3, double.NaN), (4, double.PositiveInfinity), (5, 3), (6, 4), (7, double.NaN), (8, 9)]));
        Assert.That(Lines(figure).Select(line => line.Length), Is.EqualTo(new[] { 2, 2 }));
        Assert.That(OfClass(figure, "point").Where(e => e.Parent!.Name == "svg"), Has.Exactly(1).Items, "a point alone");
        Assert.That(figure.Descendants("li").Single().Value, Does.Contain("9 (3 not finite)"));
    }

    [Test]
    public void NothingToDrawIsNothing()
    {
        Assert.That(new LineChart("x", "", [new("x", [])]).ToHtml(), Is.Empty);
        Assert.That(new LineChart("x", "", [new("x", [(1, double.NaN)])]).ToHtml(), Is.Empty);
    }

    [TestCase(3.0, 3.0)]
    [TestCase(0.0, 0.0)]
    [TestCase(-2.0, 5.0)]
    [TestCase(1e-9, 1e12)]
    [TestCase(9.99, 10.01)]
    [TestCase(0.031, 0.99)]
    public void AnAxisHoldsItsValuesBetweenRoundTicks(double low, double high)
    {
        foreach (bool linear in new[] { true, false })
        {
            var axis = ChartAxis.For([high, low, double.NaN], linear: linear);
            Assert.That(axis.Low, Is.LessThanOrEqualTo(low));
            Assert.That(axis.High, Is.GreaterThanOrEqualTo(high).And.GreaterThan(axis.Low));
            Assert.That(axis.Ticks, Is.Ordered.Ascending.And.Count.InRange(2, 12));
            Assert.That(axis.Ticks.Select(axis.Place), Is.All.InRange(-1e-9, 1 + 1e-9));
        }
    }

    [Test]
    public void EqualRatiosAreEquallyFarOnALogarithmicAxis()
    {
        var axis = ChartAxis.For([5, 500]);
        Assert.That(axis.IsLogarithmic);
        Assert.That((axis.Low, axis.High), Is.EqualTo((5, 500)));
        Assert.That(axis.Place(50), Is.EqualTo(0.5).Within(1e-9));
        Assert.That(ChartAxis.For([0, 500]).IsLogarithmic, Is.False, "0 has no logarithm");
    }
}
