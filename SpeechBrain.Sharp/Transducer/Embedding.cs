using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Transducer;

/// <summary>
/// Labels to vectors for the prediction network: a trained table, or frozen one-hot vectors in which blank is the zero vector.
/// </summary>
/// <remarks>
/// Source: SpeechBrain 1.1.0, <c>nnet/embedding.py</c>. State-dict key <c>Embedding.weight</c>, which holds the one-hot table as well.
/// <code>
/// one-hot, numEmbeddings 4, blankId 1:     0 -> [1, 0, 0]   1 -> [0, 0, 0]   2 -> [0, 1, 0]   3 -> [0, 0, 1]
/// </code>
/// </remarks>
public sealed class Embedding : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "Embedding")]
    private readonly TorchSharp.Modules.Embedding table;

    /// <param name="numEmbeddings">Number of labels, blank included.</param>
    /// <param name="embeddingDim">Width of the vectors; not used with one-hot vectors, which are <c>numEmbeddings - 1</c> wide.</param>
    /// <param name="considerAsOneHot">Frozen one-hot vectors in place of a trained table.</param>
    /// <param name="blankId">The label that becomes the zero vector; only used with one-hot vectors.</param>
    /// <param name="device">Where the table lies; the CPU by default.</param>
    /// <param name="dtype">The table's dtype; float32 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A size is below 1, there are fewer than 2 labels for one-hot vectors, or <paramref name="blankId"/> is no label.
    /// </exception>
    public Embedding(
        long numEmbeddings, long embeddingDim = 128, bool considerAsOneHot = false, long blankId = 0, Device? device = null, ScalarType? dtype = null)
        : base(nameof(Embedding))
    {
        Require.Range(numEmbeddings, nameof(numEmbeddings), considerAsOneHot ? 2 : 1);
        Require.Range(embeddingDim, nameof(embeddingDim), 1);
        Require.Range(blankId, nameof(blankId), 0, numEmbeddings - 1);
        if (dtype is { } type && !Require.IsReal(type))
            throw new ArgumentOutOfRangeException(nameof(dtype), type, "Weights are trained: dtype must be float32, float64, bfloat16 or float16.");
        (NumEmbeddings, EmbeddingDim) = (numEmbeddings, considerAsOneHot ? numEmbeddings - 1 : embeddingDim);
        table = nn.Embedding(NumEmbeddings, EmbeddingDim, device: device ?? CPU, dtype: dtype ?? ScalarType.Float32);
        RegisterComponents();
        foreach (var parameter in table.parameters())
            parameter.DetachFromDisposeScope(); // TorchSharp leaves those of its native layers in the scope at hand
        if (considerAsOneHot)
            FreezeOneHot(blankId);
    }

    /// <summary>Number of labels, blank included.</summary>
    public long NumEmbeddings { get; }

    /// <summary>Width of the vectors.</summary>
    public long EmbeddingDim { get; }

    /// <summary>The vectors of labels.</summary>
    /// <param name="labels">Labels of any shape, int64 or int32.</param>
    /// <returns>Vectors <c>[..., EmbeddingDim]</c>.</returns>
    /// <exception cref="ArgumentException">The labels are no integers, or lie on another device than the table.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A label on the CPU is out of range; on another device that is not checked.</exception>
    public override Tensor forward(Tensor labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        TransducerLossArguments.CheckTargetType(labels, nameof(labels));
        using var scope = NewDisposeScope();
        if (table.weight is { } weight) // a new tensor at each reading
            Require.SameDevice(labels, nameof(labels), weight, "the table");
        if (labels.is_cpu())
            foreach (long label in BatchLengths.HostValues(labels))
                Require.Range(label, nameof(labels), 0, NumEmbeddings - 1);
        return table.call(labels.to(ScalarType.Int64))!.MoveToOuterDisposeScope();
    }

    private void FreezeOneHot(long blankId)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var weight = table.weight ?? throw new InvalidOperationException("an embedding has a weight");
        var rows = eye(EmbeddingDim, dtype: weight.dtype, device: weight.device);
        weight.narrow(0, 0, blankId).copy_(rows.narrow(0, 0, blankId));
        weight.narrow(0, blankId, 1).fill_(0);
        weight.narrow(0, blankId + 1, EmbeddingDim - blankId).copy_(rows.narrow(0, blankId, EmbeddingDim - blankId));
        weight.requires_grad = false;
    }
}
