using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace SpeechBrain.Sharp.Training;

/// <summary>
/// Writes <c>metrics.jsonl</c>: a JSON object a line, one a step and one an epoch, for pandas, jq and reports.
/// <code>
/// {"epoch":1,"batch":3,"step":3,"lr":0.0008,"loss/train":61.25}
/// {"epoch":1,"step":120,"lr":0.0008,"loss/train":48.5,"loss/valid":40.1,"WER/valid":97.3}
/// </code>
/// </summary>
/// <remarks>
/// A line with <c>batch</c> is a step's, one without an epoch's. Keys are TensorBoard's tags as SpeechBrain 1.1.0 makes them:
/// <c>figure/dataset</c>, and the bare name of what describes the moment. <c>NaN</c>, <c>Infinity</c> and <c>-Infinity</c> are strings, since
/// JSON has no such numbers.
/// <para>
/// Each line is handed to the system by one write, so a killed process loses no earlier line and leaves at most a last one without an end.
/// <see cref="Resume"/> cuts that off, and every line that is later than the checkpoint, so a step is never there twice.
/// <see cref="Read"/> passes over what is no whole line.
/// </para>
/// </remarks>
public sealed class JsonLinesLogger : ITrainLogger
{
    private static readonly JsonSerializerOptions Numbers = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,   // the file is for no web page: '+' stays '+'
    };

    private readonly string path;

    /// <summary>Makes a logger; writes nothing yet.</summary>
    /// <param name="path">The file; lines are added to its end. Its folder must exist.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    public JsonLinesLogger(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        this.path = path;
    }

    /// <inheritdoc/>
    public void LogStep(TrainStepStats stats)
    {
        ArgumentNullException.ThrowIfNull(stats);
        Append(new() { ["epoch"] = stats.Epoch, ["batch"] = stats.Batch, ["step"] = stats.OptimizerSteps }, TrainTags.Of(stats));
    }

    /// <inheritdoc/>
    public void LogEpoch(TrainEpochStats stats)
    {
        ArgumentNullException.ThrowIfNull(stats);
        Append(new() { ["epoch"] = stats.Epoch, ["step"] = stats.OptimizerSteps }, TrainTags.Of(stats));
    }

    /// <inheritdoc/>
    public void Resume(TrainingProgress progress)
    {
        ArgumentNullException.ThrowIfNull(progress);
        LogFile.Cut(path, line => Parse(line) is { } entry && entry.IsLaterThan(progress));
    }

    /// <summary>Reads a file that a logger wrote or is still writing.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Its whole lines in their order; what is none (a last line without an end, say) is left out.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static IReadOnlyList<TrainLogEntry> Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return [.. LogFile.Lines(path).Select(Parse).OfType<TrainLogEntry>()];
    }

    private void Append(JsonObject line, IEnumerable<KeyValuePair<string, double>> figures)
    {
        foreach (var (tag, value) in figures)
            line[tag] = JsonSerializer.SerializeToNode(value, Numbers);
        LogFile.Append(path, line.ToJsonString(Numbers));
    }

    private static TrainLogEntry? Parse(string line)
    {
        try
        {
            if (JsonNode.Parse(line) is not JsonObject entry || entry["epoch"] is not { } epoch || entry["step"] is not { } step)
                return null;
            var figures = entry.Where(pair => pair.Key is not ("epoch" or "batch" or "step") && pair.Value is not null)
                .ToDictionary(pair => string.Intern(pair.Key), pair => pair.Value.Deserialize<double>(Numbers)); // a dozen tags in a million lines
            return new(epoch.GetValue<int>(), entry["batch"]?.GetValue<int>(), step.GetValue<long>(), figures);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            return null;
        }
    }
}
