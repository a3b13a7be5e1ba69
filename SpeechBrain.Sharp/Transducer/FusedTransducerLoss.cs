using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Transducer;

/// <summary>
/// Joint, output layer and RNN-T loss as one module that never holds the logits of a whole batch; see
/// <see cref="Functional.FusedTransducerLoss"/> for what it computes and <see cref="TransducerMemoryPlan"/> for the bytes.
/// </summary>
/// <remarks>
/// State-dict keys <c>joint.*</c> (none) and <c>output.w.weight</c>, <c>output.w.bias</c>.
/// <code>
/// using var loss = new FusedTransducerLoss(new TransducerJoint(nonlinearity: Activation.GELU), new Projection(640, 1000, bias: false));
/// Console.WriteLine(loss.Plan(inputLens, targetLens));
/// using var value = loss.call(encoded, predicted, targets, inputLens, targetLens); // [batch, T, 640], [batch, U + 1, 640], [batch, U]
/// value.backward();
/// </code>
/// </remarks>
public sealed class FusedTransducerLoss : nn.Module<Tensor, Tensor, Tensor, long[], long[], Tensor>
{
    [ComponentName(Name = "joint")]
    private readonly TransducerJoint joint;

    [ComponentName(Name = "output")]
    private readonly Projection output;

    /// <param name="joint">The joint; one without a network inside. This module takes it over.</param>
    /// <param name="output">The output layer. This module takes it over.</param>
    /// <param name="blankIndex">Which of the outputs is blank.</param>
    /// <param name="reduction">None, sum, or mean (the sum divided by the batch).</param>
    /// <param name="normalizeByFrames">Divide each utterance's loss by its frames first.</param>
    /// <param name="options">The engine and what is rarely changed; null: the defaults.</param>
    /// <param name="memoryBudget">Bytes that it may take; null: what the largest utterance of a batch needs.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or the joint has a network.</exception>
    public FusedTransducerLoss(
        TransducerJoint joint, Projection output, long blankIndex = 0, LossReduction reduction = LossReduction.Mean, bool normalizeByFrames = false,
        TransducerLossOptions? options = null, long? memoryBudget = null)
        : base(nameof(FusedTransducerLoss))
    {
        FusedTransducerArguments.CheckNetwork(joint);
        ArgumentNullException.ThrowIfNull(output);
        Require.Range(blankIndex, nameof(blankIndex), 0, output.Weight.size(0) - 1);
        TransducerLossArguments.CheckReduction(reduction);
        options ??= new();
        FusedTransducerArguments.CheckOptions(options);
        (this.joint, this.output) = (joint, output);
        (BlankIndex, Reduction, NormalizeByFrames, Options, MemoryBudget) = (blankIndex, reduction, normalizeByFrames, options, memoryBudget);
        RegisterComponents();
    }

    /// <summary>Which of the outputs is blank.</summary>
    public long BlankIndex { get; }

    /// <summary>How the batch is reduced.</summary>
    public LossReduction Reduction { get; }

    /// <summary>Whether each utterance's loss is divided by its frames.</summary>
    public bool NormalizeByFrames { get; }

    /// <summary>The engine and what is rarely changed.</summary>
    public TransducerLossOptions Options { get; }

    /// <summary>Bytes that it may take; null: what the largest utterance of a batch needs.</summary>
    public long? MemoryBudget { get; }

    /// <summary>What a batch of these lengths will take of memory, with gradients of everything.</summary>
    /// <param name="inputLens">Frames of each utterance.</param>
    /// <param name="targetLens">Labels of each utterance.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, or the budget is too small.</exception>
    public TransducerMemoryPlan Plan(long[] inputLens, long[] targetLens) => TransducerMemoryPlan.For(
        inputLens, targetLens, output.Weight.size(0), output.Weight.size(1), output.ProductsType, output.Weight.device,
        reduction: Reduction, budget: MemoryBudget);

    /// <summary>The loss of a batch.</summary>
    /// <param name="encoded"><c>[batch, T, width]</c>.</param>
    /// <param name="predicted"><c>[batch, U + 1, width]</c>.</param>
    /// <param name="targets">Labels <c>[batch, U]</c>, int64 or int32.</param>
    /// <param name="inputLens">Frames of each utterance, 1 to T.</param>
    /// <param name="targetLens">Labels of each utterance, 0 to U.</param>
    /// <returns>A scalar, or <c>[batch]</c> without reduction.</returns>
    public override Tensor forward(Tensor encoded, Tensor predicted, Tensor targets, long[] inputLens, long[] targetLens)
    {
        Require.Rank(encoded, nameof(encoded), "[batch, T, width]", 3);
        Require.Rank(predicted, nameof(predicted), "[batch, U + 1, width]", 3);
        using var scope = NewDisposeScope();
        // Under mixed precision the products have a type of their own.
        return Functional.FusedTransducerLoss(
            output.Cast(encoded), output.Cast(predicted), joint, output.Cast(output.Weight), output.Bias is { } bias ? output.Cast(bias) : null,
            targets, inputLens, targetLens, BlankIndex, Reduction, NormalizeByFrames, Options, MemoryBudget).MoveToOuterDisposeScope();
    }
}
