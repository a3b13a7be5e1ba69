using SpeechBrain.Sharp.Features;
using SpeechBrain.Sharp.Serialization;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Training;

/// <summary>
/// The states that a checkpoint of training consists of. Model, normalizer and scheduler have SpeechBrain's formats and names, so that it can load
/// them; the optimizer has TorchSharp's own.
/// </summary>
public static class Recoverable
{
    private const string GlobalGenerator = "torch";

    /// <summary>A module's parameters and persistent buffers.</summary>
    /// <param name="name">Its name, for example <c>model</c>: the file is <c>model.ckpt</c>.</param>
    /// <param name="module">The module.</param>
    public static IRecoverable Module(string name, nn.Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        return new State(
            Name(name), path => SpeechBrainCheckpoint.Save(path, module.state_dict()),
            path =>
            {
                var tensors = SpeechBrainCheckpoint.LoadStateDict(path);
                if (StateDict.Compare(module, tensors) is { IsComplete: false } report)
                    throw new InvalidDataException(
                        $"'{path}' does not fit {module.GetType().Name}: {report}\nMake the module with the sizes that it was saved with.");
                return () => StateDict.LoadInto(module, tensors, path);
            });
    }

    /// <summary>An optimizer's options, the learning rate among them, and what it remembers of each parameter.</summary>
    /// <param name="name">Its name, for example <c>optimizer</c>: the file is <c>optimizer.bin</c>.</param>
    /// <param name="optimizer">The optimizer; made after the module went to its device.</param>
    public static IRecoverable Optimizer(string name, OptimizerHelper optimizer)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(optimizer);
        return new RecoverableOptimizer(name + ".bin", optimizer);
    }

    /// <summary>A schedule's number of steps.</summary>
    /// <param name="name">Its name, for example <c>scheduler</c>.</param>
    /// <param name="scheduler">The schedule.</param>
    public static IRecoverable Scheduler(string name, NoamScheduler scheduler)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        return new State(
            Name(name),
            path => SpeechBrainCheckpoint.Save(
                path, new Dictionary<string, object?> { ["losses"] = new List<object?>(), ["n_steps"] = scheduler.NSteps }),
            path =>
            {
                long steps = SavedValues.Read(path).Count("n_steps");
                return () => scheduler.NSteps = steps;
            });
    }

    /// <summary>A loss scale and its count of updates, in the format of PyTorch's <c>GradScaler.state_dict</c>.</summary>
    /// <param name="name">Its name, for example <c>scaler</c>.</param>
    /// <param name="scaler">The scaler. Its factors and interval are its own, whatever the file says.</param>
    public static IRecoverable Scaler(string name, GradScaler scaler)
    {
        ArgumentNullException.ThrowIfNull(scaler);
        return new State(
            Name(name),
            path => SpeechBrainCheckpoint.Save(path, new Dictionary<string, object?>
            {
                ["scale"] = scaler.Scale,
                ["growth_factor"] = scaler.GrowthFactor,
                ["backoff_factor"] = scaler.BackoffFactor,
                ["growth_interval"] = scaler.GrowthInterval,
                ["_growth_tracker"] = scaler.GrowthTracker,
            }),
            path =>
            {
                var values = SavedValues.Read(path);
                var (scale, tracker) = (values.Number("scale"), values.Count("_growth_tracker"));
                if (!GradScaler.IsScale(scale) || tracker >= scaler.GrowthInterval)
                    throw new InvalidDataException(FormattableString.Invariant(
                        $"'{path}' has a loss scale of {scale} after {tracker} updates, which one that grows every {scaler.GrowthInterval} cannot have; ")
                        + "make the scaler with the interval that it was saved with.");
                return () => (scaler.Scale, scaler.GrowthTracker) = (scale, tracker);
            });
    }

    /// <summary>A normalisation's running statistics; an empty file where there are none yet.</summary>
    /// <param name="name">Its name, for example <c>normalizer</c>.</param>
    /// <param name="normalizer">The normalisation.</param>
    public static IRecoverable Normalizer(string name, InputNormalization normalizer)
    {
        ArgumentNullException.ThrowIfNull(normalizer);
        return new State(
            Name(name),
            path =>
            {
                using var scope = NewDisposeScope();
                Dictionary<string, object?> values = [];
                if (normalizer.HasStatistics)
                    foreach (var (key, value) in normalizer.StatisticsDict())
                        values.Add(key, key == "count" ? (object)normalizer.Count : value); // an int in SpeechBrain
                SpeechBrainCheckpoint.Save(path, values);
            },
            path =>
            {
                var statistics = SpeechBrainCheckpoint.LoadStateDict(path);
                if (statistics.Count == 0)
                {
                    return !normalizer.HasStatistics ? () => { }
                    : throw new InvalidDataException(
                        $"'{path}' holds no statistics, and the normalisation has some already; recover into a new InputNormalization.");
                }
                try
                {
                    using var trial = new InputNormalization();
                    trial.LoadStatisticsDict(statistics);
                }
                catch (ArgumentException e)
                {
                    throw new InvalidDataException($"'{path}' does not hold the statistics of a normalisation: {e.Message}", e);
                }
                return () => normalizer.LoadStatisticsDict(statistics);
            });
    }

    /// <summary>
    /// The states of random generators, and of libtorch's own on the CPU, from which dropout draws there. (libtorch's own on CUDA can't be read
    /// through TorchSharp: with dropout, a run that is resumed on CUDA draws others than the uninterrupted one.)
    /// </summary>
    /// <param name="name">Its name, for example <c>generators</c>.</param>
    /// <param name="generators">Generators by name; the name <c>torch</c> is taken.</param>
    /// <exception cref="ArgumentException">A generator is named <c>torch</c>.</exception>
    public static IRecoverable Generators(string name, IReadOnlyDictionary<string, Generator> generators)
    {
        ArgumentNullException.ThrowIfNull(generators);
        if (generators.ContainsKey(GlobalGenerator))
            throw new ArgumentException($"A generator is named '{GlobalGenerator}', the name of libtorch's own; choose another.", nameof(generators));
        foreach (var (key, generator) in generators)
            ArgumentNullException.ThrowIfNull(generator, $"generators[{key}]");
        return new State(
            Name(name),
            path =>
            {
                using var scope = NewDisposeScope();
                SpeechBrainCheckpoint.Save(path, States(generators));
            },
            path =>
            {
                var states = SpeechBrainCheckpoint.LoadStateDict(path);
                var own = States(generators);
                if (!states.Keys.ToHashSet().SetEquals(own.Keys))
                    throw new InvalidDataException($"'{path}' holds the generators {Listed(states.Keys)}; wanted are {Listed(own.Keys)}.");
                foreach (var (key, state) in states)
                    if (state.dtype != ScalarType.Byte || !state.shape.SequenceEqual(own[key].shape))
                        throw new InvalidDataException(
                            $"'{path}' holds no state of generator '{key}' that this libtorch knows: it is {Require.Describe(state)}.");
                return () =>
                {
                    set_rng_state(states[GlobalGenerator]);
                    foreach (var (key, generator) in generators)
                        generator.set_state(states[key]);
                };
            });
    }

    /// <summary>How far training has come.</summary>
    /// <param name="name">Its name, for example <c>progress</c>.</param>
    /// <param name="progress">Epoch, batch and steps.</param>
    public static IRecoverable Progress(string name, TrainingProgress progress)
    {
        ArgumentNullException.ThrowIfNull(progress);
        return new State(
            Name(name),
            path => SpeechBrainCheckpoint.Save(path, new Dictionary<string, object?>
            {
                ["epoch"] = progress.Epoch,
                ["batch"] = progress.Batch,
                ["optimizer_step"] = progress.OptimizerSteps,
            }),
            path =>
            {
                var values = SavedValues.Read(path);
                var (epoch, batch, steps) = (values.Count("epoch"), values.Count("batch"), values.Count("optimizer_step"));
                if (epoch is < 1 or > int.MaxValue || batch > int.MaxValue)
                    throw new InvalidDataException($"'{path}' is at epoch {epoch}, batch {batch}, which is no place in a training.");
                return () => (progress.Epoch, progress.Batch, progress.OptimizerSteps) = ((int)epoch, (int)batch, steps);
            });
    }

    private static Dictionary<string, Tensor> States(IReadOnlyDictionary<string, Generator> generators)
    {
        var states = generators.ToDictionary(g => g.Key, g => g.Value.get_state());
        states.Add(GlobalGenerator, get_rng_state());
        return states;
    }

    private static string Name(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return name + ".ckpt";
    }

    private static string Listed(IEnumerable<object> names) => string.Join(", ", names.Order());

    private sealed record State(string FileName, Action<string> Write, Func<string, Action> Read) : IRecoverable
    {
        public void Save(string path) => Write(path);

        public Action Prepare(string path) => Read(path);
    }
}
