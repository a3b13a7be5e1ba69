using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Conformer;

/// <summary>
/// Self-attention with rotary positions: queries and keys are turned by their positions (<see cref="Functional.RoPERotate"/>), and their
/// products, which then depend on the offset alone, go through scaled dot-product attention with the scale 1 / sqrt(embedDim).
/// </summary>
/// <remarks>
/// J. Su et al., "RoFormer", https://arxiv.org/abs/2104.09864; SpeechBrain 1.1.0, <c>speechbrain/nnet/attention.py</c>, whose state-dict keys,
/// layouts and scale these are. Deviation: a query without any key gives the bias of the output projection with every version of torch
/// (before 2.5 it was NaN). <c>vdim</c> is absent; it raises there.
/// </remarks>
public sealed class RoPEMHA : PerHeadAttention
{
    private readonly double queryScale;

    /// <summary>Makes the attention.</summary>
    /// <param name="embedDim">Features of input and output.</param>
    /// <param name="numHeads">Heads; must divide <paramref name="embedDim"/> into an even number of features.</param>
    /// <param name="dropout">Probability of dropping an attention weight in training.</param>
    /// <param name="vbias">Whether values have a bias of their own.</param>
    /// <exception cref="ArgumentException">A value out of its range, or heads that do not divide the width into even parts.</exception>
    public RoPEMHA(long embedDim, long numHeads, double dropout = 0, bool vbias = false)
        : base(nameof(RoPEMHA), embedDim, numHeads, dropout, vbias)
    {
        if (HeadDim % 2 != 0)
            throw new ArgumentException(
                $"embedDim {embedDim} gives {numHeads} heads {HeadDim} features each; it must be an even number: pairs are turned.",
                nameof(numHeads));
        // The attention function divides by sqrt(headDim); what is left of 1 / sqrt(embedDim) goes into the queries' rotations.
        queryScale = 1 / Math.Sqrt(numHeads);
        RegisterComponents();
    }

    private protected override (Tensor Output, Tensor? Weights) Attend(Tensor x, Tensor? posEmbs, AttentionMask? mask, bool weights)
    {
        RequireNoPositions(posEmbs);
        long batch = x.size(0), time = x.size(1);
        var qkv = Project(x);
        // Queries and keys are neighbours, so one multiplication turns both.
        var turned = Functional.Turn(qkv.narrow(3, 0, 2), wide => RotarySinusoids.Get(wide, time, HeadDim, queryScale));
        var values = WithBias(qkv.select(3, 2), NumHeads, HeadDim);
        using var context = DotProductAttention.Attend(
            turned.select(3, 0).transpose(1, 2), turned.select(3, 1).transpose(1, 2), values.transpose(1, 2), mask, Dropout, training);
        return (Finish(context.transpose(1, 2).reshape(batch, time, EmbedDim), mask), null);
    }

    private protected override Tensor AttendTo(Tensor queries, Tensor memory, Tensor? posEmbs)
    {
        RequireNoPositions(posEmbs);
        long batch = queries.size(0), time = queries.size(1), keyTime = memory.size(1);
        // Only the offset of query and key matters, so positions are counted from the first frame remembered.
        var turnedQueries = Functional.Turn(
            queries, wide => RotarySinusoids.Get(wide, keyTime, HeadDim, queryScale).narrow(0, keyTime - time, time).select(2, 0));
        var turnedKeys = Functional.Turn(memory.select(3, 0), wide => RotarySinusoids.Get(wide, keyTime, HeadDim, queryScale).select(2, 1));
        var values = WithBias(memory.select(3, 1), NumHeads, HeadDim);
        var context = nn.functional.scaled_dot_product_attention(
            turnedQueries.transpose(1, 2), turnedKeys.transpose(1, 2), values.transpose(1, 2));
        return Finish(context.transpose(1, 2).reshape(batch, time, EmbedDim), null);
    }

    private static void RequireNoPositions(Tensor? posEmbs)
    {
        if (posEmbs is not null)
            throw new ArgumentException("RoPEMHA makes its own positions; posEmbs must be null.", nameof(posEmbs));
    }
}
