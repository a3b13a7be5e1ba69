using System.ComponentModel;
using SpeechBrain.Sharp.Data;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>Which utterances make a batch: always as many, or (dynamic) many short ones or few long ones.</summary>
internal sealed record BatchRecipe
{
    [Description("utterances a batch, where batches are not dynamic")]
    public int BatchSize { get; init; } = 6;

    [Description("order of the utterances, where batches are not dynamic: random, or by duration, ascending or descending")]
    public BatchOrdering Sorting { get; init; } = BatchOrdering.Random;

    [Description("utterances a batch in validation and tests"), MayChange]
    public int BatchSizeValid { get; init; } = 8;

    [Description("batches of as many utterances as max-batch-len has room for")]
    public bool DynamicBatching { get; init; }

    [Description("seconds of a dynamic batch, padding included")]
    public double MaxBatchLen { get; init; } = 150;

    [Description("seconds of a dynamic batch in validation"), MayChange]
    public double MaxBatchLenVal { get; init; } = 50;

    [Description("buckets of like duration that dynamic batches are filled from: few mix more, many pad less")]
    public int NumBucket { get; init; } = 200;

    [Description("dynamic batches of other utterances in each epoch")]
    public bool ShuffleEx { get; init; } = true;

    [Description("order of dynamic batches: random, ascending or descending, by their longest utterance")]
    public BatchOrdering BatchOrdering { get; init; } = BatchOrdering.Random;

    [Description("most utterances in a dynamic batch")]
    public int MaxBatchEx { get; init; } = 256;

    internal void Check()
    {
        RangeException.Unless(BatchSize >= 1, nameof(BatchSize), BatchSize, "at least 1");
        RangeException.Unless(BatchSizeValid >= 1, nameof(BatchSizeValid), BatchSizeValid, "at least 1");
        RangeException.Unless(MaxBatchLen is > 0 and < double.PositiveInfinity, nameof(MaxBatchLen), MaxBatchLen, "above 0");
        RangeException.Unless(MaxBatchLenVal is > 0 and < double.PositiveInfinity, nameof(MaxBatchLenVal), MaxBatchLenVal, "above 0");
        RangeException.Unless(NumBucket is >= 1 and <= 100_000, nameof(NumBucket), NumBucket, "1 to 100000");
        RangeException.Unless(MaxBatchEx >= 1, nameof(MaxBatchEx), MaxBatchEx, "at least 1");
    }
}
