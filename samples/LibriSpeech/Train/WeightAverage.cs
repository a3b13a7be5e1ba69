using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>
/// The mean of a model's weights over the last epochs. While the learning rate is still high the weights circle around a good place; their mean is
/// nearer to it than any of them. (SpeechBrain's recipe averages its last checkpoints for the same reason.)
/// </summary>
internal sealed class WeightAverage(IReadOnlyList<Parameter> weights) : IDisposable
{
    private readonly List<Tensor> sums = [];
    private int count;

    /// <summary>Takes in the weights as they are now.</summary>
    internal void Add()
    {
        using var noGradient = no_grad();
        if (count++ == 0)
            sums.AddRange(weights.Select(weight => zeros_like(weight).DetachFromDisposeScope()));
        foreach (var (sum, weight) in sums.Zip(weights))
            sum.add_(weight);
    }

    /// <summary>Gives the model the mean of what was taken in.</summary>
    internal void Apply()
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (sum, weight) in sums.Zip(weights))
            weight.copy_(sum.div(count));
    }

    public void Dispose()
    {
        foreach (var sum in sums)
            sum.Dispose();
    }
}
