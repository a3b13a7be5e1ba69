using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SpeechBrain.Sharp.Benchmarks;

/// <summary>Prints results as a table, and writes each as one JSON object a line.</summary>
internal sealed class BenchReport : IDisposable
{
    private readonly List<BenchResult> results = [];
    private readonly StreamWriter lines;

    public BenchReport(string path)
    {
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
        lines = new StreamWriter(path);
    }

    public void Add(BenchResult result)
    {
        results.Add(result);
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
    }

    public void PrintTable()
    {
        var width = results.Max(result => result.Case.Length);
        Console.WriteLine($"{"case".PadRight(width)}  threads    ours ms  {"peer",-13}    peer ms  peer/ours");
        foreach (var r in results)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{r.Case.PadRight(width)}  {r.Threads,7}  {Number(r.OursMs)}  {r.Peer ?? "-",-13}  {Number(r.PeerMs)}  {(r.Ratio is { } x ? x.ToString("0.00", CultureInfo.InvariantCulture) : "-"),9}  {r.Extra}"));
    }

    public void Dispose() => lines.Dispose();

    private static string Number(double? ms) => (ms is { } value ? value.ToString(value < 0.1 ? "0.00000" : "0.000", CultureInfo.InvariantCulture) : "-").PadLeft(9);
}
