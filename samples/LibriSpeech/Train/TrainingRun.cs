using SpeechBrain.Sharp.Conformer;
using SpeechBrain.Sharp.Data;
using SpeechBrain.Sharp.Serialization;
using SpeechBrain.Sharp.Training;
using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>
/// Training from the first epoch, or the next batch of an interrupted run, to the last. Whatever state it has is in <see cref="State"/>, so that a run
/// that was killed goes on as if it had not been: bit for bit on the CPU.
/// </summary>
internal sealed class TrainingRun : IDisposable
{
    private readonly Recipe recipe;
    private readonly Recognizer recognizer;
    private readonly UtteranceList utterances;
    private readonly TrainBatches batches;
    private readonly Validation validation;
    private readonly RandomStreams streams;
    private readonly TrainingStep step;
    private readonly optim.Optimizer optimizer;
    private readonly WeightUpdate update;
    private readonly EpochMeans means;
    private readonly TrainingProgress progress = new();
    private readonly TrainingCheckpoints checkpoints;
    private readonly TrainingLogs logs;
    private readonly ProgressLine line;
    private readonly Throughput throughput;
    private bool anew;
    private RunLock? folder;
    private bool begun;

    internal TrainingRun(
        Recipe recipe, Recognizer recognizer, SpeechDataset train, SpeechDataset valid, Device device, ProgressLine line, StepProfiler? clock = null)
    {
        (this.recipe, this.recognizer, this.line, Clock) = (recipe, recognizer, line, clock ?? new());
        var optimization = recipe.Optimization;
        var precision = Precision.Parse(optimization.Precision);
        recognizer.Model.ComputeIn(precision.ProductType);
        var weights = recognizer.Model.parameters().Where(parameter => parameter.requires_grad).ToList();
        optimizer = optim.AdamW(weights, optimization.Lr, optimization.Betas[0], optimization.Betas[1], optimization.Eps, optimization.WeightDecay);
        update = new WeightUpdate(
            optimizer, weights, new()
            {
                GradAccumulationFactor = optimization.GradAccumulationFactor,
                MaxGradNorm = optimization.MaxGradNorm,
                NonfinitePatience = optimization.NonfinitePatience,
                Log = line.Finish,
                Profiler = Clock,
            },
            new NoamScheduler(optimization.Lr, optimization.WarmupSteps), precision.NewGradScaler());
        streams = new RandomStreams(recipe.Seed);
        step = new TrainingStep(recipe, recognizer, streams, Clock, device);
        means = new EpochMeans(device);
        utterances = new UtteranceList(train.Utterances, line.Finish);
        batches = new TrainBatches(recipe, train, recognizer, device, line.Finish);
        validation = new Validation(recipe, valid, recognizer, device);
        logs = new TrainingLogs(recipe.OutputFolder);
        checkpoints = new TrainingCheckpoints(recipe, State, line.Finish);
        throughput = new Throughput(recipe.Features.SampleRate);
    }

    /// <summary>Where the time of the steps went.</summary>
    internal StepProfiler Clock { get; }

    /// <summary>Numbers that are learnt.</summary>
    internal long Weights => recognizer.Model.parameters().Where(parameter => parameter.requires_grad).Sum(weight => weight.numel());

    /// <summary>All that a checkpoint holds.</summary>
    private IReadOnlyList<IRecoverable> State =>
    [
        Recoverable.Module("model", recognizer.Model),
        Recoverable.Normalizer("normalizer", recognizer.Normalizer),
        .. update.Recoverables(),
        streams.State,
        Recoverable.Progress("progress", progress),
        utterances,
        means,
    ];

    /// <summary>Goes to where an earlier run was, if there was one.</summary>
    /// <param name="restart">Forget it instead, with the first step.</param>
    internal void Resume(bool restart)
    {
        anew = restart;
        if (Directory.Exists(recipe.OutputFolder))
            folder = RunLock.Take(recipe.OutputFolder);
        if (restart)
            return;
        if (checkpoints.Exist)
            SavedRecipe.RequireSame(recipe);
        if (checkpoints.Recover() is not { } checkpoint)
            return;
        Begin();
        line.Finish(progress.Epoch > recipe.Optimization.NumberOfEpochs
            ? $"The training in '{recipe.OutputFolder}' is complete; --restart begins it anew, a higher --number-of-epochs goes on."
            : $"Going on from '{checkpoint}': epoch {progress.Epoch}, {progress.Batch} batches of it done.");
    }

    /// <summary>Trains to the end.</summary>
    /// <exception cref="InterruptedException">Somebody asked for an end; what was learnt is saved.</exception>
    internal void Run(Interrupt interrupt)
    {
        try
        {
            while (progress.Epoch <= recipe.Optimization.NumberOfEpochs)
                Epoch(interrupt.Token);
            interrupt.Token.ThrowIfCancellationRequested();
        }
        catch (OperationCanceledException) when (interrupt.Token.IsCancellationRequested)
        {
            string place = $"epoch {progress.Epoch}, batch {progress.Batch}";
            throw new InterruptedException(
                begun ? $"interrupted at {place}, which is saved in '{checkpoints.Save()}'; the same command goes on from there"
                : "interrupted before the first step; nothing was saved", interrupt.ExitCode);
        }
    }

    /// <summary>Takes steps as training does, and keeps nothing of them: for <c>profile</c>.</summary>
    /// <param name="steps">How many batches.</param>
    /// <param name="each">Gets the number of each from 1, and its seconds of audio.</param>
    internal void Profile(int steps, Action<int, double> each)
    {
        recognizer.Train(true);
        for (int done = 0; ; progress.NextEpoch())
        {
            int before = done;
            var all = batches.Of(progress.Epoch);
            using var source = batches.Load(all, CancellationToken.None).GetEnumerator();
            while (Clock.Measure("load", source.MoveNext))
            {
                using var scope = NewDisposeScope();
                using var batch = source.Current;
                Learn(batch, lastOfEpoch: batch.Place + 1 == all.Count);
                each(++done, (double)batch.WaveLengths.Sum() / recipe.Features.SampleRate);
                if (done == steps)
                    return;
            }
            if (done == before)
                throw new UserException("None of the utterances could be used.");
        }
    }

    /// <summary>Gives the model the mean of the best checkpoints' weights.</summary>
    internal void Average()
    {
        using var scope = NewDisposeScope();
        StateDict.LoadInto(recognizer.Model, checkpoints.Average(), "the mean of the checkpoints");
        recognizer.Model.ComputeIn(null);
    }

    /// <summary>Keeps the figures of a test.</summary>
    internal void LogTest(string name, double wer) =>
        logs.LogEpoch(new(recipe.Optimization.NumberOfEpochs, progress.OptimizerSteps) { Test = [new($"WER {name}", wer)] });

    public void Dispose()
    {
        validation.Dispose();
        batches.Dispose();
        means.Dispose();
        step.Dispose();
        streams.Dispose();
        update.Dispose();
        optimizer.Dispose();
        folder?.Dispose();
    }

    private void Epoch(CancellationToken cancellation)
    {
        recognizer.Train(true);
        var all = batches.Of(progress.Epoch);
        int first = progress.Batch;
        using (var source = batches.Load(all.Skip(first), cancellation).GetEnumerator())
        {
            throughput.Begin();
            while (Clock.Measure("load", source.MoveNext))
            {
                using var batch = source.Current;
                Step(batch, first + batch.Place + 1, all.Count);
            }
        }
        update.EndEpoch();                                          // the last batch may have been left out
        progress.OptimizerSteps = update.OptimizerSteps;
        var valid = IsValidated(progress.Epoch) ? Validate(cancellation) : ((double, double)?)null;
        Report(valid);
        int ended = progress.Epoch;
        progress.NextEpoch();
        means.Clear();
        checkpoints.AfterEpoch(ended, valid);
    }

    /// <param name="batch">what to learn from</param>
    /// <param name="number">its number in the epoch, from 1</param>
    /// <param name="count">batches of the epoch</param>
    private void Step(PaddedBatch batch, int number, int count)
    {
        using (var scope = NewDisposeScope())
        {
            var (result, losses) = Learn(batch, lastOfEpoch: number == count);
            means.Add(result, losses);
            Begin();
            (progress.Batch, progress.OptimizerSteps) = (number, update.OptimizerSteps);
            throughput.Add(batch.WaveLengths);
            logs.LogStep(new(progress.Epoch, number, update.OptimizerSteps)
            {
                Meta =
                [
                    new("lr", result.LearningRate), .. Norm(result), new("audio_seconds", throughput.LastAudio),
                    new("audio_seconds_per_second", throughput.Last), .. Times(),
                ],
                Train = [new("loss", result.Loss)],
            });
            line.Show(number, count, FormattableString.Invariant(
                $"epoch {progress.Epoch}/{recipe.Optimization.NumberOfEpochs}  loss {result.Loss:F2}  rate {result.LearningRate:0.0e+0}  {throughput}"));
        }
        checkpoints.AfterBatch();

        static KeyValuePair<string, double>[] Norm(WeightUpdateResult result) =>
            result.GradNorm is { } norm ? [new("grad_norm", norm)] : [];
    }

    private (WeightUpdateResult Result, TransducerLosses Losses) Learn(PaddedBatch batch, bool lastOfEpoch)
    {
        var losses = step.Losses(batch, progress.Epoch);
        // The one read from the device: whether the batch can be used is known then, and its loss.
        return (update.Backward(losses.Total, batch.Ids, lastOfEpoch), losses);
    }

    // Seconds of each stage since the step before.
    private IEnumerable<KeyValuePair<string, double>> Times() =>
        Clock.Lap().Select(lap => KeyValuePair.Create(RunMetrics.TimePrefix + lap.Stage, lap.Time.TotalSeconds));

    private bool IsValidated(int epoch) =>
        epoch % recipe.Checkpoints.ValidIntervalEpochs == 0 || epoch == recipe.Optimization.NumberOfEpochs;

    private (double Loss, double Wer) Validate(CancellationToken cancellation)
    {
        var (loss, errors) = validation.Run(line, cancellation);
        return (loss, errors.Summarize().ErrorRate);
    }

    private void Report((double Loss, double Wer)? valid)
    {
        var (loss, transducer, ctc) = means.Means();
        double rate = optimizer.ParamGroups.First().LearningRate;
        logs.LogEpoch(new(progress.Epoch, progress.OptimizerSteps)
        {
            Meta = [new("lr", rate)],
            Train = [new("loss", loss), new("transducer_loss", transducer), new("ctc_loss", ctc)],
            Valid = valid is { } figures ? [new("loss", figures.Loss), new("WER", figures.Wer)] : [],
        });
        int epochs = recipe.Optimization.NumberOfEpochs;
        line.Finish(FormattableString.Invariant($"epoch {progress.Epoch,3}/{epochs}  loss {loss,7:F2}  transducer {transducer,7:F2}  ctc {ctc,7:F2}  ")
            + FormattableString.Invariant($"rate {rate:0.0e+0}  {throughput}")
            + (valid is { } v ? FormattableString.Invariant($"  valid loss {v.Loss:F2}, WER {v.Wer:F2} %") : ""));
    }

    // The folder is made when the first step shows that data, model and recipe can be used.
    private void Begin()
    {
        if (begun)
            return;
        try
        {
            Directory.CreateDirectory(recipe.OutputFolder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"The folder '{recipe.OutputFolder}' cannot be made ({e.Message.TrimEnd('.')}); name another --output-folder.", e);
        }
        folder ??= RunLock.Take(recipe.OutputFolder);
        begun = true;
        if (anew)
            checkpoints.Remove();
        SavedRecipe.Write(recipe);
        RunEnvironment.Write(recipe.OutputFolder, recipe.Device, Weights);
        ModelWriter.WriteSettings(recognizer, Path.Combine(recipe.OutputFolder, ModelFolder.CheckpointsFolder)); // so that checkpoints can be used
        logs.Resume(progress);
    }
}
