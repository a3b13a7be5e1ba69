using System.Text.Json;

namespace SpeechBrain.Sharp.Tests.Golden;

/// <summary>A case as its manifest names it, before anything of it is read.</summary>
/// <param name="Name">Area and name, for example <c>masks/union</c>.</param>
/// <param name="Entry">Its entry in the manifest.</param>
public sealed record GoldenCaseInfo(string Name, JsonElement Entry)
{
    /// <summary>The part of the name before the slash.</summary>
    public string Area => Name.Split('/')[0];

    /// <summary>What the case exercises: a Python path, or a plain name for a group of functions.</summary>
    public string Module => Entry.GetProperty("module").GetString()!;

    /// <summary>The full names of the tensors that a run must produce: <c>out.</c> and <c>grad.</c>.</summary>
    public IEnumerable<string> Outputs =>
        Entry.TryGetProperty("outputs", out var outputs) ? outputs.EnumerateArray().Select(o => o.GetString()!) : [];
}
