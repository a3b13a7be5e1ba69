using System.Text.Json;
using SpeechBrain.Sharp.Training;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

public sealed class FileTrainLoggerAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "speechbrain.utils.train_logger.FileTrainLogger";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        var logger = new FileTrainLogger("never written");
        foreach (var row in c.Data.Items)
        {
            string expected = row.String("line");
            string first = row["in"].Keys.First();
            string prefix = expected[..expected.IndexOf(first + ":", StringComparison.Ordinal)];
            string actual = logger.Text(row["in"].Keys.Select(k => KeyValuePair.Create(k, Value(row["in"][k]))), prefix);
            if (actual != expected)
                check.Fail($"{row.Path}: '{actual}', expected '{expected}'");
        }
    }

    // Python's floats have a point in JSON, its integers none.
    private static object Value(GoldenValue value) => value.Kind switch
    {
        JsonValueKind.String => value.AsString(),
        JsonValueKind.Number when value.ToString().Any(c => c is '.' or 'e' or 'E') => value.AsDouble(),
        _ => value.AsLong(),
    };
}
