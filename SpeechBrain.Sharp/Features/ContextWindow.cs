using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Features;

/// <summary>
/// Joins each frame with its neighbours.
/// </summary>
/// <remarks>
/// SpeechBrain 1.1.0, <c>speechbrain/processing/features.py, ContextWindow</c>. Deviations: no convolution with unit kernels, no memory of the
/// first input's feature size, and with channels the window runs over time (there over the channels).
/// </remarks>
public sealed class ContextWindow : nn.Module<Tensor, Tensor>
{
    /// <summary>Makes a window.</summary>
    /// <param name="leftFrames">Frames before, at least 0.</param>
    /// <param name="rightFrames">Frames after, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A negative number.</exception>
    public ContextWindow(long leftFrames = 0, long rightFrames = 0)
        : base(nameof(ContextWindow))
    {
        Require.Range(leftFrames, nameof(leftFrames), 0, 1 << 20);
        Require.Range(rightFrames, nameof(rightFrames), 0, 1 << 20);
        LeftFrames = leftFrames;
        RightFrames = rightFrames;
    }

    /// <summary>Frames before.</summary>
    public long LeftFrames { get; }

    /// <summary>Frames after.</summary>
    public long RightFrames { get; }

    /// <inheritdoc cref="Functional.ContextWindow"/>
    public override Tensor forward(Tensor x) => Functional.ContextWindow(x, LeftFrames, RightFrames);
}
