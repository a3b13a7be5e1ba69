using System.Globalization;

namespace SpeechBrain.Sharp.Benchmarks;

/// <summary>The command line.</summary>
/// <param name="Filter">Part of the names of the cases to run.</param>
/// <param name="Rounds">How often ours and theirs are timed in turn.</param>
/// <param name="Threads">libtorch's threads on both sides.</param>
/// <param name="Device">Where tensors lie, <c>cpu</c> or <c>cuda</c>: <c>cuda</c> runs the cases made for a GPU.</param>
/// <param name="Output">The file that gets a JSON object a case.</param>
/// <param name="GpuCases">The cases made for a GPU, whatever the device: on a CPU in sizes that it can do, to try them where there is no GPU.</param>
/// <param name="PeakOf">A case: nothing is timed, the bytes that it takes at its peak are printed.</param>
internal sealed record BenchOptions(
    string Filter = "", int Rounds = 15, int Threads = 1, string Device = "cpu", string Output = "artifacts/bench.jsonl", bool GpuCases = false,
    string PeakOf = "")
{
    public static BenchOptions Parse(string[] arguments)
    {
        var options = new BenchOptions();
        foreach (var argument in arguments)
        {
            var parts = argument.Split('=', 2);
            options = (parts[0], parts.Length) switch
            {
                ("--filter", 2) => options with { Filter = parts[1] },
                ("--rounds", 2) => options with { Rounds = Positive(argument, parts[1]) },
                ("--threads", 2) => options with { Threads = Positive(argument, parts[1]) },
                ("--device", 2) when parts[1] is "cpu" or "cuda" => options with { Device = parts[1] },
                ("--output", 2) => options with { Output = parts[1] },
                ("--gpu-cases", 1) => options with { GpuCases = true },
                ("--peak-of", 2) => options with { PeakOf = parts[1] },
                _ => throw new ArgumentException($"Unknown option '{argument}'. Known: --filter=TEXT, --rounds=N, --threads=N, --device=cpu|cuda, --gpu-cases, --peak-of=CASE, --output=FILE."),
            };
        }
        return options with { GpuCases = options.GpuCases || options.Device == "cuda" };
    }

    private static int Positive(string argument, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0
            ? value
            : throw new ArgumentException($"'{argument}' must be a whole number above 0.");
}
