using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Conformer;

/// <summary>
/// Which layers of an encoder take part in one training step; the others pass their input on. A. Fan et al., "Reducing Transformer depth on
/// demand with structured dropout", https://arxiv.org/abs/1909.11556.
/// </summary>
/// <param name="Keep">One entry a layer: whether it takes part.</param>
public sealed record LayerDrop(IReadOnlyList<bool> Keep)
{
    /// <summary>Draws a number from 0 to 1 for each layer, which takes part if the number is above the probability of dropping.</summary>
    /// <param name="numLayers">Layers of the encoder.</param>
    /// <param name="probability">Probability of dropping a layer, 0 to 1.</param>
    /// <param name="generator">A CPU generator. In the state of SpeechBrain's it gives SpeechBrain's draws.</param>
    /// <exception cref="ArgumentException">A value out of its range, or a generator of another device.</exception>
    public static LayerDrop Sample(int numLayers, double probability, Generator generator)
    {
        Require.Range(numLayers, nameof(numLayers), 0);
        Require.Range(probability, nameof(probability), 0, 1);
        Require.CpuGenerator(generator, nameof(generator));
        using var draws = rand([numLayers], ScalarType.Float32, CPU, generator: generator);
        return new LayerDrop([.. draws.data<float>().ToArray().Select(d => d > probability)]);
    }
}
