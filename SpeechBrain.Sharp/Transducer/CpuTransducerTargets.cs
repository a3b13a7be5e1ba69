using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Transducer;

/// <summary>
/// What the CPU engine scores a batch's logits against, in host integers, and where each utterance's numbers stand in the engine's own memory.
/// Checked by whoever makes it: <paramref name="frames"/> from 1 to T, as many labels as fit into U, each one an output other than blank.
/// </summary>
/// <param name="frames">Frames of each utterance.</param>
/// <param name="labels">Labels of each utterance, as many as it has.</param>
/// <param name="blank">The index of blank.</param>
internal sealed class CpuTransducerTargets(long[] frames, int[][] labels, int blank)
{
    private readonly long[] nodeStart = Starts(frames, labels, (t, u) => (long)t * (u + 1));
    private readonly long[] arcStart = Starts(frames, labels, DiagonalLattice.Size);

    public int Batch => labels.Length;

    public int Blank => blank;

    /// <summary>Nodes of all utterances: T times U + 1 of each one's own.</summary>
    public long Nodes => nodeStart[^1];

    /// <summary>Numbers for one kind of arc of all utterances, in the layout of <see cref="DiagonalLattice"/>.</summary>
    public long Arcs => arcStart[^1];

    public int Frames(int utterance) => (int)frames[utterance];

    public int[] Labels(int utterance) => labels[utterance];

    /// <summary>The first node of an utterance.</summary>
    public long NodeStart(int utterance) => nodeStart[utterance];

    /// <summary>The first number of an utterance's arcs.</summary>
    public long ArcStart(int utterance) => arcStart[utterance];

    /// <summary>From a batch's tensors on the CPU; values checked before.</summary>
    /// <param name="targets">Labels <c>[batch, U]</c>; padding may hold any value.</param>
    /// <param name="frames">Frames of each utterance.</param>
    /// <param name="counts">Labels of each utterance.</param>
    /// <param name="blank">The index of blank.</param>
    public static CpuTransducerTargets Make(Tensor targets, long[] frames, long[] counts, long blank)
    {
        int width = (int)targets.size(1);
        int[] values = Array.ConvertAll(BatchLengths.HostValues(targets), label => (int)label);
        int[][] labels = new int[counts.Length][];
        for (int b = 0; b < labels.Length; b++)
            labels[b] = values.AsSpan(b * width, (int)counts[b]).ToArray();
        return new(frames, labels, (int)blank);
    }

    private static long[] Starts(long[] frames, int[][] labels, Func<int, int, long> size)
    {
        long[] starts = new long[labels.Length + 1];
        for (int b = 0; b < labels.Length; b++)
            starts[b + 1] = starts[b] + size((int)frames[b], labels[b].Length);
        return starts;
    }
}
