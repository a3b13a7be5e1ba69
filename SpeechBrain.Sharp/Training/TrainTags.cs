namespace SpeechBrain.Sharp.Training;

/// <summary>
/// Names of figures in logs that know no datasets. SpeechBrain 1.1.0 (<c>utils/train_logger.py, TensorboardLogger</c>): <c>loss/train</c>, so that
/// TensorBoard shows the losses of all datasets in one group; figures of no dataset by their bare name.
/// </summary>
internal static class TrainTags
{
    internal static IEnumerable<KeyValuePair<string, double>> Of(TrainStepStats stats) => [.. stats.Meta, .. Tagged(stats.Train, "train")];

    internal static IEnumerable<KeyValuePair<string, double>> Of(TrainEpochStats stats) =>
        [.. stats.Meta, .. Tagged(stats.Train, "train"), .. Tagged(stats.Valid, "valid"), .. Tagged(stats.Test, "test")];

    private static IEnumerable<KeyValuePair<string, double>> Tagged(IEnumerable<KeyValuePair<string, double>> stats, string dataset) =>
        stats.Select(stat => KeyValuePair.Create($"{stat.Key}/{dataset}", stat.Value));
}
