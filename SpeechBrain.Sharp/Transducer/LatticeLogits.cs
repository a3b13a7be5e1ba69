using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Transducer;

/// <summary>
/// The passes over logits <c>[batch, T, U + 1, V]</c> by tensor operations: the log-probabilities of the two arcs that leave each node of the
/// lattice, and the gradient. All go slice by slice, so that a slice stays in the cache and no other tensor of that size is made; half-precision
/// logits are computed with in float32.
/// </summary>
internal sealed class LatticeLogits
{
    private readonly long batch, frames, blank;
    private readonly Tensor rows;
    private readonly Tensor index;
    private readonly ScalarType type;

    /// <param name="logits">Logits <c>[batch, T, U + 1, V]</c>.</param>
    /// <param name="blank">The index of blank.</param>
    /// <param name="index">Label of each lattice row, <c>[batch, U + 1]</c>, or of each node, <c>[batch, T, U + 1]</c>.</param>
    public LatticeLogits(Tensor logits, long blank, Tensor index)
    {
        (batch, frames, this.blank) = (logits.size(0), logits.size(1), blank);
        var (nodes, vocabulary) = (logits.size(2), logits.size(3));
        rows = logits.contiguous().view(batch * frames, nodes, vocabulary);
        this.index = (index.dim() == 2 ? index.unsqueeze(1) : index).expand(batch, frames, nodes).reshape(batch * frames, nodes, 1);
        type = logits.dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;
    }

    /// <summary>The log-probabilities of blank and of the next label at each node.</summary>
    /// <returns>Both <c>[batch, U + 1, T]</c> in <paramref name="latticeType"/>.</returns>
    public (Tensor Blank, Tensor Label) ArcLogProbabilities(ScalarType latticeType)
    {
        using var scope = NewDisposeScope();
        var (max, sum) = Normalizer();
        var (top, logSum) = (max.to(latticeType), sum.log().to(latticeType));
        return scope.MoveToOuter(
            Lattice(rows.select(-1, blank)),
            Lattice(rows.gather(-1, index).squeeze(-1)));

        Tensor Lattice(Tensor logit) =>
            (logit.to(latticeType) - top - logSum).view(batch, frames, -1).transpose(1, 2).contiguous();
    }

    /// <summary>
    /// The largest logit of each node and the sum of <c>exp(logit - largest)</c>. They are kept apart, and the sum is taken in float64, since
    /// float32 would lose the small difference to the largest logit which is all that a confident model leaves.
    /// </summary>
    /// <returns>Both <c>[batch * T, U + 1]</c>, the largest in the dtype computed with.</returns>
    private (Tensor Max, Tensor Sum) Normalizer()
    {
        using var scope = NewDisposeScope();
        List<Tensor> maxima = [], sums = [];
        foreach (var (start, length) in Slices())
        {
            using var slice = NewDisposeScope();
            var x = rows.narrow(0, start, length).to(type);
            var max = x.amax([-1], keepdim: true);
            maxima.Add(max.squeeze(-1).MoveToOuterDisposeScope());
            sums.Add(x.sub(max).exp_().sum([-1], type: ScalarType.Float64).MoveToOuterDisposeScope());
        }
        return scope.MoveToOuter(cat(maxima, 0), cat(sums, 0));
    }

    /// <summary>
    /// The gradient of the loss by the logits of each node: <c>softmax * (blank + label) - blank</c> at blank and <c>- label</c> at the label,
    /// where <c>blank</c> and <c>label</c> are the posteriors of the node's two arcs. It is 0 where both are, whatever the logits hold.
    /// </summary>
    /// <param name="blankArcs">Posteriors <c>[batch, T, U + 1]</c>.</param>
    /// <param name="labelArcs">Posteriors <c>[batch, T, U + 1]</c>.</param>
    /// <param name="weights">What each utterance's gradient is multiplied by, <c>[batch, 1, 1]</c>; null: 1.</param>
    /// <param name="clamp">To what it is limited before, or infinity.</param>
    /// <returns>The gradient in the logits' shape and dtype.</returns>
    public Tensor Gradient(Tensor blankArcs, Tensor labelArcs, Tensor? weights = null, double clamp = double.PositiveInfinity)
    {
        using var scope = NewDisposeScope();
        var gradient = rows.empty_like();
        WriteGradient(gradient, blankArcs, labelArcs, weights, clamp);
        return gradient.view(batch, frames, rows.size(1), rows.size(2)).MoveToOuterDisposeScope();
    }

    /// <summary>As above, but the gradient takes the place of the logits, which must have come contiguous.</summary>
    public void ReplaceByGradient(Tensor blankArcs, Tensor labelArcs, Tensor weights, double clamp)
    {
        using var scope = NewDisposeScope();
        WriteGradient(rows, blankArcs, labelArcs, weights, clamp);
    }

    private void WriteGradient(Tensor gradient, Tensor blankArcs, Tensor labelArcs, Tensor? weights, double clamp)
    {
        // Where there is no limit to be kept, the weights go the short way, through the arcs.
        var limited = double.IsFinite(clamp) ? ByNode((weights ?? blankArcs.new_ones(1)).expand_as(blankArcs)) : null;
        var (byBlank, byLabel) = limited is not null || weights is null
            ? (ByNode(blankArcs), ByNode(labelArcs))
            : (ByNode(blankArcs * weights), ByNode(labelArcs * weights));
        var total = byBlank + byLabel;
        var nothing = byBlank.eq(0).logical_and(byLabel.eq(0));
        var minusLabel = byLabel.neg();
        foreach (var (start, length) in Slices())
        {
            using var slice = NewDisposeScope();
            var g = rows.narrow(0, start, length).to(type).softmax(-1).mul_(total.narrow(0, start, length));
            g.select(-1, blank).sub_(byBlank.narrow(0, start, length).squeeze(-1));
            g.scatter_add_(-1, index.narrow(0, start, length), minusLabel.narrow(0, start, length));
            if (limited is not null)
                g.clamp_(-clamp, clamp).mul_(limited.narrow(0, start, length));
            gradient.narrow(0, start, length).copy_(g.masked_fill_(nothing.narrow(0, start, length), 0));
        }

        Tensor ByNode(Tensor lattice) => lattice.to(type).reshape(rows.size(0), -1, 1);
    }

    // Elements of a slice: on a CPU what fits its second-level cache, elsewhere what keeps the device busy.
    private IEnumerable<(long Start, long Length)> Slices()
    {
        long elements = rows.device_type == DeviceType.CPU ? 1L << 18 : 1L << 26;
        long step = Math.Max(1, elements / Math.Max(1, rows.size(1) * rows.size(2)));
        for (long start = 0; start < rows.size(0); start += step)
            yield return (start, Math.Min(step, rows.size(0) - start));
    }
}
