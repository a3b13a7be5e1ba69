using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Features;

/// <summary>
/// Time derivatives of features: the slope of a least-squares line through a window of frames. The first and last frame are repeated at
/// the borders.
/// </summary>
/// <remarks>
/// SpeechBrain 1.1.0, <c>speechbrain/processing/features.py, Deltas</c>. The buffer <c>kernel</c> is part of the state dict, as there.
/// </remarks>
public sealed class Deltas : nn.Module<Tensor, Tensor>
{
    /// <summary>Makes a derivative.</summary>
    /// <param name="inputSize">Features of a frame, at least 1; it gives the shape of the state dict's buffer.</param>
    /// <param name="windowLength">Frames of the window, odd, at least 3 (an even one counts as the odd one below, as in SpeechBrain).</param>
    /// <exception cref="ArgumentOutOfRangeException">A size out of range.</exception>
    public Deltas(long inputSize, long windowLength = 5)
        : base(nameof(Deltas))
    {
        Require.Range(inputSize, nameof(inputSize), 1, 1 << 20);
        Require.Range(windowLength, nameof(windowLength), 3, 1 << 20);
        InputSize = inputSize;
        HalfWidth = (windowLength - 1) / 2;
        using var scope = NewDisposeScope();
        register_buffer("kernel", arange(-HalfWidth, HalfWidth + 1, ScalarType.Float32, CPU).repeat(inputSize, 1, 1).DetachFromDisposeScope());
    }

    /// <summary>Features of a frame.</summary>
    public long InputSize { get; }

    /// <summary>Frames to each side.</summary>
    public long HalfWidth { get; }

    /// <inheritdoc cref="Functional.Deltas"/>
    public override Tensor forward(Tensor x)
    {
        Require.Rank(x, nameof(x), "[batch, frames, features] or [batch, frames, features, channels]", 3, 4);
        Require.Size(x, nameof(x), 2, InputSize, "the features of this module");
        return Functional.Deltas(x, 2 * HalfWidth + 1);
    }
}
