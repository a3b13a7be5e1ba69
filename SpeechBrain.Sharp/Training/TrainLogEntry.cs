namespace SpeechBrain.Sharp.Training;

/// <summary>A line of <c>metrics.jsonl</c>.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="Batch">Batches of the epoch that were done after the step, from 1; null for the figures of a whole epoch.</param>
/// <param name="OptimizerSteps">The optimizer's steps in all epochs up to then.</param>
/// <param name="Figures">Values by tag, for example <c>lr</c>, <c>loss/train</c>, <c>WER/valid</c>.</param>
public sealed record TrainLogEntry(int Epoch, int? Batch, long OptimizerSteps, IReadOnlyDictionary<string, double> Figures)
{
    /// <summary>Whether training that goes on from <paramref name="progress"/> will come to this line again.</summary>
    internal bool IsLaterThan(TrainingProgress progress) =>
        Batch is { } batch ? (Epoch, batch).CompareTo((progress.Epoch, progress.Batch)) > 0 : Epoch >= progress.Epoch;
}
