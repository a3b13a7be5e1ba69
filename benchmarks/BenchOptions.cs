using System.Globalization;

namespace SpeechBrain.Sharp.Benchmarks;

/// <summary>The command line.</summary>
/// <param name="Filter">Part of the names of the cases to run.</param>
/// <param name="Rounds">How often ours and theirs are timed in turn.</param>
/// <param name="Threads">libtorch's threads on both sides.</param>
/// <param name="Output">The file that gets a JSON object a case.</param>
internal sealed record BenchOptions(string Filter = "", int Rounds = 15, int Threads = 1, string Output = "artifacts/bench.jsonl")
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
                ("--output", 2) => options with { Output = parts[1] },
                _ => throw new ArgumentException($"Unknown option '{argument}'. Known: --filter=TEXT, --rounds=N, --threads=N, --output=FILE."),
            };
        }
        return options;
    }

    private static int Positive(string argument, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0
            ? value
            : throw new ArgumentException($"'{argument}' must be a whole number above 0.");
}
