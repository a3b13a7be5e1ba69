using System.Text.Json;
using SpeechBrain.Sharp.Serialization;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Golden;

/// <summary>
/// One golden case, opened for one run: what SpeechBrain was given and what it made of it. Everything an adapter takes from here is
/// noted; what it leaves untaken is a failure (see <see cref="Unread"/>).
/// </summary>
public sealed class GoldenCase
{
    private readonly Dictionary<string, Tensor> tensors;
    private readonly HashSet<string> taken = [];

    private GoldenCase(JsonElement entry, Dictionary<string, Tensor> tensors, string folder, Device device)
    {
        this.tensors = tensors;
        Folder = folder;
        Device = device;
        Name = entry.GetProperty("case").GetString()!;
        Module = entry.GetProperty("module").GetString()!;
        Seed = entry.GetProperty("seed").GetInt64();
        Notes = entry.TryGetProperty("notes", out var notes) ? notes.GetString() : null;
        var tolerance = entry.GetProperty("tolerance");
        RelativeTolerance = tolerance.GetProperty("rtol").GetDouble();
        AbsoluteTolerance = tolerance.GetProperty("atol").GetDouble();
        Constructor = new GoldenValue(entry.GetProperty("constructor"), "constructor");
        Call = new GoldenValue(entry.GetProperty("call"), "call");
        Data = new GoldenValue(entry.TryGetProperty("data", out var data) ? data : default, "data");
        Draws = new GoldenDraws([.. entry.TryGetProperty("draws", out var draws) ? draws.EnumerateArray().Select(OneDraw) : []]);
    }

    /// <summary>Area and name, for example <c>masks/union</c>.</summary>
    public string Name { get; }

    /// <summary>The part of the name before the slash.</summary>
    public string Area => Name.Split('/')[0];

    /// <summary>What the case exercises: a Python path, or a plain name for a group of functions.</summary>
    public string Module { get; }

    /// <summary>The folder of the case's set, where files lie that its data names.</summary>
    public string Folder { get; }

    /// <summary>The seed of weights and inputs; not needed to replay a case, save where its notes say so.</summary>
    public long Seed { get; }

    /// <summary>What the generator says about the case.</summary>
    public string? Notes { get; }

    /// <summary>Part of the expected value by which a result may differ.</summary>
    public double RelativeTolerance { get; }

    /// <summary>By how much a result may differ besides.</summary>
    public double AbsoluteTolerance { get; }

    /// <summary>Constructor arguments under SpeechBrain's names. Absent ones have SpeechBrain's defaults.</summary>
    public GoldenValue Constructor { get; }

    /// <summary>Call arguments under SpeechBrain's names.</summary>
    public GoldenValue Call { get; }

    /// <summary>Settings and expected values that are not tensors; <see cref="JsonValueKind.Undefined"/> where a case has none.</summary>
    public GoldenValue Data { get; }

    /// <summary>The random draws made inside the call.</summary>
    public GoldenDraws Draws { get; }

    /// <summary>Where inputs and weights are put.</summary>
    public Device Device { get; }

    /// <summary>Reads a case of a manifest; tensors belong to the current dispose scope.</summary>
    internal static GoldenCase Open(JsonElement entry, string folder, Device device)
    {
        var tensors = new Dictionary<string, Tensor>();
        if (entry.TryGetProperty("file", out var file))
        {
            tensors = Safetensors.Load(Path.Combine(folder, file.GetString()!));
            var listed = new List<string>();
            foreach (string kind in (string[])["inputs", "weights", "outputs", "references"])
                listed.AddRange(entry.GetProperty(kind).EnumerateArray().Select(n => n.GetString()!));
            listed.AddRange(tensors.Keys.Where(k => k.StartsWith("draw.", StringComparison.Ordinal)));
            if (!listed.ToHashSet().SetEquals(tensors.Keys))
                throw new GoldenException(
                    $"{file.GetString()} holds [{string.Join(", ", tensors.Keys.Order())}]; "
                    + $"the manifest lists [{string.Join(", ", listed.Order())}]");
        }
        return new GoldenCase(entry, tensors, folder, device);
    }

    /// <summary>The names of all tensors that begin with <paramref name="prefix"/>, in order of name.</summary>
    public IEnumerable<string> Names(string prefix) =>
        tensors.Keys.Where(k => k.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    /// <summary>Whether there is a tensor of that full name, for example <c>out.y</c>.</summary>
    public bool Has(string fullName) => tensors.ContainsKey(fullName);

    /// <summary>Whether there is an input <c>in.</c> + <paramref name="name"/>.</summary>
    public bool HasInput(string name) => Has("in." + name);

    /// <summary>A fresh copy of the input <c>in.</c> + <paramref name="name"/> on <see cref="Device"/>.</summary>
    public Tensor Input(string name) => Take("in." + name);

    /// <summary>A fresh copy of an input, or null if the case has none of that name.</summary>
    public Tensor? InputOrNull(string name) => HasInput(name) ? Input(name) : null;

    /// <summary>Says that an input needs no reading, and why.</summary>
    public void IgnoreInput(string name, string why)
    {
        if (string.IsNullOrWhiteSpace(why) || !HasInput(name))
            throw new GoldenException($"in.{name} may be ignored only where it exists, and with a reason");
        taken.Add("in." + name);
    }

    /// <summary>Fresh copies of the weights <c>w.</c> + <paramref name="prefix"/>, by the part of the name after both.</summary>
    public Dictionary<string, Tensor> Weights(string prefix = "") =>
        Names("w." + prefix).ToDictionary(k => k[("w." + prefix).Length..], Take);

    /// <summary>
    /// Loads the weights <c>w.</c> + <paramref name="prefix"/> into a module by state-dict key. Keys that the module lacks, keys that the
    /// case lacks and differing shapes are reported by name.
    /// </summary>
    /// <param name="module">The module, on any device; moved to <see cref="Device"/> beforehand if need be.</param>
    /// <param name="prefix">What stands before the module's own keys.</param>
    /// <param name="mayMiss">Keys of the module that the case may lack: constants, mostly.</param>
    public void LoadWeights(nn.Module module, string prefix = "", params string[] mayMiss)
    {
        var weights = Weights(prefix);
        var own = module.state_dict();
        var problems = new List<string>();
        foreach (string key in weights.Keys.Except(own.Keys).Order())
            problems.Add($"unexpected key {key} (the module has no such parameter or buffer)");
        foreach (string key in own.Keys.Except(weights.Keys).Except(mayMiss).Order())
            problems.Add($"missing key {key} (the case has no such weight)");
        foreach (string key in own.Keys.Intersect(weights.Keys).Where(k => !own[k].shape.SequenceEqual(weights[k].shape)).Order())
            problems.Add($"{key} is [{string.Join(", ", own[key].shape)}] in the module and [{string.Join(", ", weights[key].shape)}] in the case");
        if (problems.Count > 0)
            throw new GoldenException($"weights do not fit {module.GetType().Name}: {string.Join("; ", problems)}");
        module.load_state_dict(weights, strict: false);
    }

    /// <summary>The recorded tensor of that full name itself, to build from it what a deviation must equal. Does not count as a check.</summary>
    public Tensor Recorded(string fullName) => tensors.TryGetValue(fullName, out var tensor)
        ? tensor
        : throw new GoldenException($"the case has no {fullName}; it has [{string.Join(", ", tensors.Keys.Order())}]");

    /// <summary>Everything that the adapter was given and did not look at.</summary>
    internal IEnumerable<string> Unread() =>
    [
        .. Constructor.Unread(), .. Call.Unread(), .. Data.Unread(), .. Draws.Unread(),
        .. Names("in.").Concat(Names("w.")).Where(n => !taken.Contains(n)),
    ];

    private Tensor Take(string fullName)
    {
        var copy = Recorded(fullName).to(Device, copy: true);
        taken.Add(fullName);
        return copy;
    }

    private GoldenDraw OneDraw(JsonElement draw, int index) => new(
        draw.GetProperty("fn").GetString()!,
        draw.GetProperty("args").GetString()!,
        draw.TryGetProperty("tensor", out var name) ? Recorded(name.GetString()!).to(Device, copy: true) : null,
        draw.TryGetProperty("value", out var value) ? new GoldenValue(value, $"draws[{index}].value") : null);
}
