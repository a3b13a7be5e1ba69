using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Transducer;

/// <summary>
/// The fused loss: goes through the slices of a plan, makes the logits of each in one and the same memory, scores them, has them overwritten by their
/// gradient, and takes that on through output layer and joint.
/// </summary>
internal sealed class FusedScores
{
    private readonly FusedJoint joint;
    private readonly FusedTargets targets;
    private readonly TransducerMemoryPlan plan;
    private readonly FusedGradients gradients;
    private readonly double[] weights;
    private Tensor? memory;
    private long memoryNodes;

    /// <param name="joint">The inputs.</param>
    /// <param name="targets">What they are scored against.</param>
    /// <param name="plan">The slices.</param>
    /// <param name="gradients">Where gradients are gathered.</param>
    /// <param name="weights">By what each utterance's gradient is multiplied.</param>
    public FusedScores(FusedJoint joint, FusedTargets targets, TransducerMemoryPlan plan, FusedGradients gradients, double[] weights)
    {
        (this.joint, this.targets, this.plan, this.gradients, this.weights) = (joint, targets, plan, gradients, weights);
    }

    /// <summary>The losses, not weighted.</summary>
    /// <returns><c>[batch]</c> float64 (or the dtype of the lattice), in the current dispose scope.</returns>
    public Tensor Losses()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        List<Tensor> losses = [];
        foreach (var slice in plan.Slices)
        {
            Reserve(slice);
            losses.Add(slice.IsCut ? Cut(slice) : Whole(slice));
        }
        // From the slices' order to the batch's.
        int[] order = [.. plan.Slices.SelectMany(s => s.Utterances)];
        long[] place = [.. Enumerable.Range(0, order.Length).Select(b => (long)Array.IndexOf(order, b))];
        return cat(losses, 0).index_select(0, tensor(place, device: joint.Encoded.device)).MoveToOuterDisposeScope();
    }

    // Logits of all frames first, then their gradient in their place. The joint is made once more for the gradient, run by run, but for the last
    // run, which is at hand: short utterances have no other.
    private Tensor Whole(TransducerMemorySlice slice)
    {
        using var scope = NewDisposeScope();
        var logits = Memory(slice.Utterances.Count, slice.Frames, slice.Rows);
        var runs = Runs(slice).ToArray();
        FusedJoined? last = null;
        foreach (var (run, part) in runs)
        {
            using var inner = NewDisposeScope();
            bool isLast = run == runs[^1].Run;
            var joined = joint.Join(run, isLast && gradients.Inputs);
            joint.Logits(joined, Part(logits, run, part));
            if (isLast && gradients.Any)
                last = joined.MoveToOuterDisposeScope();
        }
        var losses = targets.Score(logits, slice, weights, gradients.Any);
        if (!gradients.Any)
            return losses.MoveToOuterDisposeScope();
        foreach (var (run, part) in runs.Reverse())
        {
            using var joined = last ?? joint.Join(run, gradients.Inputs);
            last = null;
            joint.Backward(joined, Part(logits, run, part), gradients);
        }
        return losses.MoveToOuterDisposeScope();
    }

    // Logits of a run at a time, twice: for the arcs of the lattice, and for the gradient once the lattice is known.
    private Tensor Cut(TransducerMemorySlice slice)
    {
        using var scope = NewDisposeScope();
        var goal = targets.Of(slice);
        List<Tensor> blanks = [], labels = [];
        foreach (var (run, _) in Runs(slice))
        {
            using var inner = NewDisposeScope();
            using var joined = joint.Join(run, withGraph: false);
            var (blank, label) = Nodes(joined).ArcLogProbabilities(goal.LatticeType);
            blanks.Add(blank.MoveToOuterDisposeScope());
            labels.Add(label.MoveToOuterDisposeScope());
        }
        var lattice = new TransducerLattice(cat(blanks, 2), cat(labels, 2), goal.Frames, goal.Labels);
        if (!gradients.Any)
            return lattice.Loss().MoveToOuterDisposeScope();
        var (losses, byBlank, byLabel) = lattice.LossAndPosteriors();
        foreach (var (run, _) in Runs(slice))
        {
            using var inner = NewDisposeScope();
            using var joined = joint.Join(run, gradients.Inputs);
            targets.Replace(
                Nodes(joined), byBlank.narrow(1, run.First, run.Count), byLabel.narrow(1, run.First, run.Count), [weights[run.Utterance]]);
            joint.Backward(joined, Memory(run.Count, run.Rows), gradients);
        }
        return losses.MoveToOuterDisposeScope();

        LatticeLogits Nodes(FusedJoined joined)
        {
            var logits = Memory(joined.Run.Count, joined.Run.Rows);
            joint.Logits(joined, logits);
            return new LatticeLogits(logits.unsqueeze(0), goal.Blank, goal.Index);
        }
    }

    // Runs of an utterance's own frames; with each the utterance's place in the slice.
    private IEnumerable<(FusedRun Run, int Part)> Runs(TransducerMemorySlice slice) => slice.Utterances.Index().SelectMany(
        u => FusedRun.Of(u.Item, targets.Frames[u.Item], slice.Rows, slice.FramesAtOnce).Select(run => (run, u.Index)));

    private static Tensor Part(Tensor logits, FusedRun run, int part) => logits.select(0, part).narrow(0, run.First, run.Count);

    // Fresh memory is slow to come by: what the slice before had serves again.
    private void Reserve(TransducerMemorySlice slice)
    {
        if (memory is not null && plan.Fits(slice, memoryNodes))
            return;
        memory?.Dispose();
        memoryNodes = slice.LogitNodes;
        memory = empty(memoryNodes * joint.Weight.size(0), dtype: joint.Type, device: joint.Encoded.device);
    }

    private Tensor Memory(params long[] shape) =>
        memory!.narrow(0, 0, shape.Aggregate(joint.Weight.size(0), (product, size) => product * size)).view([.. shape, joint.Weight.size(0)]);
}
