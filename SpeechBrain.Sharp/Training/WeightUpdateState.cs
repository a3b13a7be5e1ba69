using SpeechBrain.Sharp.Serialization;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Training;

/// <summary>What a <see cref="WeightUpdate"/> remembers from batch to batch, the gradients themselves apart.</summary>
internal sealed class WeightUpdateState
{
    /// <summary>Batches since the last update.</summary>
    internal int Batches { get; set; }

    /// <summary>Those of them that were not skipped.</summary>
    internal int GoodBatches { get; private set; }

    /// <summary>The utterances of these.</summary>
    internal List<string> UtteranceIds { get; private set; } = [];

    internal long OptimizerSteps { get; set; }

    internal long SkippedLosses { get; set; }

    internal long SkippedGradients { get; set; }

    internal long Overflows { get; set; }

    internal List<SkippedBatch> SkippedThisEpoch { get; private init; } = [];

    /// <summary>Whether the next batch is the first of an epoch.</summary>
    internal bool EpochOver { get; set; } = true;

    /// <summary>Notes a batch that is to go into the next update.</summary>
    internal void Add(IEnumerable<string> utteranceIds)
    {
        GoodBatches++;
        UtteranceIds.AddRange(utteranceIds);
    }

    /// <summary>Counts the batches of an update from 0 again.</summary>
    /// <returns>The good ones that there were, and their utterances.</returns>
    internal (int GoodBatches, IReadOnlyList<string> UtteranceIds) BeginUpdate()
    {
        var before = (GoodBatches, UtteranceIds);
        (Batches, GoodBatches, UtteranceIds) = (0, 0, []);
        return before;
    }

    /// <summary>Forgets the skipped batches of an epoch that is over.</summary>
    internal void BeginEpochIfNew()
    {
        if (EpochOver)
            SkippedThisEpoch.Clear();
        EpochOver = false;
    }

    /// <summary>Writes it with the gradients that wait.</summary>
    internal void Save(string path, IReadOnlyList<Tensor?> gradients) => SpeechBrainCheckpoint.Save(path, new Dictionary<string, object?>
    {
        ["optimizer_step"] = OptimizerSteps,
        ["batches"] = Batches,
        ["good_batches"] = GoodBatches,
        ["ids"] = UtteranceIds,
        ["gradients"] = GoodBatches > 0 ? gradients.ToList<object?>() : [],
        ["skipped_losses"] = SkippedLosses,
        ["skipped_gradients"] = SkippedGradients,
        ["overflows"] = Overflows,
        ["skipped_this_epoch"] = (EpochOver ? [] : SkippedThisEpoch).Select(b => new Dictionary<string, object?>
        {
            ["loss"] = b.Loss,
            ["grad_norm"] = b.GradNorm,
            ["ids"] = b.UtteranceIds.ToList(),
        }).ToList(),
    });

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The file is something else, or its gradients are not those of the parameters.</exception>
    internal static (WeightUpdateState State, IReadOnlyList<Tensor?> Gradients) Read(
        string path, IReadOnlyList<Parameter> parameters, int gradAccumulationFactor)
    {
        var values = SavedValues.Read(path);
        var state = new WeightUpdateState
        {
            OptimizerSteps = values.Count("optimizer_step"),
            Batches = (int)values.Count("batches", int.MaxValue),
            GoodBatches = (int)values.Count("good_batches", int.MaxValue),
            UtteranceIds = Texts(values),
            SkippedLosses = values.Count("skipped_losses"),
            SkippedGradients = values.Count("skipped_gradients"),
            Overflows = values.Count("overflows"),
            EpochOver = false, // an empty list is as good as a new one
            SkippedThisEpoch = [.. values.List("skipped_this_epoch").Select(item => Batch(values.Inner("skipped_this_epoch", item)))],
        };
        if (state.Batches >= gradAccumulationFactor || state.GoodBatches > state.Batches)
            throw new InvalidDataException(
                $"In '{path}' {state.Batches} batches wait, {state.GoodBatches} of them good, and an update is made of {gradAccumulationFactor}: "
                + "recover with the GradAccumulationFactor that it was saved with, or from a checkpoint of an epoch's end.");
        if (state.GoodBatches == 0)
            return (state, new Tensor?[parameters.Count]);
        var gradients = values.List("gradients");
        bool fits = gradients.Count == parameters.Count
            && gradients.Zip(parameters).All(p => p.First is null || (p.First is Tensor t && t.shape.SequenceEqual(p.Second.shape)));
        return fits ? (state, [.. gradients.Cast<Tensor?>()])
            : throw new InvalidDataException(
                $"The gradients in '{path}' are those of another model; make the model with the sizes that it was saved with.");
    }

    private static SkippedBatch Batch(SavedValues values) => new(values.Number("loss"), values.Number("grad_norm"), Texts(values));

    private static List<string> Texts(SavedValues values) =>
        [.. values.List("ids").Select(id => id as string ?? throw values.Lacking("ids", "a list of text"))];
}
