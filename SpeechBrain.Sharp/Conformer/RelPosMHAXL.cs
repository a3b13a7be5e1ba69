using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Conformer;

/// <summary>
/// Self-attention with relative positions, as in Transformer-XL: the score of query i and key j is
/// ((q_i + u) k_j + (q_i + v) p_(i-j)) / sqrt(embedDim), with learned biases u and v for each head and p the projected encoding of the offset.
/// </summary>
/// <remarks>
/// Z. Dai et al., "Transformer-XL", https://arxiv.org/abs/1901.02860; SpeechBrain 1.1.0, <c>speechbrain/nnet/attention.py</c>, whose state-dict
/// keys, layouts and scale these are. Deviations: <c>vdim</c> and <c>mask_pos_future</c> are absent (the first raises there, the second
/// changes nothing); float64, bfloat16 and float16 work, with the softmax's sums in float32 or wider; the output is the same for a query
/// without any key, the bias of the output projection.
/// </remarks>
public sealed class RelPosMHAXL : PerHeadAttention
{
    [ComponentName(Name = "linear_pos")]
    private readonly Linear linearPos;

    // [headDim, heads] in the checkpoint and read as [heads, headDim] without a transposition: what SpeechBrain does, so what it trains.
    [ComponentName(Name = "pos_bias_u")]
    private readonly Parameter posBiasU;

    [ComponentName(Name = "pos_bias_v")]
    private readonly Parameter posBiasV;

    private readonly double scale;

    /// <summary>Makes the attention.</summary>
    /// <param name="embedDim">Features of input and output.</param>
    /// <param name="numHeads">Heads; must divide <paramref name="embedDim"/>.</param>
    /// <param name="dropout">Probability of dropping an attention weight in training.</param>
    /// <param name="vbias">Whether values have a bias of their own.</param>
    /// <exception cref="ArgumentException">A value out of its range, or heads that do not divide the width.</exception>
    public RelPosMHAXL(long embedDim, long numHeads, double dropout = 0, bool vbias = false)
        : base(nameof(RelPosMHAXL), embedDim, numHeads, dropout, vbias)
    {
        linearPos = nn.Linear(embedDim, embedDim, hasBias: false);
        posBiasU = ModuleParameter.Xavier(HeadDim, numHeads);
        posBiasV = ModuleParameter.Xavier(HeadDim, numHeads);
        scale = 1 / Math.Sqrt(embedDim);
        RegisterComponents();
    }

    private protected override (Tensor Output, Tensor? Weights) Attend(Tensor x, Tensor? posEmbs, AttentionMask? mask, bool weights)
    {
        long batch = x.size(0), time = x.size(1), heads = NumHeads;
        RequirePositions(posEmbs, time);

        var qkv = HeadsOutermost(x);
        Tensor attention;
        using (var scores = Scores(qkv, posEmbs!))
            attention = Softmax(scores, mask, batch);
        var kept = DropoutNoise.Apply(attention, Dropout, training);

        var values = WithBias(qkv.select(0, 2), heads, 1, 1, HeadDim).view(heads * batch, time, HeadDim);
        var context = bmm(ProductType.To(kept, x.dtype), values).view(heads, batch, time, HeadDim).permute(1, 2, 0, 3).reshape(batch, time, EmbedDim);
        return (Finish(context, mask), weights ? ByItem(kept, mask, batch) : null);
    }

    /// <summary>
    /// Queries, keys and values, <c>[3, heads, batch, time, headDim]</c>: an order in which <c>[heads * batch, time, .]</c> (for the keys of each
    /// item) and <c>[heads, batch * time, .]</c> (for the positions, which all items share) are both views.
    /// </summary>
    private Tensor HeadsOutermost(Tensor x)
    {
        using var scope = NewDisposeScope();
        return Project(x).permute(3, 2, 0, 1, 4).contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>From <c>[3, heads, batch, time, headDim]</c> to scores, <c>[heads * batch, time, time]</c>.</summary>
    private Tensor Scores(Tensor qkv, Tensor posEmbs)
    {
        using var scope = NewDisposeScope();
        long heads = NumHeads, batch = qkv.size(2), time = qkv.size(3);
        var keys = qkv.select(0, 1).view(heads * batch, time, HeadDim);

        // scale (q + u) and scale (q + v) in one pass.
        var biases = ProductType.To(stack([posBiasU, posBiasV]).mul(scale), qkv.dtype).view(2, heads, 1, 1, HeadDim);
        var queries = biases.add(qkv.select(0, 0), scale);
        var byKey = queries.select(0, 0).view(heads * batch, time, HeadDim);
        var byOffset = queries.select(0, 1).view(heads, batch * time, HeadDim);

        var positions = Products.Linear(posEmbs, linearPos.weight).view(2 * time - 1, heads, HeadDim).permute(1, 2, 0);
        var offsets = bmm(byOffset, positions).view(heads * batch, time, 2 * time - 1);
        // Not baddbmm: the TorchSharp 0.107 package hands its arguments on in another order.
        return bmm(byKey, keys.transpose(1, 2)).add_(Functional.RelShift(offsets)).MoveToOuterDisposeScope();
    }

    private protected override Tensor AttendTo(Tensor queries, Tensor memory, Tensor? posEmbs)
    {
        long batch = queries.size(0), time = queries.size(1), keyTime = memory.size(1), heads = NumHeads;
        RequirePositions(posEmbs, keyTime);
        var keys = memory.select(3, 0).permute(2, 0, 3, 1).reshape(heads * batch, HeadDim, keyTime);
        var values = WithBias(memory.select(3, 1), heads, HeadDim).permute(2, 0, 1, 3).reshape(heads * batch, keyTime, HeadDim);

        var biases = ProductType.To(stack([posBiasU, posBiasV]).mul(scale), queries.dtype).view(2, 1, 1, heads, HeadDim);
        var biased = biases.add(queries, scale).permute(0, 3, 1, 2, 4).contiguous();
        var byKey = biased.select(0, 0).view(heads * batch, time, HeadDim);
        var byOffset = biased.select(0, 1).view(heads, batch * time, HeadDim);

        // The chunk's queries are the last of all frames: offsets from keyTime - 1 down to 1 - time, the first rows of the table.
        long offsets = keyTime + time - 1;
        var positions = Products.Linear(posEmbs!.narrow(1, 0, offsets), linearPos.weight).view(offsets, heads, HeadDim).permute(1, 2, 0);
        var byPosition = bmm(byOffset, positions).view(heads * batch, time, offsets);
        var attention = bmm(byKey, keys).add_(Functional.RelShift(byPosition, keyTime)).softmax(-1, SoftmaxType(queries));
        var context = bmm(ProductType.To(attention, queries.dtype), values).view(heads, batch, time, HeadDim);
        return Finish(context.permute(1, 2, 0, 3).reshape(batch, time, EmbedDim), null);
    }

    private Tensor Softmax(Tensor scores, AttentionMask? mask, long batch)
    {
        if (mask is null)
            return scores.softmax(-1, SoftmaxType(scores));
        using var scope = NewDisposeScope();
        var all = scores.view(NumHeads, batch, scores.size(1), scores.size(2));
        // In place where no backward pass will come: under autograd an addition into a view would cost a copy of the gradient.
        var masked = is_grad_enabled() ? all.add(mask.Additive) : all.add_(mask.Additive);
        return masked.softmax(-1, SoftmaxType(scores)).view(scores.shape).MoveToOuterDisposeScope();
    }

    private Tensor ByItem(Tensor attention, AttentionMask? mask, long batch)
    {
        var weights = attention.view(NumHeads, batch, attention.size(1), attention.size(2)).transpose(0, 1);
        return mask?.Alive is { } alive ? weights.mul(alive.unsqueeze(1)) : weights.contiguous();
    }

    private void RequirePositions(Tensor? posEmbs, long time)
    {
        if (posEmbs is null)
            throw new ArgumentNullException(
                nameof(posEmbs), "RelPosMHAXL needs the relative positions of its input: new RelPosEncXL(embedDim).call(x).");
        Require.Rank(posEmbs, nameof(posEmbs), "[1, 2 time - 1, embedDim]", 3);
        if (posEmbs.size(0) != 1 || posEmbs.size(1) != 2 * time - 1 || posEmbs.size(2) != EmbedDim)
            throw new ArgumentException(
                $"posEmbs is {Require.Describe(posEmbs)}; for an input of {time} frames it must be [1, {2 * time - 1}, {EmbedDim}].",
                nameof(posEmbs));
        ModuleInput.Like(posEmbs, nameof(posEmbs), Weight, Products);
    }
}
