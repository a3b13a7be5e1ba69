using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Training;

/// <summary>
/// What a training loop does with a loss: <c>backward</c>, gradients gathered over several batches, clipping over all parameter groups, the
/// learning rate, the optimizer's step. A batch whose loss or gradient is not finite touches neither weights nor the gradients gathered so far: it
/// is skipped, counted, and its utterances are named.
/// </summary>
/// <remarks>
/// <para>
/// <b>Exactly one read from the device a batch</b>: loss, gradient norm, and whether they are finite come together, after <c>backward</c> and before
/// the weights change. On a GPU nothing else is waited for, so read nothing besides: the loss is in the result. (That a bad batch can be found so
/// late is why its gradients are kept apart until then; with <see cref="WeightUpdateOptions.GradAccumulationFactor"/> above 1 this takes the memory
/// of the gradients a second time.)
/// </para>
/// <para>
/// <b>The gradient of an update is that of the mean loss of its batches.</b> Each loss is divided by the factor, as in SpeechBrain; where fewer
/// batches make an update, at the end of an epoch or because one was skipped, their sum is set right.
/// </para>
/// <para>
/// <b>A checkpoint can be taken after any batch</b>, in the middle of an accumulation too: gathered gradients are saved, and a run that recovers
/// them goes on as if it had never stopped, bit for bit on the CPU. <see cref="Recoverables"/> are all that belongs together.
/// </para>
/// <para>
/// After SpeechBrain 1.1.0, <c>core.py, Brain.fit_batch</c> and <c>optimizers_step</c>. Deviations:
/// </para>
/// <list type="bullet">
/// <item>
/// There a loss that is not finite is only counted, and its gradient written into all weights; gradients are looked at only with
/// <c>skip_nonfinite_grads</c>, after clipping has spread the NaN. Here both are always skipped, and both count for
/// <see cref="WeightUpdateOptions.NonfinitePatience"/>.
/// </item>
/// <item>There only the first parameter group is clipped; here the norm is that of all parameters, and all are clipped.</item>
/// <item>
/// There leftover batches at an epoch's end are thrown away; for that set <see cref="WeightUpdateOptions.UseLeftovers"/> to false. A negative
/// <c>max_grad_norm</c>, which turns the gradient round there, is refused.
/// </item>
/// <item>
/// There recipes set the learning rate after the step, so that the first runs at the peak rate; for that set
/// <see cref="WeightUpdateOptions.ScheduleFirst"/> to false.
/// </item>
/// <item>
/// With loss scaling, gradients are unscaled batch by batch. So where one overflows that batch alone is left out, and the scale falls at once;
/// PyTorch drops the whole update. With a factor of 1 that is the same. An overflow is no fault of the batch and does not count for the patience,
/// unless the scale is down to 1 already.
/// </item>
/// </list>
/// <code>
/// using var update = new WeightUpdate(optimizer, weights, new() { GradAccumulationFactor = 4 }, new NoamScheduler(8e-4, 25000));
/// foreach (var (i, batch) in batches.Index())
/// {
///     using var scope = NewDisposeScope();
///     var result = update.Backward(Loss(batch), batch.Ids, lastOfEpoch: i == batches.Count - 1);
///     if (result.Stepped)
///         Console.WriteLine($"loss {result.Loss}, gradient {result.GradNorm}, rate {result.LearningRate}");
/// }
/// </code>
/// </remarks>
public sealed class WeightUpdate : IRecoverable, IDisposable
{
    private const double Tiny = 1e-6; // as in clip_grad_norm_, against a norm of 0

    private readonly optim.Optimizer optimizer;
    private readonly IReadOnlyList<Parameter> parameters;
    private readonly NoamScheduler? schedule;
    private readonly GradScaler? scaler;
    private readonly GradientSum gradients;
    private readonly Action<string> log;
    private WeightUpdateState state = new();

    /// <summary>Makes an update of weights. Gradients that they have already do not count.</summary>
    /// <param name="optimizer">Made after the model went to its device.</param>
    /// <param name="parameters">Those of the optimizer's groups, all on one device.</param>
    /// <param name="options">How; null: SpeechBrain's defaults.</param>
    /// <param name="schedule">Sets the learning rate at each update; null: it stays.</param>
    /// <param name="scaler">For products in float16 (<see cref="Precision.NewGradScaler"/>); null: losses are not scaled.</param>
    /// <exception cref="ArgumentException">The parameters are not those of the optimizer, or lie on several devices.</exception>
    public WeightUpdate(
        optim.Optimizer optimizer, IReadOnlyList<Parameter> parameters, WeightUpdateOptions? options = null, NoamScheduler? schedule = null,
        GradScaler? scaler = null)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentNullException.ThrowIfNull(parameters);
        WeightUpdateArguments.RequireParameters(parameters, optimizer);
        (this.optimizer, this.parameters, this.schedule, this.scaler) = (optimizer, [.. parameters], schedule, scaler);
        Options = options ?? new();
        log = Options.Log ?? Console.Error.WriteLine;
        gradients = new GradientSum(this.parameters);
    }

    /// <summary>How gradients become changes of weights.</summary>
    public WeightUpdateOptions Options { get; }

    /// <summary>Updates so far, SpeechBrain's <c>optimizer_step</c>.</summary>
    public long OptimizerSteps => state.OptimizerSteps;

    /// <summary>Batches whose gradients wait for the next update, skipped ones among them.</summary>
    public int Waiting => state.Batches;

    /// <summary>Batches skipped so far because their loss was not finite.</summary>
    public long SkippedLosses => state.SkippedLosses;

    /// <summary>Batches skipped so far because their gradient was not finite although their loss was; overflows are not among them.</summary>
    public long SkippedGradients => state.SkippedGradients;

    /// <summary>Batches left out so far because their scaled gradient overflowed in float16.</summary>
    public long Overflows => state.Overflows;

    /// <summary>
    /// The batches skipped in this epoch, overflows apart; between two epochs those of the one that ended. Of a run that was resumed there the list
    /// is empty.
    /// </summary>
    public IReadOnlyList<SkippedBatch> SkippedThisEpoch => [.. state.SkippedThisEpoch];

    /// <inheritdoc/>
    public string FileName => "update.ckpt";

    /// <summary>
    /// Takes a batch's loss: its gradients join those that wait, and make an update if they complete it.
    /// </summary>
    /// <param name="loss">
    /// One number, float32 or float64, from the parameters; neither divided by the factor nor scaled. Its graph is freed.
    /// </param>
    /// <param name="utteranceIds">The batch's utterances, to be named if it must be skipped.</param>
    /// <param name="lastOfEpoch">
    /// Whether this is the epoch's last batch: then what waits makes an update, and skipped batches are counted from 0 again. Where that is known
    /// only afterwards, call <see cref="EndEpoch"/>.
    /// </param>
    /// <returns>What was done, in numbers of the host.</returns>
    /// <exception cref="ArgumentException">The loss is not such a number, or was computed without gradients.</exception>
    /// <exception cref="InvalidOperationException">The loss depends on none of the parameters.</exception>
    /// <exception cref="NotFiniteNumberException">
    /// More batches of the epoch than <see cref="WeightUpdateOptions.NonfinitePatience"/> had a loss or gradient that is not finite; the message
    /// names the utterances of each. They are in no weight.
    /// </exception>
    public WeightUpdateResult Backward(Tensor loss, IReadOnlyList<string> utteranceIds, bool lastOfEpoch = false)
    {
        WeightUpdateArguments.RequireLoss(loss, parameters[0]);
        ArgumentNullException.ThrowIfNull(utteranceIds);
        bool steps = state.Batches + 1 == Options.GradAccumulationFactor || (lastOfEpoch && Options.UseLeftovers);
        state.BeginEpochIfNew();
        Differentiate(loss);
        using var time = Options.Profiler?.Measure("optimizer");
        var (value, batchNorm, sumNorm) = Gather(loss, steps);

        int skippedBefore = state.SkippedThisEpoch.Count;
        bool finite = double.IsFinite(value) && double.IsFinite(batchNorm);
        gradients.Settle(good: finite);
        state.Batches++;
        if (finite)
            state.Add(utteranceIds);
        else
            Skip(new SkippedBatch(value, batchNorm, [.. utteranceIds]));

        var (gradNorm, rate) = steps ? Step(value, sumNorm) : (null, Rate);
        RequirePatience(skippedBefore);
        if (lastOfEpoch)
            FinishEpoch();
        return new WeightUpdateResult(value, finite, gradNorm is not null, gradNorm, rate);
    }

    /// <summary>
    /// Ends an epoch whose last batch was not known to be the last: what waits makes an update, with one read from the device, and skipped batches
    /// are counted from 0 again. After a batch that was <c>lastOfEpoch</c> it does nothing.
    /// </summary>
    /// <returns>Whether weights were changed.</returns>
    /// <exception cref="NotFiniteNumberException">As for <see cref="Backward"/>.</exception>
    public bool EndEpoch()
    {
        int skippedBefore = state.SkippedThisEpoch.Count;
        bool stepped = state.GoodBatches > 0 && Options.UseLeftovers && Step(0, gradients.Norm()).GradNorm is not null;
        RequirePatience(skippedBefore);
        FinishEpoch();
        return stepped;
    }

    /// <summary>
    /// All that a run needs to go on, but the model: this (<c>update.ckpt</c>), the optimizer (<c>optimizer.bin</c>), and the schedule
    /// (<c>scheduler.ckpt</c>) and the scaler (<c>scaler.ckpt</c>) if there are.
    /// </summary>
    /// <returns>To be given to a <see cref="Checkpointer"/>.</returns>
    /// <exception cref="InvalidOperationException">The optimizer's state cannot be saved: it is not one of TorchSharp's.</exception>
    public IReadOnlyList<IRecoverable> Recoverables() =>
    [
        this,
        Recoverable.Optimizer("optimizer", optimizer as OptimizerHelper
            ?? throw new InvalidOperationException($"The state of {optimizer.GetType().Name} cannot be saved; use an optimizer of torch.optim.")),
        .. schedule is null ? Array.Empty<IRecoverable>() : [Recoverable.Scheduler("scheduler", schedule)],
        .. scaler is null ? Array.Empty<IRecoverable>() : [Recoverable.Scaler("scaler", scaler)],
    ];

    /// <inheritdoc/>
    public void Save(string path) => state.Save(path, gradients.Sums);

    /// <inheritdoc/>
    public Action Prepare(string path)
    {
        var (saved, sums) = WeightUpdateState.Read(path, parameters, Options.GradAccumulationFactor);
        return () =>
        {
            state = saved;
            gradients.Restore(sums);
        };
    }

    /// <summary>Frees the gradients that wait.</summary>
    public void Dispose() => gradients.Dispose();

    private double Rate => optimizer.ParamGroups.First().LearningRate;

    private void Differentiate(Tensor loss)
    {
        using var time = Options.Profiler?.Measure("backward");
        using var scope = NewDisposeScope();
        gradients.ClearGradients();
        var share = Options.GradAccumulationFactor > 1 ? loss.div(Options.GradAccumulationFactor) : loss;
        (scaler?.ScaleLoss(share) ?? share).backward();
    }

    private (double Loss, double BatchNorm, double SumNorm) Gather(Tensor loss, bool withSumNorm)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var batchNorm = gradients.BatchNorm(scaler);
        var figures = stack([loss.detach().squeeze().to(ScalarType.Float64), batchNorm]);
        var bad = figures.isfinite().all().logical_not();
        gradients.Take(bad);
        if (withSumNorm)
            figures = cat([figures, gradients.Norm(batchNorm, bad).unsqueeze(0)]);
        double[] host = figures.cpu().data<double>().ToArray(); // the one read
        return (host[0], host[1], host[^1]);
    }

    private void Skip(SkippedBatch batch)
    {
        if (scaler is { Scale: > 1 } && double.IsFinite(batch.Loss))
        {
            state.Overflows++;
            log(FormattableString.Invariant($"Left out a batch whose gradient overflowed at a loss scale of {scaler.Scale}: {batch}."));
            scaler.Update(foundInf: true);
            return;
        }
        if (double.IsFinite(batch.Loss))
            state.SkippedGradients++;
        else
            state.SkippedLosses++;
        scaler?.Update(foundInf: true);
        state.SkippedThisEpoch.Add(batch);
        log($"Skipped a batch that is not finite, {state.SkippedThisEpoch.Count} of {Options.NonfinitePatience} in this epoch: {batch}.");
    }

    private void RequirePatience(int skippedBefore)
    {
        var skipped = state.SkippedThisEpoch;
        if (skipped.Count > skippedBefore && skipped.Count > Options.NonfinitePatience)
            throw new NotFiniteNumberException(
                $"Losses or gradients of {skipped.Count} batches of this epoch are not finite, and NonfinitePatience is {Options.NonfinitePatience}: "
                + $"lower the learning rate, look at these utterances, or raise the patience.\n  {string.Join("\n  ", skipped)}",
                double.IsFinite(skipped[^1].Loss) ? skipped[^1].GradNorm : skipped[^1].Loss);
    }

    /// <summary>Changes the weights by the gradients that wait, if there are any, and begins anew.</summary>
    private (double? GradNorm, double Rate) Step(double lastLoss, double sumNorm)
    {
        var (batches, utteranceIds) = state.BeginUpdate();
        if (batches == 0 || !double.IsFinite(sumNorm))
        {
            gradients.Clear();
            if (batches > 0) // each is finite, their sum is not
                Skip(new SkippedBatch(lastLoss, sumNorm, utteranceIds));
            return (null, Rate);
        }
        double toMean = (double)Options.GradAccumulationFactor / batches; // each loss was divided by the factor; the mean is over those that are in
        double gradNorm = sumNorm * toMean;
        double shrink = Options.MaxGradNorm > 0 ? Math.Min(1, Options.MaxGradNorm / (gradNorm + Tiny)) : 1;
        gradients.PutIntoParameters(toMean * shrink);
        if (Options.ScheduleFirst)
            schedule?.Step(optimizer);
        double rate = Rate;
        optimizer.step();
        if (!Options.ScheduleFirst)
            schedule?.Step(optimizer);
        gradients.ClearGradients();
        scaler?.Update(foundInf: false);
        state.OptimizerSteps++;
        return (gradNorm, rate);
    }

    private void FinishEpoch()
    {
        gradients.Clear(); // leftovers that are not wanted
        state.BeginUpdate();
        state.EpochOver = true;
    }
}
