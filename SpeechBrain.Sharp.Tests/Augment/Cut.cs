using SpeechBrain.Sharp.Augment;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Augment;

/// <summary>Keeps the first samples; lengths shrink with time, so that each example fills the same part of its row.</summary>
internal sealed class Cut(long time) : Augmentation<GainParameters>(nameof(Cut))
{
    public override bool IsDifferentiable => true;

    public override AugmentationLayouts Layouts => AugmentationLayouts.Waveforms | AugmentationLayouts.Spectrograms;

    public override bool ChangesTime => true;

    protected override GainParameters Draw(Generator generator, BatchShape shape) => new(time);

    protected override AugmentedBatch Transform(AugmentedBatch batch, GainParameters parameters)
    {
        var shape = ShapeAfter(batch.Shape, parameters);
        return batch.With(batch.Data.narrow(1, 0, shape.Time), shape.Lengths);
    }

    protected override BatchShape ShapeAfter(BatchShape shape, GainParameters parameters)
    {
        long left = Math.Min(time, shape.Time);
        long Scaled(long length) => (long)Math.Round((double)length * left / shape.Time, MidpointRounding.ToEven);
        return shape.WithTime(left, [.. shape.Lengths.Select(Scaled)]);
    }
}
