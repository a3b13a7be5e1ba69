using SpeechBrain.Sharp.Augment;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Augment;

/// <summary>Multiplies by a number: an augmentation whose every effect can be told from the result.</summary>
internal sealed class Gain(double factor) : Augmentation<GainParameters>(nameof(Gain))
{
    public override bool IsDifferentiable => true;

    public override AugmentationLayouts Layouts => AugmentationLayouts.Waveforms | AugmentationLayouts.Spectrograms;

    protected override GainParameters Draw(Generator generator, BatchShape shape) => new(factor);

    protected override AugmentedBatch Transform(AugmentedBatch batch, GainParameters parameters) => batch.With(batch.Data * parameters.Factor);
}

/// <summary>The factor.</summary>
internal sealed record GainParameters(double Factor) : AugmentationParameters
{
    public override GainParameters ForExample(int example) => this;
}
