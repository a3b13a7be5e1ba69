using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Features;

/// <summary>Count, mean and variance of data; the tensors belong to whoever made them.</summary>
/// <param name="Count">Values counted (frames, for features): a scalar int64 tensor, kept on the device so that nothing synchronises.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="Variance">Their biased variance, of the mean's shape.</param>
public readonly record struct GaussianMoments(Tensor Count, Tensor Mean, Tensor Variance) : IDisposable
{
    /// <summary>Disposes of the three tensors.</summary>
    public void Dispose()
    {
        Count.Dispose();
        Mean.Dispose();
        Variance.Dispose();
    }

    /// <summary>Moves the three tensors out of the current dispose scope.</summary>
    internal GaussianMoments MoveToOuterDisposeScope() =>
        new(Count.MoveToOuterDisposeScope(), Mean.MoveToOuterDisposeScope(), Variance.MoveToOuterDisposeScope());
}
