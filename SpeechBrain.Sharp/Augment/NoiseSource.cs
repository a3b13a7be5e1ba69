using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Augment;

/// <summary>
/// Where <see cref="AddNoise"/> has its noise from: <see cref="WhiteNoise"/>, <see cref="PinkNoise"/>, <see cref="BabbleNoise"/> or
/// <see cref="BankNoise"/>.
/// </summary>
public abstract class NoiseSource : nn.Module
{
    private protected NoiseSource(string name)
        : base(name)
    {
    }

    /// <summary>Whether an example's noise is made of other examples.</summary>
    internal virtual bool MixesExamples => false;

    /// <summary>Draws noise for a batch.</summary>
    internal abstract NoiseDraw Draw(Generator generator, BatchShape shape, bool perBatch);

    /// <summary>Refuses a draw of another source, or one that does not fit the batch.</summary>
    internal abstract void RequireFit(NoiseDraw draw, BatchShape shape);

    /// <summary>Rows of numbers, one an example, that <see cref="Make"/> wants on the device.</summary>
    internal virtual double[][] Numbers(NoiseDraw draw, BatchShape shape) => [];

    /// <summary>The part of an example's valid samples in which there is noise, 0 to 1.</summary>
    internal virtual double Coverage(NoiseDraw draw, BatchShape shape, int example) => 1;

    /// <summary>Makes the noise.</summary>
    /// <param name="draw">A draw that fits.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="numbers">The rows of <see cref="Numbers"/>, float64 on the device.</param>
    /// <param name="dtype">The type of the result.</param>
    /// <returns><c>[1 or batch, time]</c> or <c>[1 or batch, time, 1 or channels]</c>; what lies behind an example's end does not matter.</returns>
    internal abstract Tensor Make(NoiseDraw draw, AugmentedBatch batch, Tensor numbers, ScalarType dtype);

    /// <summary>The draw as one of a source's own.</summary>
    private protected static T Own<T>(NoiseDraw draw)
        where T : NoiseDraw => draw as T
        ?? throw new ArgumentException(
            $"The noise of the draw is a {draw?.GetType().Name ?? "null"}; this source takes a {typeof(T).Name}.", "parameters");

    /// <summary>A row of numbers that is as long as the batch.</summary>
    private protected static double[] ForBatch(ValueList<int> values, BatchShape shape) =>
        [.. Enumerable.Range(0, (int)shape.Batch).Select(i => (double)values.At(i))];
}
