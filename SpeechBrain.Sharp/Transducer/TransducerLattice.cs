using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Transducer;

/// <summary>
/// The RNN-T lattice of a batch (A. Graves, Sequence transduction with recurrent neural networks, 2012): node (t, u) has seen t frames and
/// emitted u labels; a blank arc leads to (t + 1, u), a label arc to (t, u + 1); the blank arc of (T - 1, U) ends it.
/// </summary>
/// <remarks>
/// <para>
/// Log forward variable: <c>alpha[t, u] = logaddexp(alpha[t - 1, u] + blank[t - 1, u], alpha[t, u - 1] + label[t, u - 1])</c>. For a fixed u
/// that is a linear recurrence in t. With C[t, u] the sum of the blanks before t and <c>alpha = C + g</c> it reads
/// <c>g[t, u] = logaddexp(g[t - 1, u], g[t, u - 1] + C[t, u - 1] + label[t, u - 1] - C[t, u])</c>, and that is a cumulative log-sum-exp
/// along t: U steps of two operations in place of T + U diagonals of three.
/// </para>
/// <para>
/// The backward variable obeys the same recurrence on the mirrored lattice (each utterance turned about its own middle, so that all begin
/// at node (0, 0)), except that the arc into a node bears the node's own log-probability; both run as one batch of twice the size.
/// </para>
/// <para>
/// Measured against diagonals in float64 at 1500 frames and 29 labels on one core: 4 ms in place of 24, and values equal within 1e-11
/// for normal logits, 1e-9 for logits of scale 300.
/// </para>
/// <para>
/// Precision: C can be far larger than alpha (a row whose blank is improbable adds up to -1e5 in 3000 frames), so alpha is off by about
/// 1e-16 |C| in float64. The blank's log-probability counts as no less than -10,000, so that C stays finite for logits of
/// minus infinity; that changes a loss only where every path takes a blank less likely than exp(-10,000). A loss whose paths all take a blank of
/// minus infinity, and so count at least one such, is infinite.
/// </para>
/// </remarks>
internal sealed class TransducerLattice
{
    private static readonly Scalar LeastBlank = -1e4;

    private readonly long batch, rows, frames;
    private readonly Tensor blank, label, closed, lastFrame, lastLabel;

    /// <param name="blank">Log-probability of blank at each node, <c>[batch, U + 1, T]</c>.</param>
    /// <param name="label">Log-probability of the next label at each node, <c>[batch, U + 1, T]</c>; those of the last row are not used.</param>
    /// <param name="frameCounts">Frames of each utterance, <c>[batch]</c> int64, 1 to T. What lies beyond is not used, whatever it holds.</param>
    /// <param name="labelCounts">Labels of each utterance, <c>[batch]</c> int64, 0 to U.</param>
    public TransducerLattice(Tensor blank, Tensor label, Tensor frameCounts, Tensor labelCounts)
    {
        (batch, rows, frames) = (blank.size(0), blank.size(1), blank.size(2));
        this.blank = blank.clamp_min(LeastBlank);
        closed = blank.isneginf();
        this.label = label;
        lastFrame = (frameCounts - 1).reshape(batch, 1, 1);
        lastLabel = labelCounts.reshape(batch, 1, 1);
    }

    /// <summary>The negative log-likelihoods <c>[batch]</c>.</summary>
    public Tensor Loss()
    {
        using var scope = NewDisposeScope();
        return LossAndPosteriors().Loss.MoveToOuterDisposeScope();
    }

    /// <summary>The losses, and the posterior probabilities that a path of the utterance takes an arc.</summary>
    /// <returns>
    /// Losses <c>[batch]</c>; posteriors of the blank arcs and of the label arcs, both <c>[batch, T, U + 1]</c>, 0 outside the utterance, NaN where
    /// the loss is not finite.
    /// </returns>
    public (Tensor Loss, Tensor BlankArcs, Tensor LabelArcs) LossAndPosteriors()
    {
        using var scope = NewDisposeScope();
        var t = arange(frames, dtype: ScalarType.Int64, device: blank.device).reshape(1, 1, frames);
        var u = arange(rows, dtype: ScalarType.Int64, device: blank.device).reshape(1, rows, 1);
        // Modulo makes a permutation of it that is its own inverse; nodes outside the utterance land behind those inside.
        var mirror = ((lastLabel - u).remainder(rows) * frames + (lastFrame - t).remainder(frames)).reshape(batch, rows * frames);

        var mirroredBlank = Mirror(blank, mirror);
        var cumulated = cat([BlanksBefore(), mirroredBlank.cumsum(-1)], 0);
        var steps = cat([label.narrow(1, 0, rows - 1), Mirror(label, mirror).narrow(1, 1, rows - 1)], 0);
        var both = Scan(cumulated, steps);
        var alpha = both.narrow(0, 0, batch);
        var beta = Mirror(both.narrow(0, batch, batch), mirror);

        var logLikelihood = LogLikelihood(alpha);
        var behind = alpha - logLikelihood;
        var isLast = t.eq(lastFrame).logical_and(u.eq(lastLabel));
        var hasBlank = t.lt(lastFrame).logical_and(u.le(lastLabel));
        var hasLabel = t.le(lastFrame).logical_and(u.lt(lastLabel));
        // Rolling brings each arc the beta of the node it leads to; what wraps around belongs to no arc.
        var blankArcs = (behind + blank + beta.roll(-1, 2)).exp().masked_fill(hasBlank.logical_not(), 0) + isLast.to(blank.dtype);
        var labelArcs = (behind + label + beta.roll(-1, 1)).exp().masked_fill(hasLabel.logical_not(), 0);
        // Counted as improbable, arcs of minus infinity are taken where there is no other way, at least one a path.
        var impossible = blankArcs.masked_fill(closed.logical_not(), 0).sum([1, 2], keepdim: true).gt(0.5);
        var loss = logLikelihood.neg().masked_fill(impossible, double.PositiveInfinity);
        var lost = loss.isfinite().logical_not();
        return scope.MoveToOuter(
            loss.reshape(batch),
            blankArcs.masked_fill(lost.logical_and(hasBlank.logical_or(isLast)), double.NaN).transpose(1, 2).contiguous(),
            labelArcs.masked_fill(lost.logical_and(hasLabel), double.NaN).transpose(1, 2).contiguous());
    }

    private Tensor BlanksBefore() => blank.cumsum(-1) - blank;

    /// <summary>The recurrence of the remarks: <paramref name="cumulated"/> is C, <paramref name="steps"/>[:, u - 1] leads into row u.</summary>
    private static Tensor Scan(Tensor cumulated, Tensor steps)
    {
        long last = steps.size(1);
        var arrivals = cumulated.narrow(1, 0, last) + steps - cumulated.narrow(1, 1, last);
        List<Tensor> g = [cumulated.select(1, 0).zeros_like()];
        for (long u = 0; u < last; u++)
            g.Add((g[^1] + arrivals.select(1, u)).logcumsumexp(-1));
        return stack(g, 1) + cumulated;
    }

    private Tensor Mirror(Tensor lattice, Tensor mirror) => lattice.reshape(batch, -1).gather(1, mirror).view(batch, rows, frames);

    private Tensor LogLikelihood(Tensor alpha)
    {
        var end = (lastLabel * frames + lastFrame).reshape(batch, 1);
        return (alpha + blank).reshape(batch, -1).gather(1, end).reshape(batch, 1, 1);
    }
}
