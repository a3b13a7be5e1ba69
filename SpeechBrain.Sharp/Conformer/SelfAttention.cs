using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Conformer;

/// <summary>
/// Multi-head self-attention: <c>call(x, posEmbs, mask)</c>, where queries, keys and values are all made from <c>x</c>.
/// </summary>
/// <remarks>
/// SpeechBrain's attention takes query, key and value and compares the tensors to find out whether they are one; its two answers read one
/// and the same weight as two different layouts. A Conformer attends to itself alone, so there is one input here and one layout, the one
/// that its checkpoints are trained with.
/// </remarks>
public abstract class SelfAttention : nn.Module<Tensor, Tensor?, AttentionMask?, Tensor>, IHasProducts
{
    private protected SelfAttention(string name, long embedDim, long numHeads, double dropout)
        : base(name)
    {
        Require.Range(embedDim, nameof(embedDim), 1);
        Require.Range(numHeads, nameof(numHeads), 1);
        if (embedDim % numHeads != 0)
            throw new ArgumentException(
                $"embedDim {embedDim} can't be divided among {numHeads} heads; it must be a multiple of numHeads.", nameof(numHeads));
        ModuleInput.Dropout(dropout, nameof(dropout));
        EmbedDim = embedDim;
        NumHeads = numHeads;
        Dropout = dropout;
    }

    /// <summary>Features of input and output.</summary>
    public long EmbedDim { get; }

    /// <summary>Heads.</summary>
    public long NumHeads { get; }

    /// <summary>Features of a head.</summary>
    public long HeadDim => EmbedDim / NumHeads;

    /// <summary>Probability of dropping an attention weight in training.</summary>
    public double Dropout { get; }

    /// <summary>The type of all products.</summary>
    private protected ProductType Products { get; } = new();

    ProductType IHasProducts.Products => Products;

    /// <summary>The type in which an input is attended to, which its mask must have.</summary>
    internal ScalarType TypeFor(Tensor x) => Products.For(x);

    /// <summary>Makes an attention by its type.</summary>
    internal static SelfAttention Create(AttentionType type, long embedDim, long numHeads, double dropout) => type switch
    {
        AttentionType.RelPosMHAXL => new RelPosMHAXL(embedDim, numHeads, dropout),
        AttentionType.RoPEMHA => new RoPEMHA(embedDim, numHeads, dropout),
        AttentionType.RegularMHA => new MultiheadAttention(numHeads, embedDim, dropout),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, $"must be one of {string.Join(", ", Enum.GetNames<AttentionType>())}."),
    };

    /// <summary>Attends.</summary>
    /// <param name="x"><c>[batch, time, embedDim]</c> in the type of the weights.</param>
    /// <param name="posEmbs">Positions, where the kind of attention takes them, else null.</param>
    /// <param name="mask">What may attend to what; null: all to all. A query without any key gives the bias of the output projection.</param>
    /// <returns><c>[batch, time, embedDim]</c>.</returns>
    /// <exception cref="ArgumentException">Wrong ranks, sizes, types or devices.</exception>
    public override Tensor forward(Tensor x, Tensor? posEmbs, AttentionMask? mask)
    {
        using var scope = NewDisposeScope();
        return Checked(x, posEmbs, mask, weights: false).Output.MoveToOuterDisposeScope();
    }

    /// <summary>Attends, and gives the attention weights too, where the kind of attention has them.</summary>
    /// <param name="x">As in <see cref="forward"/>.</param>
    /// <param name="posEmbs">As in <see cref="forward"/>.</param>
    /// <param name="mask">As in <see cref="forward"/>.</param>
    /// <returns>
    /// The output, and the weights: <c>[batch, heads, time, time]</c> of <see cref="RelPosMHAXL"/>, <c>[batch, time, time]</c>, the mean of the
    /// heads, of <see cref="MultiheadAttention"/>, null of <see cref="RoPEMHA"/>. Rows without any key are 0. Under mixed precision they are
    /// float32.
    /// </returns>
    public (Tensor Output, Tensor? Weights) ForwardWithWeights(Tensor x, Tensor? posEmbs, AttentionMask? mask)
    {
        using var scope = NewDisposeScope();
        var (output, weights) = Checked(x, posEmbs, mask, weights: true);
        return (output.MoveToOuterDisposeScope(), weights?.MoveToOuterDisposeScope());
    }

    /// <summary>Attends in the current dispose scope; the arguments are checked.</summary>
    private protected abstract (Tensor Output, Tensor? Weights) Attend(Tensor x, Tensor? posEmbs, AttentionMask? mask, bool weights);

    /// <summary>
    /// Attends from the frames of a chunk to each other and to all frames of the stream that are remembered before them; none is masked.
    /// </summary>
    /// <param name="x">The chunk, <c>[batch, frames, embedDim]</c>.</param>
    /// <param name="memory">What <see cref="Remember"/> gives of the frames before the chunk; null: there are none.</param>
    /// <param name="posEmbs">Positions of remembered frames and chunk together, where the kind of attention takes them, else null.</param>
    /// <returns>
    /// The output for the chunk, <c>[batch, frames, embedDim]</c>, and the memory with the chunk at its end. So no frame is projected twice,
    /// where SpeechBrain keeps the inputs of frames and projects them again for each chunk.
    /// </returns>
    internal (Tensor Output, Tensor Memory) AttendChunk(Tensor x, Tensor? memory, Tensor? posEmbs)
    {
        RequireFrames(x);
        using var scope = NewDisposeScope();
        var (queries, own) = ProjectChunk(Products.Cast(x));
        if (memory is not null && !memory.shape.AsSpan()[2..].SequenceEqual(own.shape.AsSpan()[2..]))
            throw new ArgumentException(
                $"The context remembers frames as [{string.Join(", ", memory.shape[2..])}] and this attention as "
                + $"[{string.Join(", ", own.shape[2..])}]; a context belongs to the encoder that made it.", nameof(memory));
        // The type of products may have been changed within the stream.
        var all = memory is null ? own : cat([ProductType.To(memory, own.dtype), own], 1);
        return scope.MoveToOuter(ProductType.To(AttendTo(queries, all, posEmbs), x.dtype), all);
    }

    /// <summary>Keys and values of frames, <c>[batch, frames, ...]</c> in a layout of the attention's own.</summary>
    internal Tensor Remember(Tensor x)
    {
        RequireFrames(x);
        using var scope = NewDisposeScope();
        return ProjectChunk(Products.Cast(x)).Memory.MoveToOuterDisposeScope();
    }

    /// <summary>Queries <c>[batch, frames, heads, headDim]</c>, and keys and values as in <see cref="Remember"/>.</summary>
    private protected abstract (Tensor Queries, Tensor Memory) ProjectChunk(Tensor x);

    /// <summary>Attends from queries, which belong to the last frames of the memory, to all of it.</summary>
    private protected abstract Tensor AttendTo(Tensor queries, Tensor memory, Tensor? posEmbs);

    /// <summary>A weight that has the type and device of the others.</summary>
    private protected abstract Tensor Weight { get; }

    private (Tensor Output, Tensor? Weights) Checked(Tensor x, Tensor? posEmbs, AttentionMask? mask, bool weights)
    {
        RequireFrames(x);
        var cast = Products.Cast(x);
        mask?.RequireFit(cast);
        var (output, attention) = Attend(cast, posEmbs, mask, weights);
        return (ProductType.To(output, x.dtype), attention);
    }

    /// <summary>The type of softmax and attention weights: float32 where products are in half precision.</summary>
    private protected ScalarType SoftmaxType(Tensor scores) => Products.Type is null ? scores.dtype : Weight.dtype;

    private void RequireFrames(Tensor x)
    {
        ModuleInput.Sequence(x, nameof(x), EmbedDim, Weight, Products);
        if (x.size(1) == 0)
            throw new ArgumentException($"x is {Require.Describe(x)}; it must have at least one frame.", nameof(x));
    }
}
