using SpeechBrain.Sharp.Augment;
using SpeechBrain.Sharp.Tests.Augment;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

/// <summary>The cases' own augmentations: <c>gain</c>, <c>cut</c> and <c>halflen</c>. The order that shuffling draws is not recorded.</summary>
public sealed class AugmenterAdapter : IGoldenAdapter
{
    private const string RowsDeviation = "augmenter-rows";

    public bool Handles(GoldenCaseInfo info) => info.Module == "speechbrain.augment.augmenter.Augmenter";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        var args = c.Constructor;
        Augmentation[] augmentations = [.. args["augmentations"].Items.Select(Make)];
        bool[] enabled = args.Find("enable_augmentations") is { IsNull: false } switches ? switches.AsBools() : [.. augmentations.Select(_ => true)];
        int? least = (int?)args.LongOrNull("min_augmentations"), most = (int?)args.LongOrNull("max_augmentations");
        using var op = new Augmenter(
            augmentations, args.Bool("parallel_augment", false), args.Bool("parallel_augment_fixed_bs", false), args.Bool("concat_original", false),
            // There a minimum above the maximum raises it.
            least, least > most ? least : most, args.Bool("shuffle_augmentations", false), args.Int("repeat_augment", 1),
            args.Int("augment_start_index", 0), (int?)args.LongOrNull("augment_end_index"), args.Int("concat_start_index", 0), (int?)args.LongOrNull("concat_end_index"),
            args.Double("augment_prob", 1), enabled);

        var x = c.Input("x");
        using var batch = AugmentedBatch.FromRelative(x, c.Input("lengths").cpu().data<float>().ToArray());
        using var generator = new Generator(1);
        bool skipped = c.Draws.Next("random.random").Value!.AsDouble() > op.AugmentProb || c.Draws.Left == 0;
        int count = skipped ? 0 : (int)c.Draws.Next("torch.randint").Longs[0];
        int[] chosen = [.. Enumerable.Range(0, augmentations.Length).Where(i => enabled[i]).Take(count)];
        var result = op.Apply(batch, op.Plan(generator, batch.Shape, chosen));
        check.Output("out.y", result.Data);
        Rows("out.lengths", result.RelativeLengths(), 1.0 / result.Shape.Time + 1e-6);
        var labels = Augmenter.ReplicateLabels(result, c.Input("labels"));
        if (c.Has("out.labels"))
            Rows("out.labels", labels, 0);

        // Where SpeechBrain has more lengths or labels than rows, ours are those of the rows. Lengths are whole samples, each rounded on its own.
        void Rows(string name, Tensor actual, double atol)
        {
            if (c.Recorded(name).shape[0] == result.Shape.Batch)
                check.Output(name, actual, 0, atol);
            else if (name == "out.labels")
                check.Deviates(RowsDeviation, name, actual, Augmenter.ReplicateLabels(result, c.Input("labels")));
            else if (op.ChangesTime)
                check.Deviates(RowsDeviation, name);
            else
                check.Deviates(RowsDeviation, name, actual, Augmenter.ReplicateLabels(result, batch.RelativeLengths()));
        }
    }

    private static Augmentation Make(GoldenValue description)
    {
        var items = description.Items;
        return items[0].AsString() switch
        {
            "gain" => new Gain(items[1].AsDouble()),
            "cut" => new Cut(items[1].AsLong()),
            "halflen" => new HalfLength(),
            var other => throw new GoldenException($"the adapter does not know the augmentation '{other}'"),
        };
    }

    // x + 1, and half the lengths.
    private sealed class HalfLength() : Augmentation<GainParameters>(nameof(HalfLength))
    {
        public override bool IsDifferentiable => true;

        public override AugmentationLayouts Layouts => AugmentationLayouts.Waveforms | AugmentationLayouts.Spectrograms;

        public override bool ChangesTime => true;

        protected override GainParameters Draw(Generator generator, BatchShape shape) => new(0.5);

        protected override AugmentedBatch Transform(AugmentedBatch batch, GainParameters parameters) =>
            batch.With(batch.Data + 1, ShapeAfter(batch.Shape, parameters).Lengths);

        protected override BatchShape ShapeAfter(BatchShape shape, GainParameters parameters) =>
            shape.WithTime(shape.Time, [.. shape.Lengths.Select(length => (long)Math.Round(length * parameters.Factor, MidpointRounding.ToEven))]);
    }
}
