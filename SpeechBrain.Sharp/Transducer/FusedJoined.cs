using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Transducer;

/// <summary>A run of frames that went through the joint, with the leaves of its graph if it has one.</summary>
/// <param name="Run">Which.</param>
/// <param name="Frames">Encodings <c>[frames, 1, width]</c>.</param>
/// <param name="States">Predictions <c>[1, rows, width]</c>.</param>
/// <param name="Joined">The joint's output <c>[frames, rows, joint]</c>.</param>
internal sealed record FusedJoined(FusedRun Run, Tensor Frames, Tensor States, Tensor Joined) : IDisposable
{
    /// <summary>Moves all of it to the dispose scope around the current one.</summary>
    public FusedJoined MoveToOuterDisposeScope()
    {
        foreach (var tensor in new[] { Frames, States, Joined })
            tensor.MoveToOuterDisposeScope();
        return this;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Frames.Dispose();
        States.Dispose();
        Joined.Dispose();
    }
}
