using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Transducer;

/// <summary>
/// The passes over logits <c>[batch, T, U + 1, V]</c>: their softmax's normaliser, the log-probabilities of the two arcs that leave each
/// node of the lattice, and the gradient. All go slice by slice, so that a slice stays in the cache and no other tensor of that size is
/// made; half-precision logits are computed with in float32.
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

    /// <summary>
    /// The largest logit of each node and the sum of <c>exp(logit - largest)</c>. They are kept apart since their log-sum-exp, rounded to
    /// float32, would lose the small difference to the largest logit which is all that a confident model leaves.
    /// </summary>
    /// <returns>Both <c>[batch * T, U + 1]</c>, float64 for float64 logits and float32 for all others.</returns>
    public (Tensor Max, Tensor Sum) Normalizer()
    {
        using var scope = NewDisposeScope();
        List<Tensor> maxima = [], sums = [];
        foreach (var (start, length) in Slices())
        {
            using var slice = NewDisposeScope();
            var x = rows.narrow(0, start, length).to(type);
            var max = x.amax([-1], keepdim: true);
            maxima.Add(max.squeeze(-1).MoveToOuterDisposeScope());
            sums.Add(x.sub(max).exp_().sum(-1).MoveToOuterDisposeScope());
        }
        return scope.MoveToOuter(cat(maxima, 0), cat(sums, 0));
    }

    /// <summary>The log-probabilities of blank and of the next label at each node.</summary>
    /// <returns>Both <c>[batch, U + 1, T]</c> in <paramref name="latticeType"/>.</returns>
    public (Tensor Blank, Tensor Label) ArcLogProbabilities(Tensor max, Tensor sum, ScalarType latticeType)
    {
        using var scope = NewDisposeScope();
        var (top, logSum) = (max.to(latticeType), sum.to(latticeType).log());
        return scope.MoveToOuter(
            Lattice(rows.select(-1, blank)),
            Lattice(rows.gather(-1, index).squeeze(-1)));

        Tensor Lattice(Tensor logit) =>
            (logit.to(latticeType) - top - logSum).view(batch, frames, -1).transpose(1, 2).contiguous();
    }

    /// <summary>
    /// The gradient of the loss by the logits of each node: <c>softmax * (blank + label) - blank</c> at blank and <c>- label</c> at the label,
    /// where <c>blank</c> and <c>label</c> are the weighted posteriors of the node's two arcs.
    /// </summary>
    /// <param name="max">See <see cref="Normalizer"/>.</param>
    /// <param name="sum">See <see cref="Normalizer"/>.</param>
    /// <param name="blankArcs">Weighted posteriors <c>[batch, T, U + 1]</c>.</param>
    /// <param name="labelArcs">Weighted posteriors <c>[batch, T, U + 1]</c>.</param>
    /// <returns>The gradient in the logits' shape and dtype.</returns>
    public Tensor Gradient(Tensor max, Tensor sum, Tensor blankArcs, Tensor labelArcs)
    {
        using var scope = NewDisposeScope();
        var gradient = rows.empty_like();
        WriteGradient(gradient, max, sum, blankArcs, labelArcs);
        return gradient.view(batch, frames, rows.size(1), rows.size(2)).MoveToOuterDisposeScope();
    }

    /// <summary>As above, but the gradient takes the place of the logits, which must have come contiguous.</summary>
    public void ReplaceByGradient(Tensor max, Tensor sum, Tensor blankArcs, Tensor labelArcs)
    {
        using var scope = NewDisposeScope();
        WriteGradient(rows, max, sum, blankArcs, labelArcs);
    }

    private void WriteGradient(Tensor gradient, Tensor max, Tensor sum, Tensor blankArcs, Tensor labelArcs)
    {
        var byBlank = blankArcs.to(type).reshape(rows.size(0), -1);
        var byLabel = labelArcs.to(type).reshape(rows.size(0), -1, 1);
        var softmaxWeight = (byBlank.unsqueeze(-1) + byLabel) / sum.unsqueeze(-1);
        var minusLabel = byLabel.neg();
        var top = max.unsqueeze(-1);
        foreach (var (start, length) in Slices())
        {
            using var slice = NewDisposeScope();
            var x = rows.narrow(0, start, length).to(type);
            var g = x.sub(top.narrow(0, start, length)).exp_().mul_(softmaxWeight.narrow(0, start, length));
            g.select(-1, blank).sub_(byBlank.narrow(0, start, length));
            g.scatter_add_(-1, index.narrow(0, start, length), minusLabel.narrow(0, start, length));
            gradient.narrow(0, start, length).copy_(g);
        }
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
