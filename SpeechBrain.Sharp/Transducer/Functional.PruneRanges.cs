using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp;

public static partial class Functional
{
    /// <summary>
    /// The predictor states that each frame needs: of all windows of <paramref name="sRange"/> states, the one that alignments are likeliest to
    /// stay in.
    /// </summary>
    /// <remarks>
    /// <para>
    /// A window that begins at state p of frame t keeps at least the share <c>sum over its states of blank[t, u] - label[t, p - 1]</c> of all
    /// alignments: each takes one blank of the frame, and those that came into the window from below by a label are cut off. The p of the
    /// largest share is taken (the lowest of those within 1e-6), and then moved where need be so that windows begin at state 0 in the first
    /// frame, end at the last state in the last frame, never move down, and share at least one state with the next.
    /// </para>
    /// <para>
    /// <c>sRange</c> states a frame can climb <c>sRange - 1</c> labels; where an utterance needs more, <c>1 + ceil(U / T)</c> states are taken
    /// for the batch, and never more than the <c>U + 1</c> there are.
    /// </para>
    /// <code>
    /// 10 frames, 6 labels, sRange 3, a likely window of each frame:
    ///     [[0,1,2], [0,1,2], [0,1,2], [0,1,2], [1,2,3], [1,2,3], [2,3,4], [4,5,6], [4,5,6], [4,5,6]]
    /// </code>
    /// <para>Source: F. Kuang et al., Pruned RNN-T, 2022 (arXiv 2206.13236), section 3.2. Does not wait for the device.</para>
    /// </remarks>
    /// <param name="blankArcs">Posteriors <c>[batch, T, U + 1]</c> from <see cref="SimpleTransducerLoss"/>.</param>
    /// <param name="labelArcs">Posteriors <c>[batch, T, U + 1]</c> from the same.</param>
    /// <param name="inputLens">Frames of each utterance, 1 to T.</param>
    /// <param name="targetLens">Labels of each utterance, 0 to U.</param>
    /// <param name="sRange">States to keep a frame, at least 2.</param>
    /// <returns>
    /// Indices of states <c>[batch, T, states]</c>, int64, consecutive along the last dimension; those of padding frames are the last.
    /// </returns>
    /// <exception cref="ArgumentException">Shapes, devices, lengths or <paramref name="sRange"/> do not fit.</exception>
    public static Tensor PruneRanges(Tensor blankArcs, Tensor labelArcs, long[] inputLens, long[] targetLens, long sRange)
    {
        Require.Rank(blankArcs, nameof(blankArcs), "[batch, T, U + 1]", 3);
        Require.Floating(blankArcs, nameof(blankArcs));
        if (blankArcs.numel() == 0)
            throw new ArgumentException($"blankArcs is {Require.Describe(blankArcs)}; none of batch, T and U + 1 may be 0.", nameof(blankArcs));
        Require.Rank(labelArcs, nameof(labelArcs), "[batch, T, U + 1]", 3);
        for (int i = 0; i < 3; i++)
            Require.Size(labelArcs, nameof(labelArcs), i, blankArcs.size(i), "as in blankArcs");
        Require.SameDevice(labelArcs, nameof(labelArcs), blankArcs, nameof(blankArcs));
        Require.Range(sRange, nameof(sRange), 2);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var (frameCount, rows) = (blankArcs.size(1), blankArcs.size(2));
        var frames = BatchLengths.From(inputLens, nameof(inputLens), blankArcs, frameCount, 1).unsqueeze(1);
        var labels = BatchLengths.From(targetLens, nameof(targetLens), blankArcs, rows - 1, 0).unsqueeze(1);
        long needed = inputLens.Zip(targetLens, (t, u) => 1 + (u + t - 1) / t).Max();
        long range = Math.Min(Math.Max(sRange, needed), rows);

        var inWindow = blankArcs.unfold(2, range, 1).sum(-1);                              // [batch, T, windows]
        var cutOff = cat([labelArcs.narrow(2, 0, 1).zeros_like(), labelArcs], 2).narrow(2, 0, rows - range + 1); // label[t, p - 1]
        var share = inWindow - cutOff;
        // Where the alignment is all but certain, many windows hold it and differ by rounding alone: the lowest of these, wherever it is computed.
        var best = share.ge(share.amax([-1], keepdim: true) - 1e-6).to(ScalarType.Byte).argmax(-1); // [batch, T]

        var t = arange(frameCount, dtype: ScalarType.Int64, device: blankArcs.device).unsqueeze(0);
        var end = (labels - (range - 1)).clamp_min(0);
        // Backwards in time, each condition is a running extreme.
        var first = where(t.lt(frames - 1), best, end).flip(1).cummin(1).Item1;               // windows never move down
        var climb = ((range - 1) * t).flip(1);
        first = (first - climb).cummax(1).Item1 + climb;                                     // each begins within the one before it
        first = minimum(first, climb).flip(1);                                               // and the first at state 0
        var offset = arange(range, dtype: ScalarType.Int64, device: blankArcs.device);
        return (first.unsqueeze(-1) + offset).MoveToOuterDisposeScope();
    }
}
