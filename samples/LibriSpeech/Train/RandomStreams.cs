using SpeechBrain.Sharp.Training;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>
/// A generator for each kind of draw, so that none shifts the others: whether features are augmented does not change which speeds are drawn.
/// (Initial weights and dropout come from torch's own; the order of batches from seed and epoch alone.)
/// </summary>
internal sealed class RandomStreams(int seed) : IDisposable
{
    private const ulong Apart = 0x9E3779B9; // 2^32 over the golden ratio: multiples of it lie far from one another

    internal Generator Speeds { get; } = new((ulong)seed);

    internal Generator Chunks { get; } = new((ulong)seed + Apart);

    internal Generator Features { get; } = new((ulong)seed + 2 * Apart);

    /// <summary>Their states, and that of torch's own, from which dropout draws.</summary>
    internal IRecoverable State => Recoverable.Generators("generators", new Dictionary<string, Generator>
    {
        ["speeds"] = Speeds,
        ["chunks"] = Chunks,
        ["features"] = Features,
    });

    public void Dispose()
    {
        Speeds.Dispose();
        Chunks.Dispose();
        Features.Dispose();
    }
}
