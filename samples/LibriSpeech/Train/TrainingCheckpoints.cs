using System.Diagnostics;
using SpeechBrain.Sharp.Serialization;
using SpeechBrain.Sharp.Training;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>
/// The checkpoints of a training, in the folder <c>save</c> of its output: the best ones, which are averaged at the end, and the newest, from which
/// it is resumed. The folder is made with the first of them.
/// </summary>
/// <param name="recipe">when, how many, and which are the best</param>
/// <param name="state">what each holds</param>
/// <param name="warn">gets a line for each that is damaged</param>
internal sealed class TrainingCheckpoints(Recipe recipe, IReadOnlyList<IRecoverable> state, Action<string> warn)
{
    private const string EpochKey = "epoch", WerKey = "WER", LossKey = "loss", Damaged = "damaged-";

    private readonly CheckpointRecipe checkpoints = recipe.Checkpoints;
    private readonly Stopwatch sinceLast = Stopwatch.StartNew();
    private Checkpointer? checkpointer;
    private int batchesSinceLast;

    private string Folder => Path.Combine(recipe.OutputFolder, ModelFolder.CheckpointsFolder);

    private Checkpointer Checkpointer => checkpointer ??= new Checkpointer(
        Folder, state, checkpoints.AvgCheckpoints,
        checkpoints.BestKey switch { BestKey.WER => WerKey, BestKey.Loss => LossKey, _ => EpochKey }, checkpoints.BestKey == BestKey.Epoch,
        log: warn);

    /// <summary>Whether an earlier run left any.</summary>
    internal bool Exist => Directory.Exists(Folder) && Directory.EnumerateDirectories(Folder, SpeechBrainCheckpointFolder.Prefix + "*").Any();

    /// <summary>
    /// Brings everything to the state of the newest one that is whole. Newer ones, which are damaged, are put aside: else they would count among the
    /// best of their epochs.
    /// </summary>
    /// <returns>Its folder; null: there are no checkpoints.</returns>
    /// <exception cref="UserException">All are damaged.</exception>
    internal string? Recover()
    {
        if (!Exist)
            return null;
        string path = Checkpointer.Recover()?.Path
            ?? throw new UserException($"No checkpoint in '{Folder}' is whole; put one there that is, or begin anew by --restart.");
        foreach (var damaged in Checkpointer.Checkpoints().TakeWhile(checkpoint => checkpoint.Path != path))
            Directory.Move(damaged.Path, Path.Combine(Folder, Damaged + Path.GetFileName(damaged.Path)));
        return path;
    }

    /// <summary>Forgets what an earlier run left: its checkpoints, and nothing else that somebody keeps beside them.</summary>
    internal void Remove()
    {
        if (!Directory.Exists(Folder))
            return;
        foreach (string prefix in new[] { "", Damaged })
            foreach (string path in Directory.GetDirectories(Folder, prefix + SpeechBrainCheckpointFolder.Prefix + "*"))
                Directory.Delete(path, recursive: true);
    }

    /// <summary>Saves one in the middle of an epoch, if it is time to.</summary>
    internal void AfterBatch()
    {
        batchesSinceLast++;
        if ((checkpoints.CkptIntervalSteps > 0 && batchesSinceLast >= checkpoints.CkptIntervalSteps)
            || (checkpoints.CkptIntervalMinutes > 0 && sinceLast.Elapsed.TotalMinutes >= checkpoints.CkptIntervalMinutes))
            Save();
    }

    /// <summary>Saves one in the middle of an epoch.</summary>
    /// <returns>Its folder.</returns>
    internal string Save() => Save(new(), endOfEpoch: false);

    /// <summary>Saves one at an epoch's end, with the progress at the beginning of the next, if it may be wanted for the average.</summary>
    /// <param name="epoch">The epoch that ended.</param>
    /// <param name="valid">Loss and word error rate in percent, where there was a validation.</param>
    internal void AfterEpoch(int epoch, (double Loss, double Wer)? valid)
    {
        bool last = epoch == recipe.Optimization.NumberOfEpochs;
        bool amongTheLast = epoch > recipe.Optimization.NumberOfEpochs - checkpoints.AvgCheckpoints;
        if (!(last || (checkpoints.BestKey == BestKey.Epoch ? amongTheLast : valid is not null)))
            return;
        Dictionary<string, object?> meta = new() { [EpochKey] = epoch };
        if (valid is { } figures)
            (meta[WerKey], meta[LossKey]) = (figures.Wer, figures.Loss);
        Save(meta, endOfEpoch: true);
    }

    /// <summary>The mean of the best ones' weights, of the caller.</summary>
    internal Dictionary<string, Tensor> Average() => Checkpointer.Average(checkpoints.AvgCheckpoints);

    private string Save(Dictionary<string, object?> meta, bool endOfEpoch)
    {
        string path = Checkpointer.Save(meta, endOfEpoch).Path;
        sinceLast.Restart();
        batchesSinceLast = 0;
        return path;
    }
}
