using System.Reflection;
using System.Text.RegularExpressions;
using NUnit.Framework;
using SpeechBrain.Sharp.ApiReference;
using SpeechBrain.Sharp.Augment;
using SpeechBrain.Sharp.Tests.Testing;

namespace SpeechBrain.Sharp.Tests.Documents;

/// <summary>
/// The pages that the build's Docs target writes: every public type has one, every link leads somewhere, declarations are those of the source.
/// </summary>
public sealed class ApiReferenceTests
{
    private static readonly Assembly Library = typeof(Functional).Assembly;

    /// <summary>The library with its XML documentation, which the GPU kit leaves behind: outside a checkout the test is skipped.</summary>
    private static Assembly Documented
    {
        get
        {
            _ = Checkout.Root;
            return Library;
        }
    }

    [Test]
    public void EveryTypeHasAPageAndEveryLinkATarget()
    {
        using var folder = new TestFolder();
        var site = new Site(Documented);
        site.Write(folder.Path);
        var pages = folder.Files.Where(file => file.EndsWith(".html", StringComparison.Ordinal))
            .ToDictionary(file => file, file => File.ReadAllText(folder[file]));
        var targets = pages.SelectMany(page => Regex.Matches(page.Value, " id=\"([^\"]+)\"").Select(match => $"{page.Key}#{match.Groups[1].Value}"))
            .Concat(pages.Keys).ToHashSet();
        var broken = pages.SelectMany(page => Regex.Matches(page.Value, "<a href=\"([^\"]+)\"").Select(match => match.Groups[1].Value)
            .Where(href => !href.StartsWith("http", StringComparison.Ordinal) && !targets.Contains(href[0] == '#' ? page.Key + href : href)));
        Assert.Multiple(() =>
        {
            Assert.That(site.Problems, Is.Empty);
            Assert.That(Library.GetExportedTypes().Select(Links.Page), Is.SubsetOf(pages.Keys));
            Assert.That(broken, Is.Empty);
        });
    }

    [Test]
    public void WhatIsInheritedIsFilledIn()
    {
        var docs = new XmlDocs(Documented);
        // Overrides a method of a generic base with a narrower result, and documents nothing itself.
        var method = typeof(Augmentation<>).GetMethod(nameof(Augmentation.ParametersFromJson))!;
        Assert.That(docs.Of(method).Element("summary")?.Value, Is.Not.Empty.And.Not.Null);
        // What another assembly documents is named.
        var forward = typeof(Augmentation<>).GetMethod("forward")!;
        Assert.That(docs.Of(forward).Element("summary")?.Element("see")?.Attribute("cref")?.Value, Does.StartWith("M:TorchSharp.torch.nn.Module"));
    }

    [TestCase("Plain", "static void Plain(int count = 3, string? text = null, double rate = 0.5, bool flag = true)")]
    [TestCase("Choice", "static void Choice(DayOfWeek day = DayOfWeek.Monday, DayOfWeek? other = null, long? n = null)")]
    [TestCase("Nested", "static IReadOnlyList&lt;string?&gt;? Nested(Dictionary&lt;string, int[,]&gt; map, string?[] names, string[]? maybe)")]
    [TestCase("Tuples", "static (int First, (string? Inner, long)) Tuples((double X, double Y)? point)")]
    [TestCase("Passing", "static void Passing(in int a, out string b, ref long[] c, params string[] rest)")]
    [TestCase("Generic", "static T Generic&lt;T, U&gt;(T value, U[] others)\n    where T : struct\n    where U : IDisposable, new()")]
    [TestCase("op_Addition", "static Declared operator +(Declared a, Declared b)")]
    [TestCase("Item", "string this[int i] { get; }")]
    [TestCase("Needed", "required string Needed { get; init; }")]
    [TestCase("Virtual", "protected virtual void Virtual()")]
    [TestCase("ToString", "override string ToString()")]
    public void DeclarationsAreThoseOfTheSource(string member, string expected) => Assert.That(
        PublicMembers.Of(typeof(Declared)).Where(other => other.Name == member).Select(new Signature(new(new(Library))).Of),
        Is.EqualTo(new[] { expected }));

    [TestCase("Count", "long Count { get; init; } = 80;")]
    [TestCase("Sizes", "IReadOnlyList&lt;long&gt; Sizes { get; init; } = [64, 32];")]
    [TestCase("Day", "DayOfWeek? Day { get; init; } = DayOfWeek.Friday;")]
    [TestCase("Text", "string? Text { get; init; } = null;")]
    public void OptionsHaveTheirDefaults(string member, string expected) => Assert.That(
        PublicMembers.Of(typeof(DeclaredOptions)).Where(other => other.Name == member).Select(new Signature(new(new(Library))).Of),
        Is.EqualTo(new[] { expected }));

    [Test]
    public void DocumentationIdsAreTheCompilers() => Assert.Multiple(() =>
    {
        const BindingFlags all = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static;
        string id(string member) => DocId.Of(typeof(Declared).GetMember(member, all)[0]);
        string type = "SpeechBrain.Sharp.Tests.Documents.Declared";
        Assert.That(id("Passing"), Is.EqualTo($"M:{type}.Passing(System.Int32@,System.String@,System.Int64[]@,System.String[])"));
        Assert.That(id("Generic"), Is.EqualTo($"M:{type}.Generic``2(``0,``1[])"));
        const string map = "System.Collections.Generic.Dictionary{System.String,System.Int32[0:,0:]}";
        Assert.That(id("Nested"), Is.EqualTo($"M:{type}.Nested({map},System.String[],System.String[])"));
        Assert.That(id("Item"), Is.EqualTo($"P:{type}.Item(System.Int32)"));
    });
}
