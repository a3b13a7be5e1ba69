using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Transducer;

/// <summary>What the slices of a batch are scored against, and by which engine: in memory on a CPU, by tensor operations elsewhere.</summary>
internal sealed class FusedTargets
{
    private readonly Tensor index;
    private readonly int[][]? hostLabels;
    private readonly long blank;
    private readonly TransducerLossOptions options;

    /// <param name="targets">Labels <c>[batch, U]</c>; checked where they lie on the CPU.</param>
    /// <param name="frames">Frames of each utterance, checked.</param>
    /// <param name="labels">Labels of each utterance, checked.</param>
    /// <param name="vocabulary">Number of outputs.</param>
    /// <param name="blank">The index of blank.</param>
    /// <param name="options">The engine, and what changes the gradient.</param>
    public FusedTargets(Tensor targets, long[] frames, long[] labels, long vocabulary, long blank, TransducerLossOptions options)
    {
        (Frames, Labels, this.blank, this.options) = (frames, labels, blank, options);
        index = TransducerTargets.LabelOfEachRow(targets, vocabulary);
        if (!targets.is_cpu() || options.Engine == TransducerLossEngine.Tensor)
            return;
        long[] values = BatchLengths.HostValues(targets);
        int width = (int)targets.size(1);
        hostLabels = [.. labels.Select((count, b) => values.AsSpan(b * width, (int)count).ToArray().Select(v => (int)v).ToArray())];
    }

    /// <summary>Frames of each utterance.</summary>
    public long[] Frames { get; }

    /// <summary>Labels of each utterance.</summary>
    public long[] Labels { get; }

    /// <summary>A slice's targets for tensor operations, in the current dispose scope.</summary>
    public TransducerTargets Of(TransducerMemorySlice slice)
    {
        using var scope = NewDisposeScope();
        var device = index.device;
        var chosen = tensor(slice.Utterances.Select(b => (long)b).ToArray(), device: device);
        return new(
            index.index_select(0, chosen).narrow(1, 0, slice.Rows).MoveToOuterDisposeScope(),
            tensor(slice.Utterances.Select(b => Frames[b]).ToArray(), device: device).MoveToOuterDisposeScope(),
            tensor(slice.Utterances.Select(b => Labels[b]).ToArray(), device: device).MoveToOuterDisposeScope(),
            blank, options.LatticeType);
    }

    /// <summary>Losses of a slice; with gradients, those take the place of the logits.</summary>
    /// <param name="logits">Contiguous <c>[utterances, frames, rows, V]</c>.</param>
    /// <param name="slice">Whose they are.</param>
    /// <param name="weights">Of each utterance of the batch, for the gradient.</param>
    /// <param name="withGradient">Whether there is to be a gradient.</param>
    /// <returns>Negative log-likelihoods in the slice's order, in the current dispose scope.</returns>
    public Tensor Score(Tensor logits, TransducerMemorySlice slice, double[] weights, bool withGradient)
    {
        double[] own = [.. slice.Utterances.Select(b => weights[b])];
        return hostLabels is null ? ByTensors(logits, slice, own, withGradient) : InMemory(logits, slice, own, withGradient);
    }

    private Tensor InMemory(Tensor logits, TransducerMemorySlice slice, double[] weights, bool withGradient)
    {
        using var scope = NewDisposeScope();
        var goal = new CpuTransducerTargets(
            [.. slice.Utterances.Select(b => Frames[b])], [.. slice.Utterances.Select(b => hostLabels![b])], (int)blank);
        double[] losses = withGradient
            ? CpuTransducerEngine.LossAndGradient(logits, goal, weights, logits, options.Gradient)
            : CpuTransducerEngine.LossesOf(logits, goal);
        return tensor(losses).MoveToOuterDisposeScope();
    }

    private Tensor ByTensors(Tensor logits, TransducerMemorySlice slice, double[] weights, bool withGradient)
    {
        using var scope = NewDisposeScope();
        var goal = Of(slice);
        var nodes = new LatticeLogits(logits, blank, goal.Index);
        var (byBlank, byLabel) = nodes.ArcLogProbabilities(options.LatticeType);
        var lattice = new TransducerLattice(byBlank, byLabel, goal.Frames, goal.Labels);
        if (!withGradient)
            return lattice.Loss().MoveToOuterDisposeScope();
        var (losses, blankArcs, labelArcs) = lattice.LossAndPosteriors();
        Replace(nodes, blankArcs, labelArcs, weights);
        return losses.MoveToOuterDisposeScope();
    }

    /// <summary>The gradient, in the place of the logits.</summary>
    /// <param name="nodes">The logits of some frames.</param>
    /// <param name="blankArcs">Their posteriors.</param>
    /// <param name="labelArcs">Their posteriors.</param>
    /// <param name="weights">Of each utterance of the slice.</param>
    public void Replace(LatticeLogits nodes, Tensor blankArcs, Tensor labelArcs, double[] weights)
    {
        using var scope = NewDisposeScope();
        var weight = tensor(weights, dtype: blankArcs.dtype, device: blankArcs.device).reshape(-1, 1, 1);
        nodes.ReplaceByGradient(blankArcs, labelArcs * (1 + options.FastEmit), weight, options.Gradient.Clamp);
    }
}
