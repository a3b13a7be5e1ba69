using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Augment;

/// <summary>Noise whose spectrum falls with <c>1 / f^alpha</c>, generated on the device (SpeechBrain's <c>pink_noise_like</c>).</summary>
public sealed class PinkNoise : NoiseSource
{
    /// <summary>Makes the source.</summary>
    /// <param name="alphaLow">The lowest exponent; 0 is white, 1 SpeechBrain's pink, negative blue.</param>
    /// <param name="alphaHigh">The highest.</param>
    /// <exception cref="ArgumentOutOfRangeException">An exponent that is not finite, or a reversed range.</exception>
    public PinkNoise(double alphaLow = 1, double alphaHigh = 1)
        : base(nameof(PinkNoise))
    {
        Require.Range(alphaLow, nameof(alphaLow), double.MinValue, double.MaxValue);
        Require.Range(alphaHigh, nameof(alphaHigh), alphaLow, double.MaxValue);
        AlphaLow = alphaLow;
        AlphaHigh = alphaHigh;
    }

    /// <summary>The lowest exponent.</summary>
    public double AlphaLow { get; }

    /// <summary>The highest exponent.</summary>
    public double AlphaHigh { get; }

    internal override PinkNoiseDraw Draw(Generator generator, BatchShape shape, bool perBatch)
    {
        var block = NoiseBlock.Draw(generator, shape, perBatch);
        return new(block, [.. Draws.Uniform(generator, block.Rows, AlphaLow, AlphaHigh)]);
    }

    internal override void RequireFit(NoiseDraw draw, BatchShape shape)
    {
        var own = Own<PinkNoiseDraw>(draw);
        own.Block.RequireFit(shape);
        if (own.Alpha.Count != own.Block.Rows)
            throw new ArgumentException(
                $"Alpha holds {own.Alpha.Count} values for a block of {own.Block.Rows} rows; give one for each.", "parameters");
    }

    internal override double[][] Numbers(NoiseDraw draw, BatchShape shape)
    {
        // The rows of the upload are as long as the batch; the block of one example's batch may hold more rows.
        var own = Own<PinkNoiseDraw>(draw);
        return
        [
            ForBatch(own.Block.Row, shape),
            [.. Enumerable.Range(0, (int)shape.Batch).Select(i => own.Alpha[own.Block.Row.At(i)])],
        ];
    }

    internal override Tensor Make(NoiseDraw draw, AugmentedBatch batch, Tensor numbers, ScalarType dtype)
    {
        // Only the rows that are used are coloured, over the whole block's time; then they are cut.
        var block = Own<PinkNoiseDraw>(draw).Block;
        var shape = batch.Shape;
        var white = block.Take(block.Make(shape, dtype, batch.Data.device), shape.WithTime(block.Time, shape.Lengths), numbers[0]);
        var alpha = numbers[1].narrow(0, 0, block.Row.Count).to(dtype);
        // The level is lost when the noise is scaled to its SNR, so the rate does not matter.
        return Functional.PinkNoise(white, alpha).narrow(1, 0, shape.Time);
    }
}
