using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Augment;

/// <summary>Normal noise, generated on the device (SpeechBrain's default, <c>randn_like</c>).</summary>
public sealed class WhiteNoise() : NoiseSource(nameof(WhiteNoise))
{
    internal override WhiteNoiseDraw Draw(Generator generator, BatchShape shape, bool perBatch) => new(NoiseBlock.Draw(generator, shape, perBatch));

    internal override void RequireFit(NoiseDraw draw, BatchShape shape) => Own<WhiteNoiseDraw>(draw).Block.RequireFit(shape);

    internal override double[][] Numbers(NoiseDraw draw, BatchShape shape) => [ForBatch(Own<WhiteNoiseDraw>(draw).Block.Row, shape)];

    internal override Tensor Make(NoiseDraw draw, AugmentedBatch batch, Tensor numbers, ScalarType dtype)
    {
        var block = Own<WhiteNoiseDraw>(draw).Block;
        return block.Take(block.Make(batch.Shape, dtype, batch.Data.device), batch.Shape, numbers[0]);
    }
}
