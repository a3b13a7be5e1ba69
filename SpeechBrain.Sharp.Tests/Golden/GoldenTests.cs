using System.Reflection;
using NUnit.Framework;
using NUnit.Framework.Interfaces;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Golden;

/// <summary>
/// Every case of the golden set, one test each. A case that no adapter handles is skipped by name; in an area that ships that
/// is a failure.
/// </summary>
[TestFixture]
[Category("Golden")]
public sealed class GoldenTests
{
    /// <summary>Areas that must be covered: those that ship. A folder of one's own may have others.</summary>
    private static readonly Lazy<HashSet<string>> MustBeCovered = new(() => [.. GoldenSet.Shipped.Names.Select(Area)]);

    private static readonly IReadOnlyList<IGoldenAdapter> Adapters =
    [
        .. typeof(GoldenTests).Assembly.GetTypes()
            .Where(t => !t.IsAbstract && t.IsAssignableTo(typeof(IGoldenAdapter)) && t.GetConstructor(Type.EmptyTypes) is not null)
            .OrderBy(t => t.FullName, StringComparer.Ordinal)
            .Select(t => (IGoldenAdapter)Activator.CreateInstance(t)!),
    ];

    private static IEnumerable<TestCaseData> Cases()
    {
        IReadOnlyCollection<string> names;
        try
        {
            names = GoldenSet.Current.Names;
        }
        catch (GoldenException)
        {
            names = [];
        }
        return names.Select(name => new TestCaseData(name).SetName(name));
    }

    [TestCaseSource(nameof(Cases))]
    public void Case(string name)
    {
        var info = GoldenSet.Current.Info(name);
        var adapters = Adapters.Where(a => a.Handles(info)).ToList();
        if (adapters.Count == 0 && IsRequired(name))
            Assert.Fail($"no adapter for {info.Module}, and '{Area(name)}' must be covered");
        if (adapters.Count == 0)
            Assert.Ignore($"no adapter for {info.Module}");
        Assert.That(adapters.Select(a => a.GetType().Name), Has.Exactly(1).Items, "one adapter a case");

        var failures = GoldenRunner.Run(info, GoldenSet.Current, adapters[0], GoldenDeviation.All, CPU);
        if (failures.Count > 0)
            Assert.Fail($"{info.Module}\n  {string.Join("\n  ", failures)}");
    }

    [Test]
    public void CoverageIsCountedAndUncoveredCasesAreNamed()
    {
        var infos = GoldenSet.Current.Names.Select(GoldenSet.Current.Info).ToList();
        var open = infos.Where(i => !Adapters.Any(a => a.Handles(i))).ToList();
        var lines = open.GroupBy(i => i.Area).Select(area =>
            $"  {area.Key} ({area.Count()}): {string.Join(" ", area.Select(i => i.Name[(area.Key.Length + 1)..]))}");
        TestContext.Progress.WriteLine(
            $"golden cases: {infos.Count}, covered {infos.Count - open.Count}, not covered {open.Count}\n{string.Join("\n", lines)}");

        Assert.That(infos, Is.Not.Empty);
        Assert.That(
            open.Where(i => IsRequired(i.Name)).Select(i => i.Name), Is.Empty, $"all of [{string.Join(", ", MustBeCovered.Value)}] must be covered");
    }

    [Test]
    public void AllOfTheShippedCasesAreCovered()
    {
        var infos = GoldenSet.Shipped.Names.Select(GoldenSet.Shipped.Info).ToList();
        Assert.That(infos, Has.Count.EqualTo(214), "the set is complete");
        Assert.That(infos.Where(i => Adapters.Count(a => a.Handles(i)) != 1).Select(i => i.Name), Is.Empty, "one adapter a case");
    }

    [Test]
    public void EveryAdapterHandlesACaseOfTheShippedSet() => Assert.That(
        Adapters.Where(a => !GoldenSet.Shipped.Names.Any(n => a.Handles(GoldenSet.Shipped.Info(n)))).Select(a => a.GetType().Name), Is.Empty);

    [Test]
    public void EveryDeviationMatchesAShippedCaseAndOneOfItsOutputs()
    {
        var infos = GoldenSet.Shipped.Names.Select(GoldenSet.Shipped.Info).ToList();
        var stale = GoldenDeviation.All.Where(d => !infos.Any(i => d.Covers(i) && (i.Outputs.Any(o => d.Covers(i, o)) || d.Outputs.Any(IsData))));
        Assert.That(stale.Select(d => d.Id), Is.Empty, "deviations that match no case, or none of its outputs");
    }

    [Test]
    public void EveryDeviationHasAReasonAnUniqueIdAndATestThatExists()
    {
        Assert.That(GoldenDeviation.All.Select(d => d.Id), Is.Unique);
        foreach (var deviation in GoldenDeviation.All)
        {
            Assert.That(deviation.Reason, Is.Not.Empty.And.Not.EqualTo(" "), $"{deviation.Id} has no reason");
            Assert.That(IsTest(deviation.Test), Is.True, $"{deviation.Id} names the test '{deviation.Test}', which does not exist");
        }
    }

    internal static bool IsTest(string fullName)
    {
        int dot = fullName.LastIndexOf('.');
        return dot > 0 && typeof(GoldenTests).Assembly.GetType(fullName[..dot]) is { } type
            && type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static)
                .Any(m => m.Name == fullName[(dot + 1)..] && m.GetCustomAttributes().Any(a => a is ISimpleTestBuilder or ITestBuilder));
    }

    private static bool IsData(string output) => output.StartsWith("data", StringComparison.Ordinal);

    private static bool IsRequired(string name) => MustBeCovered.Value.Contains(Area(name));

    private static string Area(string name) => name.Split('/')[0];
}
