using System.ComponentModel;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>When is looked how good the model is, and what is kept.</summary>
internal sealed record CheckpointRecipe
{
    [Description("epochs from one validation to the next; the last epoch always has one")]
    public int ValidIntervalEpochs { get; init; } = 10;

    [Description("checkpoints whose weights are averaged at the end; 1: those of the best alone")]
    public int AvgCheckpoints { get; init; } = 10;

    [Description("which ones: those of the last epochs (epoch), or those with the lowest WER or loss in validation")]
    public BestKey BestKey { get; init; } = BestKey.Epoch;

    [Description("minutes after which a checkpoint is saved in the middle of an epoch; 0: never"), MayChange]
    public double CkptIntervalMinutes { get; init; } = 5;

    [Description("batches after which one is saved besides; 0: never"), MayChange]
    public int CkptIntervalSteps { get; init; }

    internal void Check()
    {
        RangeException.Unless(ValidIntervalEpochs >= 1, nameof(ValidIntervalEpochs), ValidIntervalEpochs, "at least 1");
        RangeException.Unless(AvgCheckpoints >= 1, nameof(AvgCheckpoints), AvgCheckpoints, "at least 1");
        RangeException.Unless(
            CkptIntervalMinutes is >= 0 and <= 1e6, nameof(CkptIntervalMinutes), CkptIntervalMinutes, "0 or more, at most 1000000");
        RangeException.Unless(CkptIntervalSteps >= 0, nameof(CkptIntervalSteps), CkptIntervalSteps, "0 or more");
    }
}
