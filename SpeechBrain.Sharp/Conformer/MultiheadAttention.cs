using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Conformer;

/// <summary>
/// Plain multi-head self-attention: no positions, scores over sqrt(headDim), and one projection whose rows are all queries, then all keys,
/// then all values.
/// </summary>
/// <remarks>
/// A. Vaswani et al., "Attention is all you need", https://arxiv.org/abs/1706.03762; SpeechBrain 1.1.0, <c>speechbrain/nnet/attention.py</c>, and
/// torch's own module in it, whose state-dict keys these are (<c>att.in_proj_weight</c>, ...). Deviations: a query without any key gives the
/// bias of the output projection, not NaN; positions are not added to the mask; keys and values are always made from the input
/// (<c>kdim</c>, <c>vdim</c>, <c>add_bias_kv</c>, <c>add_zero_attn</c> are absent).
/// </remarks>
public sealed class MultiheadAttention : SelfAttention
{
    private readonly Projections att;

    /// <summary>Makes the attention.</summary>
    /// <param name="nhead">Heads; must divide <paramref name="dModel"/>.</param>
    /// <param name="dModel">Features of input and output.</param>
    /// <param name="dropout">Probability of dropping an attention weight in training.</param>
    /// <param name="bias">Whether the projections have biases.</param>
    /// <exception cref="ArgumentException">A value out of its range, or heads that do not divide the width.</exception>
    public MultiheadAttention(long nhead, long dModel, double dropout = 0, bool bias = true)
        : base(nameof(MultiheadAttention), dModel, nhead, dropout)
    {
        att = new Projections(dModel, bias);
        RegisterComponents();
    }

    private protected override Tensor Weight => att.InProjWeight;

    private protected override (Tensor Output, Tensor? Weights) Attend(Tensor x, Tensor? posEmbs, AttentionMask? mask, bool weights)
    {
        RequireNoPositions(posEmbs);
        long batch = x.size(0), time = x.size(1);
        var qkv = Project(x).permute(2, 0, 3, 1, 4);
        Tensor queries = qkv.select(0, 0), keys = qkv.select(0, 1), values = qkv.select(0, 2);

        Tensor context;
        Tensor? mean = null;
        if (weights)
        {
            var attention = DotProductAttention.Weights(queries, keys, mask, Dropout, training, Products.Type is null ? x.dtype : Weight.dtype);
            context = ProductType.To(attention, x.dtype).matmul(values);
            mean = attention.mean([1L]);
            if (mask?.Alive is { } alive)
                mean = mean.mul(alive);
        }
        else
        {
            context = DotProductAttention.Attend(queries, keys, values, mask, Dropout, training);
        }
        context = context.transpose(1, 2).reshape(batch, time, EmbedDim);
        return (Products.Linear(mask?.Alive is { } seeing ? context.mul(seeing) : context, att.OutProj.weight, att.OutProj.bias), mean);
    }

    private protected override (Tensor Queries, Tensor Memory) ProjectChunk(Tensor x)
    {
        var qkv = Project(x);
        return (qkv.select(2, 0), qkv.narrow(2, 1, 2));
    }

    private protected override Tensor AttendTo(Tensor queries, Tensor memory, Tensor? posEmbs)
    {
        RequireNoPositions(posEmbs);
        var context = nn.functional.scaled_dot_product_attention(
            queries.transpose(1, 2), memory.select(2, 0).transpose(1, 2), memory.select(2, 1).transpose(1, 2));
        return Products.Linear(
            context.transpose(1, 2).reshape(queries.size(0), queries.size(1), EmbedDim), att.OutProj.weight, att.OutProj.bias);
    }

    /// <summary>Queries, keys and values: <c>[batch, time, 3, heads, headDim]</c>.</summary>
    private Tensor Project(Tensor x) =>
        Products.Linear(x, att.InProjWeight, att.InProjBias).view(x.size(0), x.size(1), 3, NumHeads, HeadDim);

    private static void RequireNoPositions(Tensor? posEmbs)
    {
        if (posEmbs is not null)
            throw new ArgumentException("MultiheadAttention takes no positions: add them to the input; posEmbs must be null.", nameof(posEmbs));
    }

    /// <summary>The weights, under the name that torch's module has in SpeechBrain's.</summary>
    private sealed class Projections : nn.Module
    {
        [ComponentName(Name = "in_proj_weight")]
        public readonly Parameter InProjWeight;

        [ComponentName(Name = "in_proj_bias")]
        public readonly Parameter? InProjBias;

        [ComponentName(Name = "out_proj")]
        public readonly Linear OutProj;

        public Projections(long width, bool bias)
            : base(nameof(Projections))
        {
            InProjWeight = ModuleParameter.Xavier(3 * width, width);
            OutProj = nn.Linear(width, width, hasBias: bias);
            if (bias)
            {
                InProjBias = ModuleParameter.Own(zeros(3 * width));
                nn.init.zeros_(OutProj.bias!);
            }
            RegisterComponents();
        }
    }
}
