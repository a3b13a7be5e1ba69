using SpeechBrain.Sharp.Augment;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Augment;

/// <summary>Noise that a test gives.</summary>
/// <param name="noise"><c>[1 or batch, time, ...]</c>.</param>
internal sealed class GivenNoise(Tensor noise) : NoiseSource(nameof(GivenNoise))
{
    internal override NoiseDraw Draw(Generator generator, BatchShape shape, bool perBatch) => new GivenNoiseDraw();

    internal override void RequireFit(NoiseDraw draw, BatchShape shape) => Own<GivenNoiseDraw>(draw);

    internal override Tensor Make(NoiseDraw draw, AugmentedBatch batch, Tensor numbers, ScalarType dtype) => noise.to(dtype);
}

/// <summary>Nothing is drawn.</summary>
internal sealed record GivenNoiseDraw : NoiseDraw
{
    public override GivenNoiseDraw ForExample(int example) => this;
}
