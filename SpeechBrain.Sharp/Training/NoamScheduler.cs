using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Training;

/// <summary>
/// The learning rate of "Attention is all you need" (A. Vaswani et al., 2017): a linear rise, then a fall with the inverse square root.
/// <c>lr(n) = lrInitial * norm * min(n^-0.5, n * warmup^-1.5)</c>, where norm is <c>warmup^0.5</c>, so that the peak at step
/// <c>warmup</c> is <c>lrInitial</c>, or <c>modelSize^-0.5</c> if a model size is given.
/// </summary>
/// <remarks>
/// Source: SpeechBrain 1.1.0, <c>nnet/schedulers.py</c>. The recipe calls it <b>after</b> the optimizer's step: so the first step runs with
/// the rate that the optimizer was made with (the peak, if that is <c>lrInitial</c>), the second with <c>lr(1)</c>. To warm up from the
/// first step on, call <see cref="Step"/> once before it.
/// <code>
/// var noam = new NoamScheduler(lrInitial: 8e-4, nWarmupSteps: 25000);
/// optimizer.step();
/// noam.Step(optimizer);
/// </code>
/// </remarks>
public sealed class NoamScheduler
{
    private readonly double normalize;
    private long nSteps;

    /// <param name="lrInitial">The peak rate, or the factor if <paramref name="modelSize"/> is given.</param>
    /// <param name="nWarmupSteps">Steps until the peak.</param>
    /// <param name="modelSize">The model's width, for the paper's normalisation; null: the peak is <paramref name="lrInitial"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A rate is not above 0, or a number of steps or the width below 1.</exception>
    public NoamScheduler(double lrInitial, long nWarmupSteps, long? modelSize = null)
    {
        Require.Positive(lrInitial, nameof(lrInitial));
        Require.Range(nWarmupSteps, nameof(nWarmupSteps), 1);
        if (modelSize is { } size)
            Require.Range(size, nameof(modelSize), 1);
        (LrInitial, NWarmupSteps, CurrentLr) = (lrInitial, nWarmupSteps, lrInitial);
        normalize = modelSize is { } width ? Math.Pow(width, -0.5) : Math.Pow(nWarmupSteps, 0.5);
    }

    /// <summary>The peak rate, or the factor if a model size was given.</summary>
    public double LrInitial { get; }

    /// <summary>Steps until the peak.</summary>
    public long NWarmupSteps { get; }

    /// <summary>How many times the rate was set; part of a checkpoint.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is set below 0.</exception>
    public long NSteps
    {
        get => nSteps;
        set
        {
            Require.Range(value, nameof(value), 0);
            nSteps = value;
        }
    }

    /// <summary>The rate that the optimizer had before the last <see cref="Step"/>: that of the step just made, which SpeechBrain logs.</summary>
    public double CurrentLr { get; private set; }

    /// <summary>The rate after <paramref name="n"/> calls.</summary>
    /// <param name="n">1 or more.</param>
    /// <returns>The rate.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="n"/> is below 1.</exception>
    public double LrAt(long n)
    {
        Require.Range(n, nameof(n), 1);
        return LrInitial * normalize * Math.Min(Math.Pow(n, -0.5), n * Math.Pow(NWarmupSteps, -1.5));
    }

    /// <summary>Sets the next rate in every parameter group of the optimizer.</summary>
    /// <param name="optimizer">The optimizer.</param>
    /// <returns>The first group's rate before, and the rate set.</returns>
    public (double OldLr, double NewLr) Step(optim.Optimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        double newLr = LrAt(++nSteps);
        double? oldLr = null;
        foreach (var group in optimizer.ParamGroups)
        {
            oldLr ??= group.LearningRate;
            group.LearningRate = newLr;
        }
        CurrentLr = oldLr ?? throw new ArgumentException("the optimizer has no parameter group.", nameof(optimizer));
        return (CurrentLr, newLr);
    }
}
