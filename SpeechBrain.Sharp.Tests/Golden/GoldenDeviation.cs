using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace SpeechBrain.Sharp.Tests.Golden;

/// <summary>
/// A defect of SpeechBrain that is recorded in golden cases and not rebuilt here: an entry of <c>deviations.json</c>.
/// </summary>
/// <param name="Id">A short name, by which adapters refer to it.</param>
/// <param name="Case">Which cases: a name in which <c>*</c> stands for anything.</param>
/// <param name="Outputs">Which of their tensors (<c>out.*</c>) or data (<c>data.*</c>), in the same way.</param>
/// <param name="Reason">What SpeechBrain does, and what we do.</param>
/// <param name="Test">The test that pins our behaviour: namespace, class and method.</param>
/// <param name="Where">Arguments that a case must have, for example <c>{"constructor.deltas": true}</c>; none by default.</param>
/// <param name="Reference">The <c>ref.</c> tensor of the case to compare with in place of the output, if it has one.</param>
public sealed record GoldenDeviation(
    string Id, string Case, string[] Outputs, string Reason, string Test,
    Dictionary<string, JsonElement>? Where = null, string? Reference = null)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    private static readonly Lazy<IReadOnlyList<GoldenDeviation>> List =
        new(() => Read(Path.Combine(AppContext.BaseDirectory, "Golden", "deviations.json")));

    /// <summary>All entries of <c>deviations.json</c>.</summary>
    public static IReadOnlyList<GoldenDeviation> All => List.Value;

    /// <summary>Whether a case is meant.</summary>
    public bool Covers(GoldenCaseInfo info) => Like(Case, info.Name) && (Where is null || Where.All(w => HasArgument(info.Entry, w.Key, w.Value)));

    /// <summary>Whether an output of a case is meant.</summary>
    public bool Covers(GoldenCaseInfo info, string output) => Covers(info) && Outputs.Any(o => Like(o, output));

    internal static IReadOnlyList<GoldenDeviation> Read(string path) =>
        JsonSerializer.Deserialize<DeviationFile>(File.ReadAllText(path), Options)!.Deviations;

    private static bool Like(string pattern, string name) =>
        Regex.IsMatch(name, $"^{Regex.Escape(pattern).Replace("\\*", ".*")}$", RegexOptions.CultureInvariant);

    private static bool HasArgument(JsonElement entry, string path, JsonElement wanted)
    {
        var value = entry;
        foreach (string key in path.Split('.'))
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(key, out value))
                return false;
        return JsonElement.DeepEquals(value, wanted);
    }

    private sealed record DeviationFile(IReadOnlyList<GoldenDeviation> Deviations);
}
