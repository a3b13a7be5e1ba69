using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace SpeechBrain.Sharp.Training;

/// <summary>
/// Writes <c>train_log.txt</c>: a line an epoch, <c>epoch: 3, lr: 8.00e-04 - train loss: 12.35 - valid loss: 9.81, valid WER: 12.50</c>.
/// </summary>
/// <remarks>
/// SpeechBrain 1.1.0, <c>utils/train_logger.py, FileTrainLogger</c>: real numbers strictly between 1 and 100 with a fixed number of places, others in
/// scientific form; all else as it is. A tie in the last place is rounded away from 0 (to even there).
/// </remarks>
public sealed partial class FileTrainLogger : ITrainLogger
{
    private readonly string path;
    private readonly int precision;

    /// <summary>Makes a logger; writes nothing yet.</summary>
    /// <param name="path">The file; lines are added to its end. Its folder must exist.</param>
    /// <param name="precision">Places after the point, 0 to 15.</param>
    /// <exception cref="ArgumentException">The path is empty or the precision out of range.</exception>
    public FileTrainLogger(string path, int precision = 2)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Require.Range(precision, nameof(precision), 0, 15);
        (this.path, this.precision) = (path, precision);
    }

    /// <summary>Does nothing: the file has a line an epoch.</summary>
    /// <param name="stats">Ignored.</param>
    public void LogStep(TrainStepStats stats) => ArgumentNullException.ThrowIfNull(stats);

    /// <summary>Adds an epoch's line, which has its <c>steps</c>; a test's begins with <c>Epoch loaded</c>, as in SpeechBrain's recipes.</summary>
    /// <param name="stats">The figures.</param>
    public void LogEpoch(TrainEpochStats stats)
    {
        ArgumentNullException.ThrowIfNull(stats);
        bool testOnly = stats is { Train.Count: 0, Valid.Count: 0, Test.Count: > 0 };
        LogStats(
            testOnly
                ? [new("Epoch loaded", stats.Epoch), .. Boxed(stats.Meta)]
                : [new("epoch", stats.Epoch), .. Boxed(stats.Meta), new("steps", stats.OptimizerSteps)],
            OrNone(stats.Train), OrNone(stats.Valid), OrNone(stats.Test));
    }

    /// <summary>Removes the lines of epochs that come again, and a last line without an end.</summary>
    /// <param name="progress">How far the checkpoint is.</param>
    public void Resume(TrainingProgress progress)
    {
        ArgumentNullException.ThrowIfNull(progress);
        LogFile.Cut(path, line => EpochOfLine().Match(line) is { Success: true } match && int.TryParse(match.Groups[1].Value, out int epoch)
            && epoch >= progress.Epoch);
    }

    /// <summary>Adds a line to the file.</summary>
    /// <param name="statsMeta">What describes the moment: epoch, learning rate, steps.</param>
    /// <param name="trainStats">Figures of training; null: none.</param>
    /// <param name="validStats">Figures of validation; null: none.</param>
    /// <param name="testStats">Figures of testing; null: none.</param>
    /// <returns>The line.</returns>
    public string LogStats(
        IEnumerable<KeyValuePair<string, object>> statsMeta, IEnumerable<KeyValuePair<string, object>>? trainStats = null,
        IEnumerable<KeyValuePair<string, object>>? validStats = null, IEnumerable<KeyValuePair<string, object>>? testStats = null)
    {
        ArgumentNullException.ThrowIfNull(statsMeta);
        var line = new StringBuilder(Text(statsMeta, ""));
        Add("train ", trainStats);
        Add("valid ", validStats);
        Add("test ", testStats);
        LogFile.Append(path, line.ToString());
        return line.ToString();

        void Add(string dataset, IEnumerable<KeyValuePair<string, object>>? stats)
        {
            if (stats is not null)
                line.Append(" - ").Append(Text(stats, dataset));
        }
    }

    /// <summary>Figures of one kind as text.</summary>
    internal string Text(IEnumerable<KeyValuePair<string, object>> stats, string prefix) =>
        string.Join(", ", stats.Select(s => $"{prefix}{s.Key}: {Text(s.Value)}"));

    [GeneratedRegex(@"^(?:epoch|Epoch loaded): (\d+)")]
    private static partial Regex EpochOfLine();

    private static IEnumerable<KeyValuePair<string, object>>? OrNone(IReadOnlyCollection<KeyValuePair<string, double>> stats) =>
        stats.Count == 0 ? null : Boxed(stats);

    private static IEnumerable<KeyValuePair<string, object>> Boxed(IEnumerable<KeyValuePair<string, double>> stats) =>
        stats.Select(stat => KeyValuePair.Create(stat.Key, (object)stat.Value));

    private string Text(object value) => value switch
    {
        float or double => Number(Convert.ToDouble(value)),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value?.ToString() ?? "",
    };

    private string Number(double value)
    {
        if (!double.IsFinite(value))
            return double.IsNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        string places = precision == 0 ? "" : "." + new string('0', precision);
        return value is > 1 and < 100
            ? value.ToString($"F{precision}", CultureInfo.InvariantCulture)
            : value.ToString($"0{places}e+00", CultureInfo.InvariantCulture);
    }
}
