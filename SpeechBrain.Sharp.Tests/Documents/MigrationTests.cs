using System.Reflection;
using System.Text.RegularExpressions;
using NUnit.Framework;
using SpeechBrain.Sharp.Tests.Testing;
using SpeechBrain.Sharp.Transducer;

namespace SpeechBrain.Sharp.Tests.Documents;

/// <summary>
/// The tables of docs/migration.md name what exists: the second column public types and members of the library, the last one switches of the types in
/// its row.
/// </summary>
public sealed partial class MigrationTests
{
    private const BindingFlags Any = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.FlattenHierarchy;

    private static readonly Type[] Types = typeof(Functional).Assembly.GetExportedTypes();

    [Test]
    public void NamesOfTheLibraryExist() => Assert.That(
        Rows().SelectMany(row => row.Ours).Where(name => !Found(name).Any()).Distinct(), Is.Empty);

    /// <summary>Arguments and options as in C#: <c>perBatch: true</c>, <c>MergeDuplicates = false</c>; or a lone <c>maxKernelBytes</c>.</summary>
    [Test]
    public void SwitchesAreArgumentsOfTheirRow() => Assert.That(
        Rows().SelectMany(row => row.Unknown.Select(name => $"{row}: {name}")), Is.Empty);

    [Test]
    public void OptionsOfTheRecipeExist() => Assert.That(
        Rows().Where(row => row.Ours.Count > 0 && row.Ours.All(name => typeof(ConformerTransducerOptions).GetProperty(name) is not null)).Count(),
        Is.GreaterThanOrEqualTo(7));

    [TestCase("| `a.B` | `NoSuchThing` | |", "NoSuchThing")]
    [TestCase("| `a.B` | `Resample.NoSuchMember` | |", "Resample.NoSuchMember")]
    public void AWrongNameIsFound(string line, string name) => Assert.That(
        Row.Of(line)!.Ours.Where(ours => !Found(ours).Any()), Is.EqualTo(new[] { name }));

    [Test]
    public void AWrongSwitchIsFound() => Assert.That(
        Row.Of("| `a.B` | `AddReverb` | `circular: true`, `round: true`, `perBatch`, `perUtterance` |")!.Unknown,
        Is.EqualTo(new[] { "round", "perUtterance" }));

    private static Row[] Rows()
    {
        Row[] rows = [.. File.ReadLines(Path.Combine(Checkout.Root, "docs", "migration.md")).Select(Row.Of).OfType<Row>()];
        Assert.That(rows, Has.Length.GreaterThan(80), "the page has tables, and they are found");
        return rows;
    }

    // A type, a member of a type, or an option of the recipe's model.
    private static IEnumerable<MemberInfo> Found(string name)
    {
        string[] parts = name.Split('.');
        var types = Types.Where(type => type.Name.Split('`')[0] == parts[0]);
        return parts.Length > 1 ? types.SelectMany(type => type.GetMember(parts[1], Any))
            : types.Any() ? types
            : typeof(ConformerTransducerOptions).GetMember(name, Any);
    }

    // Arguments of a function, or of a type's constructors and methods; properties.
    private static IEnumerable<string> Settings(MemberInfo member) => member switch
    {
        Type type => type.GetConstructors().Cast<MethodBase>().Concat(type.GetMethods(Any)).SelectMany(Settings)
            .Concat(type.GetProperties().Select(property => property.Name)),
        MethodBase method => method.GetParameters().Select(parameter => parameter.Name!),
        _ => [],
    };

    /// <summary>A row of a table: what stands in backticks in its second column, and the switches in its last.</summary>
    private sealed record Row(string Theirs, IReadOnlyList<string> Ours, IReadOnlyList<string> Switches)
    {
        /// <summary>Switches that nothing in the row has.</summary>
        internal IEnumerable<string> Unknown => Switches.Except(Ours.SelectMany(Found).SelectMany(Settings));

        internal static Row? Of(string line)
        {
            string[] cells = line.Split('|');
            if (cells.Length != 5 && cells.Length != 4) return null;
            if (!Code.IsMatch(cells[2])) return null;
            string last = cells.Length == 5 ? cells[3] : "";
            var ours = Code.Matches(cells[2]).Select(match => match.Groups[1].Value).Where(name => Name.IsMatch(name));
            var switches = Code.Matches(last).Select(match => Switch.Match(match.Groups[1].Value)).Where(match => match.Success)
                .Select(match => match.Groups[1].Value + match.Groups[2].Value);
            return new(cells[1].Trim(), [.. ours], [.. switches]);
        }

        public override string ToString() => Theirs;
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code { get; }

    [GeneratedRegex(@"^[A-Z]\w*(\.\w+)?$")]
    private static partial Regex Name { get; }

    [GeneratedRegex("^([a-z]+[A-Z]\\w*)$|^(\\w+)(?:: | = )")]
    private static partial Regex Switch { get; }
}
