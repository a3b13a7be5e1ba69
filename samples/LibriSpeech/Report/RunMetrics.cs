using System.Globalization;
using System.Text.RegularExpressions;
using SpeechBrain.Sharp.Training;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>What <c>metrics.jsonl</c> says of a run. A figure that the run did not log is left out of everything.</summary>
internal sealed partial class RunMetrics(IReadOnlyList<TrainLogEntry> entries)
{
    /// <summary>Seconds of a stage of a step are logged under this, the stage's name behind it.</summary>
    internal const string TimePrefix = "time/";

    private const int WarmingUp = 3;   // first steps, in which memory is got and code compiled

    private readonly List<TrainLogEntry> steps = [.. entries.Where(entry => entry.Batch is not null)];
    private readonly List<TrainLogEntry> epochs = [.. entries.Where(entry => entry.Batch is null)];

    /// <summary>The learning curves.</summary>
    /// <param name="maxGradNorm">Where gradients are clipped; 0: nowhere.</param>
    internal IReadOnlyList<LineChart> Charts(double maxGradNorm) =>
    [
        new("Training loss", "of each batch", [Steps("total", "loss/train")]),
        new("Loss by epoch", "means",
        [
            Epochs("total", "loss/train"), Epochs("transducer", "transducer_loss/train"), Epochs("CTC", "ctc_loss/train"),
            Epochs("validation (transducer)", "loss/valid"),
        ]),
        new("Word error rate", "% of the words", [Epochs("validation", "WER/valid")]),
        new("Learning rate", "of each step", [Steps("learning rate", "lr")], Linear: true),
        new("Gradient norm", "before it is clipped", [Steps("gradient norm", "grad_norm")], maxGradNorm > 0 ? ("clipped at", maxGradNorm) : null),
        new("Throughput", "seconds of audio in a second", [Steps("audio", "audio_seconds_per_second")]),
    ];

    /// <summary>Milliseconds of each stage in the mean step; the first ones, which take longer, don't count.</summary>
    internal IReadOnlyList<(string Name, double Milliseconds)> Stages()
    {
        var counted = steps.Skip(steps.Count > 2 * WarmingUp ? WarmingUp : 0).ToList();
        return
        [
            .. counted.SelectMany(entry => entry.Figures.Keys).Where(tag => tag.StartsWith(TimePrefix, StringComparison.Ordinal)).Distinct()
                .Select(tag => (tag[TimePrefix.Length..], 1000 * counted.Sum(entry => entry.Figures.GetValueOrDefault(tag)) / counted.Count)),
        ];
    }

    /// <summary>The few figures that count most.</summary>
    internal IReadOnlyList<(string Name, string Value, string Note)> Essentials()
    {
        var result = new List<(string, string, string)>();
        foreach (var test in epochs.SelectMany(entry => entry.Figures).Where(figure => TestWer().IsMatch(figure.Key)).GroupBy(figure => figure.Key))
            result.Add(("Test WER", Percent(test.Last().Value), TestWer().Match(test.Key).Groups[1].Value));
        var validated = epochs.Where(entry => entry.Figures.TryGetValue("WER/valid", out double wer) && double.IsFinite(wer));
        if (validated.MinBy(entry => entry.Figures["WER/valid"]) is { } best)
            result.Add(("Best validation WER", Percent(best.Figures["WER/valid"]), $"epoch {best.Epoch} of {entries.Max(entry => entry.Epoch)}"));
        double audio = steps.Sum(entry => entry.Figures.GetValueOrDefault("audio_seconds"));
        double seconds = steps.Sum(entry =>
            entry.Figures.GetValueOrDefault("audio_seconds") / entry.Figures.GetValueOrDefault("audio_seconds_per_second", double.PositiveInfinity));
        if (audio > 0)
            result.Add(("Audio heard", PageText.Duration(audio), $"{PageText.Number(steps.Max(entry => entry.Epoch))} epochs"));
        if (seconds > 0)
            result.Add(("Time in steps", PageText.Duration(seconds), audio > 0 ? $"{PageText.Number(audio / seconds)} times real time" : ""));
        if (entries.Count > 0)
        {
            int broken = steps.Count(entry => !double.IsFinite(entry.Figures.GetValueOrDefault("loss/train")));
            string losses = broken > 0 ? $"{broken} losses not finite" : "all losses finite";
            result.Add(("Optimizer steps", PageText.Number(entries.Max(entry => entry.OptimizerSteps)), losses));
        }
        return result;

        static string Percent(double value) => value.ToString("0.00", CultureInfo.InvariantCulture) + " %";
    }

    [GeneratedRegex("^WER ?(.*)/test$")]
    private static partial Regex TestWer();

    private Curve Steps(string name, string tag) => CurveOf(steps, name, tag);

    private Curve Epochs(string name, string tag) => CurveOf(epochs, name, tag);

    private static Curve CurveOf(List<TrainLogEntry> entries, string name, string tag) => new(name, [.. entries
        .Where(entry => entry.Figures.ContainsKey(tag)).Select(entry => ((double)entry.OptimizerSteps, entry.Figures[tag]))]);
}
