namespace SpeechBrain.Sharp.Transducer;

/// <summary>Utterances whose logits exist at the same time.</summary>
/// <param name="Utterances">Their places in the batch.</param>
/// <param name="Frames">Frames of the longest.</param>
/// <param name="Rows">Predictor states (labels and one) of the longest.</param>
/// <param name="FramesAtOnce">Frames that go through the joint at once.</param>
/// <param name="IsCut">
/// Whether the logits exist for <paramref name="FramesAtOnce"/> frames at a time only, of one utterance: they are then computed twice, once for the
/// loss and once for the gradient.
/// </param>
public sealed record TransducerMemorySlice(IReadOnlyList<int> Utterances, long Frames, long Rows, long FramesAtOnce, bool IsCut)
{
    /// <summary>Nodes for which logits exist at the same time.</summary>
    public long LogitNodes => (IsCut ? FramesAtOnce : Frames * Utterances.Count) * Rows;

    /// <summary>Nodes of the lattices.</summary>
    public long LatticeNodes => Frames * Rows * Utterances.Count;
}
