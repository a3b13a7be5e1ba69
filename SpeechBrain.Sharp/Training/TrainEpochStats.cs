namespace SpeechBrain.Sharp.Training;

/// <summary>The figures of an epoch, or of a test with the weights of an epoch, on the host.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="OptimizerSteps">The optimizer's steps in all epochs up to its end.</param>
/// <example><code>
/// logger.LogEpoch(new(3, 1200) { Meta = [new("lr", 8e-4)], Train = [new("loss", 12.3)], Valid = [new("loss", 9.8), new("WER", 12.5)] });
/// logger.LogEpoch(new(3, 1200) { Test = [new("WER", 11.9)] });
/// </code></example>
public sealed record TrainEpochStats(int Epoch, long OptimizerSteps)
{
    /// <summary>What describes the moment: learning rate, seconds. Empty by default.</summary>
    public IReadOnlyCollection<KeyValuePair<string, double>> Meta { get; init; } = [];

    /// <summary>Means over the training data. Empty by default.</summary>
    public IReadOnlyCollection<KeyValuePair<string, double>> Train { get; init; } = [];

    /// <summary>Loss and error rates (percent) on the validation data. Empty by default.</summary>
    public IReadOnlyCollection<KeyValuePair<string, double>> Valid { get; init; } = [];

    /// <summary>Loss and error rates (percent) on the test data. Empty by default.</summary>
    public IReadOnlyCollection<KeyValuePair<string, double>> Test { get; init; } = [];
}
