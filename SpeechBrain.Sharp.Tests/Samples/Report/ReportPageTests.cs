using System.Text.RegularExpressions;
using System.Xml.Linq;
using NUnit.Framework;
using SpeechBrain.Sharp.Decoding;
using SpeechBrain.Sharp.Samples.LibriSpeech;

namespace SpeechBrain.Sharp.Tests.Samples.Report;

public sealed class ReportPageTests
{
    private const string Benign = "SAID";
    private static readonly string[] Hostile =
    [
        "<script>alert(1)</script>", "</style></svg>", "\"><img src=x onerror=alert(1)>", "' onmouseover='x", "&lt;&amp;", "]]>", "<!--", "{0}{{",
        "\u0001\uFFFE\uD800", "https://example.org/x.js", "مرحبا", "𝔘", "%s",
    ];

    /// <summary>A page in which every text that a run can bring is <paramref name="text"/>.</summary>
    internal static ReportPage Page(string text)
    {
        var stats = new ErrorRateStats();
        stats.Append(text, ["x"], [text]);
        stats.Append(text, [text], ["y"]);
        float[] features = [.. Enumerable.Range(0, 800).Select(i => (float)i)];
        return new()
        {
            Title = text,
            Subtitle = text,
            Essentials = [(text, text, text)],
            Facts = [(text, text)],
            Options = [(text, text, text)],
            Charts = [new(text, text, [new(text, [(1, 2), (2, 3)])], (text, 2.5))],
            Times = new([(text, 3), (text, 1)]),
            TimesNote = text,
            Spectrograms = [new(text, Picture.OfSpectrograms(features, features, 80))],
            SpectrogramsNote = text,
            Padding = new([(text, 4), (text, 3)]),
            Masks = [new(text, new bool[4, 4], 3)],
            MasksNote = text,
            ChunkSizes = new([(text, 3)]),
            Recognised = [(text, text, new(stats.Scores))],
            Missing = [text],
        };
    }

    private static XDocument Parse(string html) => XDocument.Parse(html.Replace("<!DOCTYPE html>", "", StringComparison.Ordinal));

    [TestCaseSource(nameof(Hostile))]
    public void WhateverTheTextThePageIsThatOfOrdinaryText(string text)
    {
        static IEnumerable<string> Shape(string html) =>
            Parse(html).Descendants().Select(e => e.Name.LocalName + " " + string.Join(' ', e.Attributes().Select(a => a.Name)));
        static bool HasClass(XElement e, string name) => (string?)e.Attribute("class") == name;
        string html = Page(text).ToHtml();
        Assert.That(Shape(html), Is.EqualTo(Shape(Page(Benign).ToHtml())));
        string shown = Regex.Replace(text, @"[\u0001\uFFFE]|\uD800", "\uFFFD");
        var page = Parse(html).Root!;
        Assert.That(page.Descendants().Single(e => e.Name.LocalName == "h1").Value, Is.EqualTo(shown));
        var wrong = page.Descendants().Where(e => HasClass(e, "pair sub") && e.Ancestors().Any(above => HasClass(above, "words")));
        Assert.That(wrong.Select(e => e.Value), Is.EqualTo(new[] { shown + "x", "y" + shown }));
    }

    [Test]
    public void ItNeedsNothingElse()
    {
        string html = Page("https://example.org/x.js").ToHtml();
        var attributes = Parse(html).Descendants().Attributes().Where(a => !a.IsNamespaceDeclaration).ToList();
        string[] loading = ["src", "href", "data", "action", "poster", "srcset", "background", "formaction"];
        Assert.That(
            attributes.Where(a => loading.Contains(a.Name.LocalName)).Select(a => a.Value),
            Is.Not.Empty.And.All.StartsWith("data:image/png;base64,"));
        Assert.That(attributes.Where(a => a.Name.LocalName.StartsWith("on", StringComparison.Ordinal)), Is.Empty);
        string[] elements = [.. Parse(html).Descendants().Select(e => e.Name.LocalName).Distinct()];
        Assert.That(elements, Has.None.AnyOf("script", "link", "iframe", "object", "embed", "base", "form"));
        Assert.That(Regex.Matches(ReportStyle.Css, @"url\([^)]*\)").Select(m => m.Value), Is.All.EqualTo("url(#hatch)"));
        Assert.That(ReportStyle.Css, Does.Not.Contain("@import").And.Not.Contain("http"));
    }

    [Test]
    public void BothColourSchemesHaveAllColours()
    {
        string[] schemes = [.. Regex.Matches(ReportStyle.Css, @":root \{([^}]*)\}").Select(m => m.Groups[1].Value)];
        Assert.That(schemes, Has.Length.EqualTo(2));
        string[][] names = [.. schemes.Select(scheme => Regex.Matches(scheme, @"--[\w]+(?=:)").Select(m => m.Value).ToArray())];
        Assert.That(names[1], Is.EquivalentTo(names[0]));
        Assert.That(Regex.Matches(ReportStyle.Css, @"var\((--\w+)\)").Select(m => m.Groups[1].Value).Distinct(), Is.SubsetOf(names[0]));
    }

    /// <summary>Contrast by WCAG 2: text at least 4.5 to 1 and lines of charts 3 to 1 against the page and cards.</summary>
    [Test]
    public void ColoursCanBeReadInBothSchemes()
    {
        foreach (Match scheme in Regex.Matches(ReportStyle.Css, @":root \{([^}]*)\}"))
        {
            var colours = Regex.Matches(scheme.Value, "(--\\w+): #(\\w{6})").ToDictionary(m => m.Groups[1].Value, m => Luminance(m.Groups[2].Value));
            foreach (string ground in new[] { "--page", "--card" })
            {
                foreach (string text in new[] { "--text", "--faint", "--wrong", "--extra", "--lost" })
                    Assert.That(Contrast(colours[text], colours[ground]), Is.GreaterThanOrEqualTo(4.5), $"{text} on {ground}");
                foreach (string line in new[] { "--s1", "--s2", "--s3", "--s4" })
                    Assert.That(Contrast(colours[line], colours[ground]), Is.GreaterThanOrEqualTo(3), $"{line} on {ground}");
            }
            foreach (int part in Enumerable.Range(1, 8))
                Assert.That(Contrast(colours["--text"], colours[$"--p{part}"]), Is.GreaterThanOrEqualTo(4.5), $"text on --p{part}");
        }

        static double Contrast(double a, double b) => (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
        static double Luminance(string rgb)
        {
            double[] linear = [.. rgb.Chunk(2).Select(c => Convert.ToInt32(new string(c), 16) / 255.0)
                .Select(c => c <= 0.03928 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4))];
            return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
        }
    }

    [Test]
    public void AnEmptyRunIsAPageWithoutSections()
    {
        var page = Parse(new ReportPage { Title = "nothing yet" }.ToHtml());
        Assert.That(page.Descendants().Where(e => e.Name.LocalName == "section"), Is.Empty);
    }
}
