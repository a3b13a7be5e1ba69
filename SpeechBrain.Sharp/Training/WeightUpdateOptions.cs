namespace SpeechBrain.Sharp.Training;

/// <summary>How <see cref="WeightUpdate"/> makes gradients into changes of weights. Names and defaults are SpeechBrain's where it has them.</summary>
public sealed record WeightUpdateOptions
{
    private readonly int gradAccumulationFactor = 1;
    private readonly double maxGradNorm = 5;
    private readonly int nonfinitePatience = 3;

    /// <summary>Batches whose gradients make one update, at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is set below 1.</exception>
    public int GradAccumulationFactor
    {
        get => gradAccumulationFactor;
        init
        {
            Require.Range(value, nameof(GradAccumulationFactor), 1);
            gradAccumulationFactor = value;
        }
    }

    /// <summary>
    /// The longest gradient: one whose 2-norm over all parameters is greater is shortened to it. 0: gradients stay as they are.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// It is set below 0 (where SpeechBrain turns the gradient round, although it says that this switches clipping off), or is not finite.
    /// </exception>
    public double MaxGradNorm
    {
        get => maxGradNorm;
        init
        {
            Require.Range(value, nameof(MaxGradNorm), 0);
            maxGradNorm = value;
        }
    }

    /// <summary>
    /// How many batches of an epoch may be skipped because their loss or gradient is not finite, at least 0; one more ends training.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is set below 0.</exception>
    public int NonfinitePatience
    {
        get => nonfinitePatience;
        init
        {
            Require.Range(value, nameof(NonfinitePatience), 0);
            nonfinitePatience = value;
        }
    }

    /// <summary>
    /// Whether batches that are left over at the end of an epoch, fewer than <see cref="GradAccumulationFactor"/>, make an update too. False:
    /// their gradients are thrown away, as in SpeechBrain.
    /// </summary>
    public bool UseLeftovers { get; init; } = true;

    /// <summary>
    /// Whether the schedule sets the learning rate before the optimizer's step, so that step n runs at the schedule's rate n. False: after it, as
    /// in SpeechBrain's recipes, where the first step runs at the optimizer's own rate (the peak, before any warm-up) and step n + 1 at rate n.
    /// </summary>
    public bool ScheduleFirst { get; init; } = true;

    /// <summary>Gets a line for each batch that is skipped, with its utterances; null: the standard error output.</summary>
    public Action<string>? Log { get; init; }

    /// <summary>Gets the time of the stages <c>backward</c> and <c>optimizer</c> (all else); null: nobody asks.</summary>
    public StepProfiler? Profiler { get; init; }
}
