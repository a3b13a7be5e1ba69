using System.Globalization;
using SpeechBrain.Sharp.Serialization;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Training;

/// <summary>
/// Saves and recovers the state of a training. A checkpoint is a folder <c>CKPT+...</c> in SpeechBrain's layout; it appears whole or not at all,
/// whenever the program is killed or the disk is full, and one that was damaged later is noticed by its checksums and never loaded.
/// </summary>
/// <remarks>
/// <para>
/// A checkpoint is written under a name that nobody looks at, each file flushed to the disk, then its checksums, and is renamed when it is complete;
/// only then are old ones removed, each renamed first. So the disk must have room for one more than is kept.
/// </para>
/// <para>
/// After SpeechBrain 1.1.0, <c>utils/checkpoints.py, Checkpointer</c>. Deviations: files are flushed and summed, the folder is renamed in one step
/// (there it is written under its final name); the best and the newest are counted separately, as asked, and not twice as many;
/// <see cref="Average"/> takes as many as it is told.
/// </para>
/// <code>
/// var checkpointer = new Checkpointer("save", recoverables, keepBest: 10, metric: "WER");
/// checkpointer.Recover();                                                     // null on the first start
/// checkpointer.Save(new Dictionary&lt;string, object?&gt; { ["WER"] = 4.5, ["epoch"] = 3 });
/// </code>
/// </remarks>
public sealed class Checkpointer
{
    private const string Unfinished = ".part";
    private static readonly string[] Reserved = ["unixtime", "end-of-epoch"];

    private readonly string folder;
    private readonly IReadOnlyList<IRecoverable> recoverables;
    private readonly int keepBest;
    private readonly int keepNewest;
    private readonly string? metric;
    private readonly bool higherIsBetter;
    private readonly Action<string> log;

    /// <summary>Makes a checkpointer; the folder is made if it is not there.</summary>
    /// <param name="folder">Where the checkpoints are; for this training alone.</param>
    /// <param name="recoverables">What a checkpoint holds, each with a file name of its own.</param>
    /// <param name="keepBest">How many of the best to keep, at least 0.</param>
    /// <param name="metric">
    /// By which figure of <see cref="Save"/>'s <c>meta</c> they are ranked, for example <c>WER</c>; checkpoints without it, or with NaN, are not
    /// among the best. Wanted if any of the best are kept.
    /// </param>
    /// <param name="higherIsBetter">Whether the best is the highest; else the lowest.</param>
    /// <param name="keepNewest">How many of the newest to keep besides, at least 1.</param>
    /// <param name="log">Gets a line for each checkpoint that is skipped because it is damaged; null: the standard error output.</param>
    /// <exception cref="ArgumentException">An argument is outside its range, or two files have one name.</exception>
    public Checkpointer(
        string folder, IReadOnlyList<IRecoverable> recoverables, int keepBest = 0, string? metric = null, bool higherIsBetter = false,
        int keepNewest = 1, Action<string>? log = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(recoverables);
        Require.Range(keepBest, nameof(keepBest), 0);
        Require.Range(keepNewest, nameof(keepNewest), 1);
        if (keepBest > 0 && string.IsNullOrEmpty(metric))
            throw new ArgumentException(
                $"The {keepBest} best are to be kept, and metric does not say by which figure; give its name, for example WER.", nameof(metric));
        if (recoverables.Count == 0)
            throw new ArgumentException("There is nothing to save; give at least one recoverable.", nameof(recoverables));
        if (recoverables.Contains(null!))
            throw new ArgumentException("One of recoverables is null; leave it out.", nameof(recoverables));
        foreach (var group in recoverables.GroupBy(r => r.FileName))
            if (group.Count() > 1 || group.Key is CheckpointMeta.FileName or CheckpointSums.FileName || group.Key != Path.GetFileName(group.Key))
                throw new ArgumentException(
                    $"The file name '{group.Key}' is taken or no name; give each recoverable a name of its own.", nameof(recoverables));
        Directory.CreateDirectory(folder);
        this.folder = folder;
        this.recoverables = recoverables;
        (this.keepBest, this.metric, this.higherIsBetter, this.keepNewest) = (keepBest, metric, higherIsBetter, keepNewest);
        this.log = log ?? Console.Error.WriteLine;
    }

    /// <summary>Saves a checkpoint, and then removes those that are to be kept no longer.</summary>
    /// <param name="meta">Figures and text that describe it, the metric among them.</param>
    /// <param name="endOfEpoch">Whether the epoch is at its end.</param>
    /// <returns>The checkpoint.</returns>
    /// <exception cref="IOException">It could not be written, the disk being full for example; those that were there still are.</exception>
    /// <exception cref="ArgumentException">
    /// A key of <paramref name="meta"/> is reserved, or a value is neither a number, a truth value nor text.
    /// </exception>
    public SpeechBrainCheckpointFolder Save(IReadOnlyDictionary<string, object?>? meta = null, bool endOfEpoch = true)
    {
        string name = FreeName();
        string path = Path.Combine(folder, name);
        try
        {
            foreach (string _ in SaveSteps(name, meta ?? new Dictionary<string, object?>(), endOfEpoch))
            {
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!Directory.Exists(path))
            {
                RemoveUnfinished();
                throw new IOException(
                    $"Cannot save checkpoint '{path}': {e.Message} The earlier checkpoints are as they were; "
                    + "make room on the disk and save again.", e);
            }
            log($"Checkpoint '{path}' is saved, but an old one could not be removed: {e.Message}");
        }
        return SpeechBrainCheckpointFolder.Open(path);
    }

    /// <summary>The checkpoints that are there, newest first. Their files are not read, so one may be damaged.</summary>
    public IReadOnlyList<SpeechBrainCheckpointFolder> Checkpoints()
    {
        List<SpeechBrainCheckpointFolder> found = [];
        foreach (string path in Directory.GetDirectories(folder, SpeechBrainCheckpointFolder.Prefix + "*"))
        {
            try
            {
                found.Add(SpeechBrainCheckpointFolder.Open(path));
            }
            catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
            {
                log($"Skipped checkpoint '{path}': {e.Message} Remove it.");
            }
        }
        return [.. found.OrderByDescending(c => c.UnixTime).ThenByDescending(c => c.Path, StringComparer.Ordinal)];
    }

    /// <summary>The best checkpoints, best first; of equals the newer first. Their files are not read, so one may be damaged.</summary>
    /// <param name="count">At most how many, at least 1.</param>
    /// <exception cref="InvalidOperationException">There is no metric.</exception>
    public IReadOnlyList<SpeechBrainCheckpointFolder> Best(int count)
    {
        Require.Range(count, nameof(count), 1);
        if (metric is null)
            throw new InvalidOperationException("This checkpointer has no metric by which one checkpoint is better than another; give it one.");
        return [.. ByMetric(Checkpoints()).Take(count)];
    }

    /// <summary>
    /// Brings everything to the state of the newest checkpoint that is whole. Damaged ones are skipped, with a line in the log each. All files are
    /// read and compared before anything changes.
    /// </summary>
    /// <returns>The checkpoint; null where there is none that is whole, and nothing changed.</returns>
    /// <exception cref="InvalidDataException">The newest whole checkpoint is one of something else, for example of another model.</exception>
    public SpeechBrainCheckpointFolder? Recover()
    {
        foreach (var checkpoint in Checkpoints())
        {
            if (!IsWhole(checkpoint))
                continue;
            using var scope = NewDisposeScope();
            List<Action> apply = [];
            foreach (var recoverable in recoverables)
            {
                string path = Path.Combine(checkpoint.Path, recoverable.FileName);
                if (!File.Exists(path))
                    throw new InvalidDataException(
                        $"Checkpoint '{checkpoint.Path}' has no {recoverable.FileName}: it is one of another training. Choose another folder.");
                apply.Add(recoverable.Prepare(path));
            }
            apply.ForEach(a => a());
            return checkpoint;
        }
        return null;
    }

    /// <summary>
    /// The mean of a module's weights over checkpoints: the best ones if there is a metric, else the newest. Damaged ones are skipped, with a line in
    /// the log each. <see cref="StateDict.LoadInto"/> puts it into a module.
    /// </summary>
    /// <param name="count">Over at most how many, at least 1.</param>
    /// <param name="name">The module's name, as given to <see cref="Recoverable.Module"/>.</param>
    /// <returns>New tensors by name, of the caller.</returns>
    /// <exception cref="InvalidOperationException">No checkpoint is whole.</exception>
    /// <exception cref="FileNotFoundException">One has no module of that name; the message names those that it has.</exception>
    /// <exception cref="ArgumentException">They are of different models.</exception>
    public Dictionary<string, Tensor> Average(int count, string name = "model")
    {
        Require.Range(count, nameof(count), 1);
        var chosen = (metric is null ? Checkpoints() : ByMetric(Checkpoints())).Where(IsWhole).Take(count).ToList();
        if (chosen.Count == 0)
            throw new InvalidOperationException(
                $"'{folder}' has no whole checkpoint{(metric is null ? "" : $" with {metric}")} to average; save one first.");
        return StateDictAverage.Of(OneByOne(chosen.Select(c => c.FileOf(name))));
    }

    /// <summary>
    /// The steps of saving. Each ends where the program may be killed: whoever stops to enumerate, and does not dispose, leaves the disk as that
    /// would.
    /// </summary>
    internal IEnumerable<string> SaveSteps(string name, IReadOnlyDictionary<string, object?> meta, bool endOfEpoch)
    {
        foreach (string key in Reserved)
            if (meta.ContainsKey(key))
                throw new ArgumentException($"The key '{key}' is the checkpoint's own; choose another.", nameof(meta));
        var all = new Dictionary<string, object?>(meta) { ["unixtime"] = UnixTime(), ["end-of-epoch"] = endOfEpoch };
        string description = CheckpointMeta.Write(all);
        RemoveUnfinished();
        yield return "removed what an earlier run left";

        string temporary = Path.Combine(folder, $".{name}{Unfinished}");
        Directory.CreateDirectory(temporary);
        yield return "made the folder";
        string sums = "";
        foreach (var recoverable in recoverables)
        {
            string path = Path.Combine(temporary, recoverable.FileName);
            recoverable.Save(path);
            yield return $"wrote {recoverable.FileName}";
            sums += CheckpointSums.FlushAndSum(path);
            yield return $"flushed {recoverable.FileName}";
        }
        string metaPath = Path.Combine(temporary, CheckpointMeta.FileName);
        File.WriteAllText(metaPath, description);
        sums += CheckpointSums.FlushAndSum(metaPath);
        yield return $"wrote {CheckpointMeta.FileName}";
        string sumsPath = Path.Combine(temporary, CheckpointSums.FileName);
        File.WriteAllText(sumsPath, sums);
        CheckpointSums.FlushAndSum(sumsPath);
        yield return $"wrote {CheckpointSums.FileName}";
        Directory.Move(temporary, Path.Combine(folder, name));
        yield return "renamed the folder";

        foreach (var old in Superfluous())
        {
            string doomed = Path.Combine(folder, $".{Path.GetFileName(old.Path)}{Unfinished}");
            Directory.Move(old.Path, doomed);
            yield return "renamed an old checkpoint";
            Directory.Delete(doomed, recursive: true);
            yield return "removed an old checkpoint";
        }
    }

    /// <summary>A name that no checkpoint has.</summary>
    internal string FreeName()
    {
        string moment = SpeechBrainCheckpointFolder.Prefix + DateTime.UtcNow.ToString("yyyy-MM-dd+HH-mm-ss", CultureInfo.InvariantCulture);
        for (int number = 0; ; number++)
            if ($"{moment}+{number:00}" is var name && !Directory.Exists(Path.Combine(folder, name)))
                return name;
    }

    // Only one file's tensors are in memory at a time.
    private static IEnumerable<IReadOnlyDictionary<string, Tensor>> OneByOne(IEnumerable<string> files)
    {
        foreach (string file in files)
        {
            var tensors = SpeechBrainCheckpoint.LoadStateDict(file);
            try
            {
                yield return tensors;
            }
            finally
            {
                foreach (var tensor in tensors.Values)
                    tensor.Dispose();
            }
        }
    }

    private List<SpeechBrainCheckpointFolder> Superfluous()
    {
        var all = Checkpoints();
        var kept = all.Take(keepNewest).Concat(ByMetric(all).Take(keepBest)).Select(c => c.Path).ToHashSet();
        return [.. all.Where(c => !kept.Contains(c.Path))];
    }

    private IEnumerable<SpeechBrainCheckpointFolder> ByMetric(IEnumerable<SpeechBrainCheckpointFolder> newestFirst)
    {
        var ranked = newestFirst.Select(c => (Checkpoint: c, Value: Figure(c))).Where(c => !double.IsNaN(c.Value));
        return (higherIsBetter ? ranked.OrderByDescending(c => c.Value) : ranked.OrderBy(c => c.Value)).Select(c => c.Checkpoint);
    }

    private double Figure(SpeechBrainCheckpointFolder checkpoint) => metric is null ? double.NaN : checkpoint.Meta.GetValueOrDefault(metric) switch
    {
        double value => value,
        long value => value,
        _ => double.NaN,
    };

    private bool IsWhole(SpeechBrainCheckpointFolder checkpoint)
    {
        if (CheckpointSums.Problem(checkpoint.Path) is not { } problem)
            return true;
        log($"Skipped checkpoint '{checkpoint.Path}': {problem}. Remove it, or put it elsewhere.");
        return false;
    }

    // After every other, even if the clock was put back.
    private double UnixTime()
    {
        double now = (DateTime.UtcNow - DateTime.UnixEpoch).TotalSeconds;
        return Math.Max(now, Checkpoints().Select(c => c.UnixTime + 1e-3).DefaultIfEmpty(0).Max());
    }

    private void RemoveUnfinished()
    {
        foreach (string path in Directory.GetDirectories(folder, $".{SpeechBrainCheckpointFolder.Prefix}*{Unfinished}"))
            Directory.Delete(path, recursive: true);
    }
}
