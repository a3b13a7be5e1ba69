using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Transducer;

/// <summary>
/// RNN-T loss with fixed options; see
/// <see cref="Functional.TransducerLoss(Tensor, Tensor, Tensor, Tensor, long, LossReduction, bool, TransducerLossOptions?)"/> for
/// what it computes and where it differs from SpeechBrain's.
/// <code>
/// using var loss = new TransducerLoss(blankIndex: 0);
/// using var value = loss.call(logits, targets, inputLens, targetLens); // logits [batch, T, U + 1, V], targets [batch, U]
/// value.backward();
/// </code>
/// </summary>
public sealed class TransducerLoss : nn.Module<Tensor, Tensor, Tensor, Tensor, Tensor>
{
    /// <param name="blankIndex">Which of the outputs is blank.</param>
    /// <param name="reduction">
    /// <see cref="LossReduction.None"/>, <see cref="LossReduction.Sum"/> or <see cref="LossReduction.Mean"/> (the sum divided by the batch).
    /// </param>
    /// <param name="normalizeByFrames">Divide each utterance's loss by its frames first.</param>
    /// <param name="options">The engine and what is rarely changed; null: all as <see cref="TransducerLossOptions"/> has them.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="blankIndex"/> is negative, the reduction is another, or an option is out of range.
    /// </exception>
    public TransducerLoss(
        long blankIndex = 0, LossReduction reduction = LossReduction.Mean, bool normalizeByFrames = false,
        TransducerLossOptions? options = null)
        : base(nameof(TransducerLoss))
    {
        Require.Range(blankIndex, nameof(blankIndex), 0);
        TransducerLossArguments.CheckReduction(reduction);
        options ??= new();
        TransducerLossArguments.CheckOptions(options);
        (BlankIndex, Reduction, NormalizeByFrames, Options) = (blankIndex, reduction, normalizeByFrames, options);
    }

    /// <summary>Which of the outputs is blank.</summary>
    public long BlankIndex { get; }

    /// <summary>How the batch is reduced.</summary>
    public LossReduction Reduction { get; }

    /// <summary>Whether each utterance's loss is divided by its frames.</summary>
    public bool NormalizeByFrames { get; }

    /// <summary>The engine and what is rarely changed.</summary>
    public TransducerLossOptions Options { get; }

    /// <summary>The loss of a batch.</summary>
    /// <param name="logits"><c>[batch, T, U + 1, V]</c>, not normalised.</param>
    /// <param name="targets">Labels <c>[batch, U]</c>, int64 or int32.</param>
    /// <param name="inputLens">Frames of each utterance <c>[batch]</c>, relative or absolute.</param>
    /// <param name="targetLens">Labels of each utterance <c>[batch]</c>, relative or absolute.</param>
    /// <returns>A scalar, or <c>[batch]</c> without reduction.</returns>
    public override Tensor forward(Tensor logits, Tensor targets, Tensor inputLens, Tensor targetLens) =>
        Functional.TransducerLoss(logits, targets, inputLens, targetLens, BlankIndex, Reduction, NormalizeByFrames, Options);

    /// <summary>
    /// Checks arguments including the values of labels and lengths on any device, which the loss itself does for the CPU only, and the values
    /// of the logits within each utterance's lengths. Computes the loss once and waits for the device: for the first batch of a training run or
    /// after a loss that was not finite, not for each step.
    /// </summary>
    /// <param name="logits"><c>[batch, T, U + 1, V]</c>.</param>
    /// <param name="targets">Labels <c>[batch, U]</c>.</param>
    /// <param name="inputLens">Frames of each utterance <c>[batch]</c>, relative or absolute.</param>
    /// <param name="targetLens">Labels of each utterance <c>[batch]</c>, relative or absolute.</param>
    /// <param name="blankIndex">Which of the outputs is blank.</param>
    /// <exception cref="ArgumentException">
    /// Something does not fit; the message names it. Of logits it names the utterances that hold NaN or plus infinity, with the first such node of
    /// the first of them, and those whose paths are all closed by minus infinity.
    /// </exception>
    public static void Validate(Tensor logits, Tensor targets, Tensor inputLens, Tensor targetLens, long blankIndex = 0)
    {
        TransducerLossArguments.CheckKinds(logits, targets, blankIndex, LossReduction.None, new());
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var frames = BatchLengths.From(inputLens, nameof(inputLens), logits, logits.size(1), 1, always: true);
        var labels = BatchLengths.From(targetLens, nameof(targetLens), logits, logits.size(2) - 1, 0, always: true);
        long[] labelCounts = BatchLengths.HostValues(labels);
        TransducerLossArguments.CheckLabels(targets, labelCounts, logits.size(3), blankIndex);
        var losses = Functional.TransducerLoss(logits, targets, frames, labels, blankIndex, LossReduction.None);
        TransducerLossArguments.CheckLosses(logits, losses, BatchLengths.HostValues(frames), labelCounts);
    }
}
