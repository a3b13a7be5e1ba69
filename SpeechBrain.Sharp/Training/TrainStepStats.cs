namespace SpeechBrain.Sharp.Training;

/// <summary>The figures of a training step, on the host.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="Batch">Batches of this epoch that are done with this one, from 1: <see cref="TrainingProgress.Batch"/> after the step.</param>
/// <param name="OptimizerSteps">The optimizer's steps in all epochs; batches whose gradients are gathered for one step share a number.</param>
/// <example><code>
/// logger.LogStep(new(progress.Epoch, progress.Batch, progress.OptimizerSteps)
/// {
///     Meta = [new("lr", rate), new("grad_norm", norm)],
///     Train = [new("loss", 61.2), new("transducer_loss", 58.0), new("ctc_loss", 68.7)],
/// });
/// </code></example>
public sealed record TrainStepStats(int Epoch, int Batch, long OptimizerSteps)
{
    /// <summary>What describes the step: learning rate, norm of the gradients, seconds, memory. Empty by default.</summary>
    public IReadOnlyCollection<KeyValuePair<string, double>> Meta { get; init; } = [];

    /// <summary>Its losses. Empty by default.</summary>
    public IReadOnlyCollection<KeyValuePair<string, double>> Train { get; init; } = [];
}
