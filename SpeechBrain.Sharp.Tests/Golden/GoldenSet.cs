using System.Text.Json;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Golden;

/// <summary>A folder of golden cases: <c>manifest.json</c> and one safetensors file a case (see <c>cases/README.md</c>).</summary>
public sealed class GoldenSet
{
    /// <summary>The environment variable that names a folder to use in place of the cases that ship.</summary>
    public const string FolderVariable = "SBSHARP_GOLDEN_DIR";

    private static readonly Lazy<GoldenSet> ShippedSet = new(() => new GoldenSet(ShippedFolder));
    private static readonly Lazy<GoldenSet> CurrentSet = new(() =>
        Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } folder ? new GoldenSet(folder) : Shipped);

    private readonly Dictionary<string, JsonElement> entries = [];

    /// <summary>Reads a manifest.</summary>
    /// <exception cref="GoldenException">There is none, or it is not one.</exception>
    public GoldenSet(string folder)
    {
        Folder = folder;
        string path = Path.Combine(folder, "manifest.json");
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(path));
            if (document.RootElement.GetProperty("format").GetInt32() != 1)
                throw new GoldenException($"{path} has format {document.RootElement.GetProperty("format")}; format 1 is known");
            foreach (var entry in document.RootElement.GetProperty("cases").EnumerateArray())
                entries.Add(entry.GetProperty("case").GetString()!, entry.Clone());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException
            or ArgumentException or InvalidOperationException)
        {
            throw new GoldenException($"{path} is not a golden manifest: {e.Message} ({FolderVariable} names the folder)");
        }
    }

    /// <summary>Where the cases that ship with the tests lie.</summary>
    public static string ShippedFolder => Path.Combine(AppContext.BaseDirectory, "Golden", "cases");

    /// <summary>The cases that ship with the tests.</summary>
    public static GoldenSet Shipped => ShippedSet.Value;

    /// <summary>The set to test with: the one that <see cref="FolderVariable"/> names, else <see cref="Shipped"/>.</summary>
    public static GoldenSet Current => CurrentSet.Value;

    /// <summary>The folder with the manifest; cases may have more files there.</summary>
    public string Folder { get; }

    /// <summary>The names of all cases in the manifest's order.</summary>
    public IReadOnlyCollection<string> Names => entries.Keys;

    /// <summary>A case without its tensors: enough to choose an adapter.</summary>
    public GoldenCaseInfo Info(string name) => new(name, Entry(name));

    /// <summary>Opens a case for one run; its tensors belong to the current dispose scope.</summary>
    public GoldenCase Open(string name, Device device) => GoldenCase.Open(Entry(name), Folder, device);

    private JsonElement Entry(string name) => entries.TryGetValue(name, out var entry) ? entry : throw new GoldenException(
        $"{Folder} has no case '{name}'");
}
