using SpeechBrain.Sharp.Training;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>The logs of a training in its folder: <c>train_log.txt</c>, <c>metrics.jsonl</c> and TensorBoard's event files.</summary>
internal sealed class TrainingLogs(string folder) : ITrainLogger
{
    /// <summary>The file of <see cref="JsonLinesLogger"/>, from which the report is made.</summary>
    internal const string MetricsFile = "metrics.jsonl";

    private readonly IReadOnlyList<ITrainLogger> loggers =
    [
        new FileTrainLogger(Path.Combine(folder, "train_log.txt")),
        new JsonLinesLogger(Path.Combine(folder, MetricsFile)),
        new TensorBoardLogger(Path.Combine(folder, "tensorboard")),
    ];

    /// <inheritdoc/>
    public void LogStep(TrainStepStats stats)
    {
        foreach (var logger in loggers)
            logger.LogStep(stats);
    }

    /// <inheritdoc/>
    public void LogEpoch(TrainEpochStats stats)
    {
        foreach (var logger in loggers)
            logger.LogEpoch(stats);
    }

    /// <inheritdoc/>
    public void Resume(TrainingProgress progress)
    {
        foreach (var logger in loggers)
            logger.Resume(progress);
    }
}
