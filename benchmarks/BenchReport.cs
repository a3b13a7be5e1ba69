using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SpeechBrain.Sharp.Benchmarks;

/// <summary>
/// Prints results as a table, and writes each as one JSON object a line; both as they come, so that a run cut short has shown what it had.
/// </summary>
internal sealed class BenchReport : IDisposable
{
    private readonly StreamWriter lines;
    private readonly int width;

    /// <param name="path">The file.</param>
    /// <param name="cases">The names of the cases to come.</param>
    public BenchReport(string path, IEnumerable<string> cases)
    {
        width = cases.Max(name => name.Length);
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
        lines = new StreamWriter(path);
        Console.WriteLine($"{"case".PadRight(width)}  threads    ours ms  {"peer",-13}    peer ms  peer/ours");
    }

    public void Add(BenchResult result)
    {
        lines.WriteLine(new JsonObject
        {
            ["case"] = result.Case,
            ["threads"] = result.Threads,
            ["device"] = result.Device,
            ["ours_ms"] = result.OursMs,
            ["peer"] = result.Peer,
            ["peer_ms"] = result.PeerMs,
            ["ratio"] = result.Ratio,
            ["extra"] = result.Extra,
        }.ToJsonString(new JsonSerializerOptions { WriteIndented = false }));
        lines.Flush();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{result.Case.PadRight(width)}  {result.Threads,7}  {Number(result.OursMs)}  {result.Peer ?? "-",-13}  {Number(result.PeerMs)}  {(result.Ratio is { } x ? x.ToString("0.00", CultureInfo.InvariantCulture) : "-"),9}  {result.Extra}"));
    }

    /// <summary>A case that could not be run.</summary>
    public void AddFailure(string name, Exception exception) => Console.WriteLine($"{name.PadRight(width)}  failed: {exception.Message}");

    public void Dispose() => lines.Dispose();

    private static string Number(double? ms) => (ms is { } value ? value.ToString(value < 0.1 ? "0.00000" : "0.000", CultureInfo.InvariantCulture) : "-").PadLeft(9);
}
