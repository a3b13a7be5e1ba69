using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Augment;

/// <summary>
/// Applies several augmentations: in sequence, or each to the same examples and the results side by side; some or all of them, in their order or a
/// drawn one, to some or all examples, with or without the originals in front. All of it is drawn beforehand into one record.
/// </summary>
/// <remarks>
/// <para>SpeechBrain 1.1.0, <c>speechbrain/augment/augmenter.py, Augmenter</c>. Unlike there:</para>
/// <list type="bullet">
/// <item>rows know their examples (<see cref="AugmentedBatch.Sources"/>), so labels and lengths follow with <c>parallelAugmentFixedBs</c> and
/// <c>enableAugmentations</c> too;</item>
/// <item>results of different times are padded along time, of whatever rank they are;</item>
/// <item><c>minAugmentations</c> and <c>maxAugmentations</c> are bounded by the augmentations that are enabled, and a minimum above the maximum is
/// an error; SpeechBrain bounds them by all that there are, and raises the maximum.</item>
/// </list>
/// <code>
/// using var augmenter = new Augmenter([new SpeedPerturb(16000, [95, 100, 105]), new SignFlip()], concatOriginal: true);
/// var draw = augmenter.Sample(generator, batch);
/// using var augmented = augmenter.Apply(batch, draw);             // 2 * batch rows, the originals first
/// var labels = Augmenter.ReplicateLabels(augmented, tokens);      // [2 * batch, ...]
/// File.WriteAllText("draw.json", draw.ToJson());                  // and again: augmenter.ParametersFromJson(...)
/// </code>
/// </remarks>
public sealed class Augmenter : Augmentation<AugmenterParameters>
{
    private readonly int[] enabled;
    private readonly JsonSerializerOptions json;

    /// <summary>Makes an augmenter of augmentations, which belong to it from then on.</summary>
    /// <param name="augmentations">The augmentations; an augmenter may be among them.</param>
    /// <param name="parallelAugment">
    /// False: each augmentation is applied to what the one before it made. True: each to the same examples, and the results come one behind the
    /// other.
    /// </param>
    /// <param name="parallelAugmentFixedBs">
    /// Whether parallel augmentations share the examples out among them, a run of neighbours each, so that as many rows come out as went in.
    /// </param>
    /// <param name="concatOriginal">Whether the examples come as they are too, in front.</param>
    /// <param name="minAugmentations">Least number of augmentations applied; null: 1. At most as many as are enabled count.</param>
    /// <param name="maxAugmentations">Greatest number, drawn too; null: all that are enabled.</param>
    /// <param name="shuffleAugmentations">Whether their order is drawn; otherwise the first of the list are applied, in its order.</param>
    /// <param name="repeatAugment">How often all of it is done, with draws of its own each time, side by side; 0: the batch is left alone.</param>
    /// <param name="augmentStartIndex">The first example that is augmented; where the batch has no such example it is left alone.</param>
    /// <param name="augmentEndIndex">One behind the last; null: all.</param>
    /// <param name="concatStartIndex">The first example that comes as it is, with <paramref name="concatOriginal"/>.</param>
    /// <param name="concatEndIndex">One behind the last; null: all.</param>
    /// <param name="augmentProb">Probability that the batch is augmented at all.</param>
    /// <param name="enableAugmentations">For each augmentation whether it is used; null: all are.</param>
    /// <exception cref="ArgumentException">
    /// A number outside its range, an end before its start, a minimum above the maximum, or another number of switches than of augmentations.
    /// </exception>
    public Augmenter(
        IReadOnlyList<Augmentation> augmentations, bool parallelAugment = false, bool parallelAugmentFixedBs = false, bool concatOriginal = false,
        int? minAugmentations = null, int? maxAugmentations = null, bool shuffleAugmentations = false, int repeatAugment = 1,
        int augmentStartIndex = 0, int? augmentEndIndex = null, int concatStartIndex = 0, int? concatEndIndex = null, double augmentProb = 1,
        IReadOnlyList<bool>? enableAugmentations = null)
        : base(nameof(Augmenter))
    {
        ArgumentNullException.ThrowIfNull(augmentations);
        foreach (var augmentation in augmentations)
            ArgumentNullException.ThrowIfNull(augmentation, nameof(augmentations));
        if (enableAugmentations is not null && enableAugmentations.Count != augmentations.Count)
            throw new ArgumentException(
                $"enableAugmentations has {enableAugmentations.Count} values for {augmentations.Count} augmentations; give one for each.",
                nameof(enableAugmentations));
        Require.Range(minAugmentations ?? 1, nameof(minAugmentations), 0);
        Require.Range(maxAugmentations ?? int.MaxValue, nameof(maxAugmentations), 0);
        if (minAugmentations > maxAugmentations)
            throw new ArgumentException(
                $"minAugmentations is {minAugmentations}, above maxAugmentations, {maxAugmentations}; lower it, or raise the other.",
                nameof(minAugmentations));
        Require.Range(repeatAugment, nameof(repeatAugment), 0);
        Require.Range(augmentStartIndex, nameof(augmentStartIndex), 0);
        Require.Range(augmentEndIndex ?? int.MaxValue, nameof(augmentEndIndex), augmentStartIndex);
        Require.Range(concatStartIndex, nameof(concatStartIndex), 0);
        Require.Range(concatEndIndex ?? int.MaxValue, nameof(concatEndIndex), concatStartIndex);
        Require.Range(augmentProb, nameof(augmentProb), 0, 1);

        Augmentations = [.. augmentations];
        json = new(AugmentationParameters.JsonOptions) { Converters = { new AugmenterStepConverter(Augmentations) } };
        enabled = [.. Enumerable.Range(0, Augmentations.Count).Where(i => enableAugmentations?[i] ?? true)];
        MinAugmentations = Math.Min(minAugmentations ?? 1, Math.Min(enabled.Length, maxAugmentations ?? int.MaxValue));
        MaxAugmentations = Math.Min(maxAugmentations ?? enabled.Length, enabled.Length);
        (ParallelAugment, ParallelAugmentFixedBs, ConcatOriginal) = (parallelAugment, parallelAugmentFixedBs, concatOriginal);
        (ShuffleAugmentations, RepeatAugment, AugmentProb) = (shuffleAugmentations, repeatAugment, augmentProb);
        (AugmentStartIndex, AugmentEndIndex) = (augmentStartIndex, augmentEndIndex);
        (ConcatStartIndex, ConcatEndIndex) = (concatStartIndex, concatEndIndex);
        foreach (var (i, augmentation) in Augmentations.Index())
            register_module($"augmentation_{i}", augmentation);
    }

    /// <summary>All augmentations, enabled or not.</summary>
    public IReadOnlyList<Augmentation> Augmentations { get; }

    /// <summary>Whether each augmentation is applied to the same examples.</summary>
    public bool ParallelAugment { get; }

    /// <summary>Whether parallel augmentations share the examples out among them.</summary>
    public bool ParallelAugmentFixedBs { get; }

    /// <summary>Whether the examples come as they are too.</summary>
    public bool ConcatOriginal { get; }

    /// <summary>Least number of augmentations applied.</summary>
    public int MinAugmentations { get; }

    /// <summary>Greatest number of augmentations applied.</summary>
    public int MaxAugmentations { get; }

    /// <summary>Whether the order of the augmentations is drawn.</summary>
    public bool ShuffleAugmentations { get; }

    /// <summary>How often all of it is done.</summary>
    public int RepeatAugment { get; }

    /// <summary>The first example that is augmented.</summary>
    public int AugmentStartIndex { get; }

    /// <summary>One behind the last example that is augmented; null: all.</summary>
    public int? AugmentEndIndex { get; }

    /// <summary>The first example that comes as it is.</summary>
    public int ConcatStartIndex { get; }

    /// <summary>One behind the last example that comes as it is; null: all.</summary>
    public int? ConcatEndIndex { get; }

    /// <summary>Probability that a batch is augmented at all.</summary>
    public double AugmentProb { get; }

    /// <inheritdoc/>
    public override bool IsDifferentiable => Enabled.All(augmentation => augmentation.IsDifferentiable);

    /// <inheritdoc/>
    public override AugmentationLayouts Layouts => Enabled.Aggregate(
        AugmentationLayouts.Waveforms | AugmentationLayouts.Spectrograms, (layouts, augmentation) => layouts & augmentation.Layouts);

    /// <inheritdoc/>
    /// <remarks>Rows may also become more or fewer.</remarks>
    public override bool ChangesTime => Enabled.Any(augmentation => augmentation.ChangesTime);

    /// <inheritdoc/>
    public override bool MixesExamples => Enabled.Any(augmentation => augmentation.MixesExamples);

    /// <summary>Labels for the rows of an augmented batch: those of the examples they stem from.</summary>
    /// <param name="augmented">What <see cref="Augmentation.Apply"/> returned.</param>
    /// <param name="labels">Of the batch that went in, <c>[batch, ...]</c>, any type, on any device.</param>
    /// <returns><c>[rows, ...]</c>; an alias where every example has one row, in order.</returns>
    /// <exception cref="ArgumentException">There are fewer labels than a row's example asks for.</exception>
    /// <remarks>SpeechBrain's <c>replicate_labels</c>, which asks the augmenter about its last call; here the batch knows.</remarks>
    public static Tensor ReplicateLabels(AugmentedBatch augmented, Tensor labels)
    {
        ArgumentNullException.ThrowIfNull(augmented);
        Require.MinimumRank(labels, nameof(labels), "[batch, ...]", 1);
        int last = augmented.Sources.Max();
        if (labels.shape[0] <= last)
            throw new ArgumentException($"labels is {Require.Describe(labels)}; a row stems from example {last}.", nameof(labels));
        if (augmented.Sources.SequenceEqual(Enumerable.Range(0, checked((int)labels.shape[0]))))
            return labels.alias();
        using var rows = tensor(augmented.Sources.Select(source => (long)source).ToArray(), ScalarType.Int64);
        using var there = rows.to(labels.device);
        return labels.index_select(0, there);
    }

    /// <summary>Labels of several kinds; see <see cref="ReplicateLabels"/>.</summary>
    /// <param name="augmented">What <see cref="Augmentation.Apply"/> returned.</param>
    /// <param name="labels">Each of the batch that went in.</param>
    /// <returns>As many as went in.</returns>
    public static Tensor[] ReplicateMultipleLabels(AugmentedBatch augmented, params IReadOnlyList<Tensor> labels) =>
        [.. labels.Select(one => ReplicateLabels(augmented, one))];

    /// <inheritdoc/>
    private protected override JsonSerializerOptions ParametersJson => json;

    private IEnumerable<Augmentation> Enabled => enabled.Select(i => Augmentations[i]);

    /// <inheritdoc/>
    protected override AugmenterParameters Draw(Generator generator, BatchShape shape)
    {
        if (Draws.Uniform(generator, 1, 0, 1)[0] >= AugmentProb)
            return Plan(generator, shape, []);
        int count = (int)Draws.Integers(generator, 1, MinAugmentations, MaxAugmentations)[0];
        long[] order = ShuffleAugmentations ? Draws.Permutation(generator, enabled.Length) : [.. Enumerable.Range(0, enabled.Length)];
        return Plan(generator, shape, [.. order.Take(count).Select(i => enabled[i])]);
    }

    /// <summary>The draw for a choice of augmentations in an order; none: the batch is left alone.</summary>
    internal AugmenterParameters Plan(Generator generator, BatchShape shape, IReadOnlyList<int> chosen)
    {
        int batch = checked((int)shape.Batch), start = AugmentStartIndex, end = Math.Min(AugmentEndIndex ?? batch, batch);
        if (chosen.Count == 0 || start >= end || RepeatAugment == 0)
            return new([new(0, batch, [])]);
        var branches = new List<AugmenterBranch>();
        int originals = Math.Min(ConcatEndIndex ?? batch, batch);
        if (ConcatOriginal && ConcatStartIndex < originals)
            branches.Add(new(ConcatStartIndex, originals, []));
        for (int i = 0; i < RepeatAugment; i++)
        {
            if (!ParallelAugment)
                branches.Add(Branch(start, end, chosen));
            else if (!ParallelAugmentFixedBs)
                branches.AddRange(chosen.Select(one => Branch(start, end, [one])));
            else
                // Runs of nearly equal length; where there are more augmentations than examples some have none.
                branches.AddRange(chosen
                    .Select((one, k) => (one, First: start + (end - start) * k / chosen.Count, Last: start + (end - start) * (k + 1) / chosen.Count))
                    .Where(run => run.First < run.Last)
                    .Select(run => Branch(run.First, run.Last, [run.one])));
        }
        return new([.. branches]);

        AugmenterBranch Branch(int first, int last, IReadOnlyList<int> chain)
        {
            var part = shape.Rows(first, last);
            var steps = new List<AugmenterStep>();
            foreach (int i in chain)
            {
                var parameters = Augmentations[i].Sample(generator, part);
                part = Augmentations[i].OutputShape(part, parameters);
                steps.Add(new(i, Augmentations[i].Name, parameters));
            }
            return new(first, last, [.. steps]);
        }
    }

    /// <inheritdoc/>
    protected override BatchShape ShapeAfter(BatchShape shape, AugmenterParameters parameters)
    {
        RequireFit(parameters, shape);
        BatchShape[] parts = [.. parameters.Branches.Select(branch => branch.Steps.Aggregate(
            shape.Rows(branch.Start, branch.End), (part, step) => Augmentations[step.Augmentation].OutputShape(part, step.Parameters)))];
        return new(
            [parts.Sum(part => part.Batch), parts.Max(part => part.Time), .. parts[0].Sizes.Skip(2)], [.. parts.SelectMany(part => part.Lengths)]);
    }

    /// <inheritdoc/>
    protected override AugmentedBatch Transform(AugmentedBatch batch, AugmenterParameters parameters)
    {
        RequireFit(parameters, batch.Shape);
        AugmentedBatch[] parts = [.. parameters.Branches.Select(branch => Rows(batch, branch))];
        if (parts is [var only])
            return only == batch ? batch.With(batch.Data) : only;
        long time = parts.Max(part => part.Shape.Time);
        return new AugmentedBatch(
            cat([.. parts.Select(part => Padded(part.Data, time))], 0),
            [.. parts.SelectMany(part => part.Lengths)], [.. parts.SelectMany(part => part.Sources)]);
    }

    private AugmentedBatch Rows(AugmentedBatch batch, AugmenterBranch branch)
    {
        var rows = branch.Start == 0 && branch.End == batch.Shape.Batch
            ? batch
            : new AugmentedBatch(
                batch.Data.narrow(0, branch.Start, branch.End - branch.Start),
                [.. batch.Lengths.Skip(branch.Start).Take(branch.End - branch.Start)],
                [.. batch.Sources.Skip(branch.Start).Take(branch.End - branch.Start)]);
        foreach (var step in branch.Steps)
        {
            var next = Augmentations[step.Augmentation].Apply(rows, step.Parameters);
            // What lies between two steps is of no more use.
            if (rows != batch)
                rows.Dispose();
            rows = next;
        }
        return rows;
    }

    private static Tensor Padded(Tensor data, long time)
    {
        long missing = time - data.shape[1];
        // From the last dimension to time: (before, after) of each.
        return missing == 0 ? data : nn.functional.pad(data, [.. Enumerable.Repeat(0L, 2 * (int)(data.dim() - 2)), 0, missing]);
    }

    private void RequireFit(AugmenterParameters parameters, BatchShape shape)
    {
        ArgumentNullException.ThrowIfNull(parameters.Branches, nameof(parameters));
        if (parameters.Branches.Count == 0)
            throw new ArgumentException("parameters holds no branch; a batch of no rows is none.", nameof(parameters));
        foreach (var branch in parameters.Branches)
        {
            if (branch.Start < 0 || branch.End <= branch.Start || branch.End > shape.Batch)
                throw new ArgumentException(
                    $"A branch is of examples [{branch.Start}, {branch.End}) of a batch of {shape.Batch}; replay a draw on a batch like the one it was "
                    + "made for.", nameof(parameters));
            foreach (var step in branch.Steps)
                if (step.Augmentation < 0 || step.Augmentation >= Augmentations.Count || Augmentations[step.Augmentation].Name != step.Name)
                    throw new ArgumentException(
                        $"A step is of augmentation {step.Augmentation}, {step.Name}; here they are "
                        + $"{string.Join(", ", Augmentations.Select(a => a.Name))}.", nameof(parameters));
        }
    }
}
