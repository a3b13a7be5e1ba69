using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Conformer;

/// <summary>Where a stream through a <see cref="ConvolutionModule"/> stands: the last frames, which the convolution of the next chunk sees.</summary>
public sealed class ConvolutionModuleStreamingContext : IDisposable
{
    /// <summary>
    /// The last inputs of the module, <c>[batch, frames, inputSize]</c>, at most <see cref="ConvolutionModule.Padding"/> of them; null before
    /// the first chunk, and with a kernel of one frame. It belongs to this object.
    /// </summary>
    public Tensor? LeftContext { get; private set; }

    /// <summary>Frees the frames; the context may begin another stream.</summary>
    public void Dispose()
    {
        LeftContext?.Dispose();
        LeftContext = null;
    }

    /// <summary>Takes over the frames for the next chunk.</summary>
    internal void Advance(Tensor? leftContext)
    {
        Dispose();
        LeftContext = leftContext?.DetachFromDisposeScope();
    }
}
