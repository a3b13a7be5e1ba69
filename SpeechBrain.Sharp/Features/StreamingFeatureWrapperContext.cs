using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Features;

/// <summary>The state of one stream through a <see cref="StreamingFeatureWrapper"/>: the samples that the next chunk continues.</summary>
public sealed class StreamingFeatureWrapperContext : IDisposable
{
    /// <summary>The last samples of the stream, <c>[batch, 2 P, ...]</c>; null before the first chunk. It belongs to this object.</summary>
    public Tensor? LeftContext { get; private set; }

    /// <summary>Disposes of the samples; the stream may begin anew.</summary>
    public void Dispose()
    {
        LeftContext?.Dispose();
        LeftContext = null;
    }

    /// <summary>Puts the samples of the next step in place of the old ones.</summary>
    internal void Advance(Tensor leftContext)
    {
        LeftContext?.Dispose();
        LeftContext = leftContext.DetachFromDisposeScope();
    }
}
