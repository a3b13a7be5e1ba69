using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Conformer;

/// <summary>
/// Where a stream through a <see cref="ConformerEncoderLayer"/> stands: the frames that the attention and the convolution of the next chunk see.
/// </summary>
/// <remarks>
/// SpeechBrain 1.1.0, <c>speechbrain/lobes/models/transformer/Conformer.py</c>. Besides its two tensors there are the keys and values of the
/// attention's frames, which are made again from them after loading.
/// </remarks>
public sealed class ConformerEncoderLayerStreamingContext : IDisposable
{
    private readonly ConvolutionModuleStreamingContext convolution = new();

    internal ConformerEncoderLayerStreamingContext(long? mhaLeftContextSize) => MhaLeftContextSize = mhaLeftContextSize;

    /// <summary>Frames before a chunk that its attention sees; null: all of them.</summary>
    public long? MhaLeftContextSize { get; }

    /// <summary>
    /// The frames that the attention of the next chunk sees, as they were before its normalization: <c>[batch, frames, dModel]</c>; null before
    /// the first chunk, and without left context. It belongs to this object.
    /// </summary>
    public Tensor? MhaLeftContext { get; private set; }

    /// <summary>The frames that the convolution of the next chunk sees, see <see cref="ConvolutionModuleStreamingContext.LeftContext"/>.</summary>
    public Tensor? DcconvLeftContext => convolution.LeftContext;

    /// <summary>What the attention remembers of the frames of <see cref="MhaLeftContext"/>; null if it is to be made from them.</summary>
    internal Tensor? Memory { get; private set; }

    /// <summary>Frees the frames; the context may begin another stream.</summary>
    public void Dispose()
    {
        MhaLeftContext?.Dispose();
        Memory?.Dispose();
        (MhaLeftContext, Memory) = (null, null);
        convolution.Dispose();
    }

    /// <summary>Takes over the frames for the next chunk.</summary>
    internal void Advance(LeftFrames left)
    {
        Dispose();
        MhaLeftContext = left.Mha?.DetachFromDisposeScope();
        Memory = left.Memory?.DetachFromDisposeScope();
        convolution.Advance(left.Dcconv);
    }

    /// <summary>What a context is to hold, detached from autograd.</summary>
    internal readonly record struct LeftFrames(Tensor? Mha, Tensor? Memory, Tensor? Dcconv);
}
