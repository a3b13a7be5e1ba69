using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp;

public static partial class Functional
{
    /// <summary>
    /// Negative log-likelihood of targets, masked by length, with SpeechBrain's reductions and label smoothing:
    /// <c>(1 - s) * nll - s * mean over outputs of the log-probabilities</c>, both reduced in the same way.
    /// </summary>
    /// <remarks>
    /// Source: SpeechBrain 1.1.0, <c>nnet/losses.py</c>, <c>nll_loss</c>. Its mask is not that of the other losses: a frame counts if its
    /// index is below <c>length * time - 1e-6</c>, so the length is rounded up. Its "sum" returns the losses unsummed; here it is their sum.
    /// </remarks>
    /// <param name="logProbabilities">Log-probabilities <c>[batch, outputs]</c> or <c>[batch, time, outputs]</c>.</param>
    /// <param name="targets">Targets <c>[batch]</c> or <c>[batch, time]</c>, int64 or int32; padding may hold any value.</param>
    /// <param name="length">Relative lengths <c>[batch]</c> (0 to 1), or null: everything counts. Only with three dimensions.</param>
    /// <param name="labelSmoothing">The share s of the smoothing term, 0 to 1.</param>
    /// <param name="allowedLenDiff">By how many frames predictions and targets may differ; the longer one is cut.</param>
    /// <param name="weight">A weight for each output, <c>[outputs]</c>, or null. The mean is over frames, not over weights.</param>
    /// <param name="reduction">
    /// <see cref="LossReduction.None"/>: in the targets' shape; <see cref="LossReduction.Sum"/>; <see cref="LossReduction.Mean"/>: divided by
    /// the frames that count; <see cref="LossReduction.Batch"/>: <c>[batch]</c>, each divided by its frames; <see cref="LossReduction.BatchMean"/>:
    /// the sum divided by the batch.
    /// </param>
    /// <returns>The loss in the dtype of <paramref name="logProbabilities"/>.</returns>
    /// <exception cref="ArgumentException">
    /// Shapes, dtypes or devices do not fit, the lengths differ by more than <paramref name="allowedLenDiff"/>, or a target on the CPU is out of
    /// range.
    /// </exception>
    public static Tensor NllLoss(
        Tensor logProbabilities, Tensor targets, Tensor? length = null, double labelSmoothing = 0, long allowedLenDiff = 3, Tensor? weight = null,
        LossReduction reduction = LossReduction.Mean)
    {
        CheckNll(logProbabilities, targets, length, labelSmoothing, allowedLenDiff, weight, reduction);
        using var scope = NewDisposeScope();
        var (log, wanted) = (logProbabilities, targets.to(ScalarType.Int64));
        if (log.dim() == 3)
        {
            long time = Math.Min(log.size(1), targets.size(1));
            (log, wanted) = (log.narrow(1, 0, time), wanted.narrow(1, 0, time));
        }
        var mask = length is null ? wanted.ones_like(log.dtype) : FramesThatCount(length, wanted.size(1), log);
        if (targets.is_cpu())
            CheckTargets(wanted, mask, log.size(-1));
        // A target out of range would end the process on one device and poison the context on another; padding may hold anything.
        wanted = wanted.clamp(0, log.size(-1) - 1);

        var nll = log.gather(-1, wanted.unsqueeze(-1)).squeeze(-1).neg() * mask;
        if (weight is not null)
            nll = nll * weight.to(log.dtype).index_select(0, wanted.flatten()).reshape(wanted.shape);
        var loss = Reduce(nll, mask, reduction);
        if (labelSmoothing != 0)
            loss = (1 - labelSmoothing) * loss - labelSmoothing * Reduce(log.mean([-1]) * mask, mask, reduction);
        return loss.MoveToOuterDisposeScope();
    }

    private static Tensor FramesThatCount(Tensor length, long time, Tensor like)
    {
        var end = length.to(ScalarType.Float32) * time - 1e-6f;
        return arange(time, dtype: ScalarType.Float32, device: like.device).unsqueeze(0).lt(end.unsqueeze(1)).to(like.dtype);
    }

    private static Tensor Reduce(Tensor loss, Tensor mask, LossReduction reduction) => reduction switch
    {
        LossReduction.Sum => loss.sum(),
        LossReduction.Mean => loss.sum() / mask.sum(),
        LossReduction.BatchMean => loss.sum() / loss.size(0),
        LossReduction.Batch => loss.reshape(loss.size(0), -1).sum(1) / mask.reshape(loss.size(0), -1).sum(1),
        _ => loss,
    };

    private static void CheckNll(
        Tensor logProbabilities, Tensor targets, Tensor? length, double labelSmoothing, long allowedLenDiff, Tensor? weight, LossReduction reduction)
    {
        Require.Rank(logProbabilities, nameof(logProbabilities), "[batch, outputs] or [batch, time, outputs]", 2, 3);
        Require.Floating(logProbabilities, nameof(logProbabilities));
        if (logProbabilities.numel() == 0)
            throw new ArgumentException(
                $"logProbabilities is {Require.Describe(logProbabilities)}; none of its sizes may be 0.", nameof(logProbabilities));
        Require.Rank(targets, nameof(targets), "the shape of logProbabilities without its last dimension", logProbabilities.dim() - 1);
        TransducerLossArguments.CheckTargetType(targets, nameof(targets));
        Require.Size(targets, nameof(targets), 0, logProbabilities.size(0), "the batch of logProbabilities");
        Require.SameDevice(targets, nameof(targets), logProbabilities, nameof(logProbabilities));
        Require.Range(labelSmoothing, nameof(labelSmoothing), 0, 1);
        Require.Range(allowedLenDiff, nameof(allowedLenDiff), 0);
        Require.Defined(reduction, nameof(reduction));
        if (targets.numel() == 0)
            throw new ArgumentException($"targets is {Require.Describe(targets)}; there must be at least one frame.", nameof(targets));
        if (logProbabilities.dim() == 3 && Math.Abs(logProbabilities.size(1) - targets.size(1)) > allowedLenDiff)
            throw new ArgumentException(
                $"logProbabilities has {logProbabilities.size(1)} frames and targets {targets.size(1)}; they may differ by {allowedLenDiff}.",
                nameof(targets));
        if (length is not null)
        {
            if (logProbabilities.dim() != 3)
                throw new ArgumentException("length needs logProbabilities [batch, time, outputs]; these have no time.", nameof(length));
            RequireRelativeLengths(length, nameof(length), logProbabilities.size(0));
            Require.SameDevice(length, nameof(length), logProbabilities, nameof(logProbabilities));
        }
        if (weight is not null)
        {
            Require.Rank(weight, nameof(weight), "[outputs]", 1);
            Require.Floating(weight, nameof(weight));
            Require.Size(weight, nameof(weight), 0, logProbabilities.size(-1), "one weight for each output");
            Require.SameDevice(weight, nameof(weight), logProbabilities, nameof(logProbabilities));
        }
    }

    private static void CheckTargets(Tensor targets, Tensor mask, long outputs)
    {
        long[] values = BatchLengths.HostValues(targets), counts = BatchLengths.HostValues(mask.to(ScalarType.Int64));
        for (int i = 0; i < values.Length; i++)
            if (counts[i] != 0 && (values[i] < 0 || values[i] >= outputs))
                throw new ArgumentOutOfRangeException(
                    nameof(targets), values[i], $"targets (element {i}) must lie in [0, {outputs - 1}], the outputs that there are.");
    }
}
