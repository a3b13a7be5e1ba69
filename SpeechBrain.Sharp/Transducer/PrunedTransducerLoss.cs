using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Transducer;

/// <summary>
/// Pruned RNN-T loss: a cheap joint of two projections finds where the alignments run, and the real joint is computed for <c>sRange</c> predictor
/// states a frame alone, in <c>[batch, T, sRange, V]</c> instead of <c>[batch, T, U + 1, V]</c>.
/// </summary>
/// <remarks>
/// Source: F. Kuang et al., Pruned RNN-T for fast, memory-efficient ASR training, 2022 (arXiv 2206.13236); state-dict keys
/// <c>simple_am_proj.w.*</c> and <c>simple_lm_proj.w.*</c>.
/// <code>
/// using var pruned = new PrunedTransducerLoss(encoderDim: 640, predictorDim: 640, vocabulary: 1000);
/// var warmUp = new PrunedTransducerWarmUp();
/// // each step; the optimizer also gets pruned.parameters():
/// var losses = pruned.call(
///     encoded, predicted, targets, inputLens, targetLens, (e, p) => model.OutputLayer.call(model.JointNetwork.call(e, p)));
/// losses.Total(warmUp.At(step)).backward();
/// </code>
/// </remarks>
public sealed class PrunedTransducerLoss
    : nn.Module<Tensor, Tensor, Tensor, long[], long[], Func<Tensor, Tensor, Tensor>, PrunedTransducerLosses>
{
    [ComponentName(Name = "simple_am_proj")]
    private readonly Projection amProjection;

    [ComponentName(Name = "simple_lm_proj")]
    private readonly Projection lmProjection;

    private readonly ScalarType latticeType;

    /// <param name="encoderDim">Width of the encodings.</param>
    /// <param name="predictorDim">Width of the predictor's states.</param>
    /// <param name="vocabulary">Number of outputs, blank among them.</param>
    /// <param name="sRange">Predictor states kept of a frame, at least 2.</param>
    /// <param name="lmOnlyScale">Share of the predictor alone in the simple loss; see <see cref="Functional.SimpleTransducerLoss"/>.</param>
    /// <param name="amOnlyScale">Share of the encoder alone in the simple loss.</param>
    /// <param name="blankIndex">Which of the outputs is blank.</param>
    /// <param name="reduction">Of both losses: none, sum, or mean (the sum divided by the batch).</param>
    /// <param name="latticeType">What the lattices are computed in: float64 or float32.</param>
    /// <param name="device">Where the weights lie; the CPU by default.</param>
    /// <param name="dtype">The weights' dtype; float32 by default.</param>
    /// <exception cref="ArgumentException">A size, scale or option is out of its range.</exception>
    public PrunedTransducerLoss(
        long encoderDim, long predictorDim, long vocabulary, long sRange = 5, double lmOnlyScale = 0.25, double amOnlyScale = 0, long blankIndex = 0,
        LossReduction reduction = LossReduction.Mean, ScalarType latticeType = ScalarType.Float64, Device? device = null, ScalarType? dtype = null)
        : base(nameof(PrunedTransducerLoss))
    {
        Require.Range(vocabulary, nameof(vocabulary), 2);
        Require.Range(sRange, nameof(sRange), 2);
        Require.Range(blankIndex, nameof(blankIndex), 0, vocabulary - 1);
        PruningArguments.CheckScales(lmOnlyScale, amOnlyScale);
        TransducerLossArguments.CheckReduction(reduction);
        TransducerLossArguments.CheckLatticeType(latticeType);
        (SRange, LmOnlyScale, AmOnlyScale, BlankIndex, Reduction) = (sRange, lmOnlyScale, amOnlyScale, blankIndex, reduction);
        this.latticeType = latticeType;
        amProjection = new Projection(encoderDim, vocabulary, device: device, dtype: dtype);
        lmProjection = new Projection(predictorDim, vocabulary, device: device, dtype: dtype);
        RegisterComponents();
    }

    /// <summary>Predictor states kept of a frame.</summary>
    public long SRange { get; }

    /// <summary>Share of the predictor alone in the simple loss.</summary>
    public double LmOnlyScale { get; }

    /// <summary>Share of the encoder alone in the simple loss.</summary>
    public double AmOnlyScale { get; }

    /// <summary>Which of the outputs is blank.</summary>
    public long BlankIndex { get; }

    /// <summary>How the batch is reduced.</summary>
    public LossReduction Reduction { get; }

    /// <summary>Both losses of a batch.</summary>
    /// <param name="encoded"><c>[batch, T, encoderDim]</c>.</param>
    /// <param name="predicted"><c>[batch, U + 1, predictorDim]</c>.</param>
    /// <param name="targets">Labels <c>[batch, U]</c>, int64 or int32.</param>
    /// <param name="inputLens">Frames of each utterance, 1 to T.</param>
    /// <param name="targetLens">Labels of each utterance, 0 to U.</param>
    /// <param name="joint">
    /// The real joint: from encodings <c>[batch, T, 1, encoderDim]</c> and states <c>[batch, T, sRange, predictorDim]</c> to logits
    /// <c>[batch, T, sRange, vocabulary]</c>, for example <c>(e, p) =&gt; outputLayer.call(joint.call(e, p))</c>.
    /// </param>
    /// <returns>In the current dispose scope.</returns>
    /// <exception cref="ArgumentException">Shapes, dtypes, devices, lengths, or labels on the CPU do not fit.</exception>
    public override PrunedTransducerLosses forward(
        Tensor encoded, Tensor predicted, Tensor targets, long[] inputLens, long[] targetLens, Func<Tensor, Tensor, Tensor> joint)
    {
        Require.Rank(encoded, nameof(encoded), "[batch, T, encoderDim]", 3);
        Require.Rank(predicted, nameof(predicted), "[batch, U + 1, predictorDim]", 3);
        ArgumentNullException.ThrowIfNull(joint);
        using var scope = NewDisposeScope();
        var simple = Functional.SimpleTransducerLoss(
            amProjection.call(encoded)!, lmProjection.call(predicted)!, targets, inputLens, targetLens, BlankIndex, Reduction, LmOnlyScale,
            AmOnlyScale, latticeType);
        var ranges = Functional.PruneRanges(simple.BlankArcs, simple.LabelArcs, inputLens, targetLens, SRange);
        var (frames, states) = Functional.PruneStates(encoded, predicted, ranges);
        var logits = joint(frames, states);
        var pruned = Functional.PrunedTransducerLoss(logits, ranges, targets, inputLens, targetLens, BlankIndex, Reduction, latticeType);
        return new(simple.Loss.MoveToOuterDisposeScope(), pruned.MoveToOuterDisposeScope(), ranges.MoveToOuterDisposeScope());
    }
}
