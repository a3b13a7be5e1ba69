namespace SpeechBrain.Sharp.Training;

/// <summary>
/// How far training has come. With a sampler whose batches depend on the epoch alone, this is all that must be known to go on at the next batch:
/// <code>
/// for (; progress.Epoch &lt;= epochs; progress.NextEpoch())
///     foreach (int[] indices in sampler.Batches(progress.Epoch).Skip(progress.Batch))
///     {
///         ... // a step
///         progress.Batch++;
///     }
/// </code>
/// </summary>
public sealed class TrainingProgress
{
    private int epoch = 1;
    private int batch;
    private long optimizerSteps;

    /// <summary>The epoch, from 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is set below 1.</exception>
    public int Epoch
    {
        get => epoch;
        set
        {
            Require.Range(value, nameof(value), 1);
            epoch = value;
        }
    }

    /// <summary>The batches of this epoch that are done.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is set below 0.</exception>
    public int Batch
    {
        get => batch;
        set
        {
            Require.Range(value, nameof(value), 0);
            batch = value;
        }
    }

    /// <summary>The optimizer's steps in all epochs.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is set below 0.</exception>
    public long OptimizerSteps
    {
        get => optimizerSteps;
        set
        {
            Require.Range(value, nameof(value), 0);
            optimizerSteps = value;
        }
    }

    /// <summary>Goes to the beginning of the next epoch.</summary>
    public void NextEpoch() => (epoch, batch) = (epoch + 1, 0);
}
