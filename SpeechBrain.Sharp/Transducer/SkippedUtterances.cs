using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Transducer;

/// <summary>
/// Counts the utterances that a loss left out because theirs was not finite. The count lives on the losses' device, so that counting never waits;
/// for one thread at a time.
/// </summary>
public sealed class SkippedUtterances : IDisposable
{
    private Tensor? count;

    /// <summary>How many since the last <see cref="Reset"/>. Waits for the device: to be read when something is printed, not at each step.</summary>
    public long Count => count is null ? 0 : count.item<long>();

    /// <summary>Begins again at 0.</summary>
    public void Reset() => Dispose();

    /// <summary>Gives the memory back; counting may go on afterwards, from 0.</summary>
    public void Dispose()
    {
        count?.Dispose();
        count = null;
    }

    /// <param name="kept">Bool <c>[batch]</c>: which utterances were not left out.</param>
    internal void Add(Tensor kept)
    {
        using var scope = NewDisposeScope();
        var skipped = kept.logical_not().sum();
        var sum = count is null ? skipped : count.to(skipped.device) + skipped;
        count?.Dispose();
        count = sum.DetachFromDisposeScope();
    }
}
