using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Conformer;

/// <summary>
/// What <see cref="RelPosMHAXL"/> and <see cref="RoPEMHA"/> share: one projection for queries, keys and values whose rows are ordered by
/// head first (query, key and value of head 0, then of head 1, ...), and scores times 1 / sqrt(embedDim), not 1 / sqrt(headDim).
/// </summary>
public abstract class PerHeadAttention : SelfAttention
{
    [ComponentName(Name = "in_proj_weight")]
    private readonly Parameter inProjWeight;

    [ComponentName(Name = "value_bias_weight")]
    private readonly Parameter? valueBiasWeight;

    [ComponentName(Name = "out_proj")]
    private readonly Linear outProj;

    private protected PerHeadAttention(string name, long embedDim, long numHeads, double dropout, bool vbias)
        : base(name, embedDim, numHeads, dropout)
    {
        inProjWeight = ModuleParameter.Xavier(3 * embedDim, embedDim);
        if (vbias)
            valueBiasWeight = ModuleParameter.Own(zeros(embedDim));
        outProj = nn.Linear(embedDim, embedDim);
    }

    private protected override Tensor Weight => inProjWeight;

    /// <summary>Queries, keys and values: <c>[batch, time, heads, 3, headDim]</c>, a view of the projection's result.</summary>
    private protected Tensor Project(Tensor x) =>
        Products.Linear(x, inProjWeight).view(x.size(0), x.size(1), NumHeads, 3, HeadDim);

    /// <summary>Queries, and keys and values as they lie beside each other: <c>[batch, time, heads, 2, headDim]</c>.</summary>
    private protected sealed override (Tensor Queries, Tensor Memory) ProjectChunk(Tensor x)
    {
        var qkv = Project(x);
        return (qkv.select(3, 0), qkv.narrow(3, 1, 2));
    }

    /// <summary>Adds the values' own bias if there is one; <paramref name="shape"/> is what <c>[heads, headDim]</c> becomes.</summary>
    private protected Tensor WithBias(Tensor values, params long[] shape) =>
        valueBiasWeight is null ? values : values.add(ProductType.To(valueBiasWeight, values.dtype).view(shape));

    /// <summary>Sets queries without a key to zero and projects: <c>[batch, time, embedDim]</c> to the same.</summary>
    private protected Tensor Finish(Tensor context, AttentionMask? mask) =>
        Products.Linear(mask?.Alive is { } alive ? context.mul(alive) : context, outProj.weight, outProj.bias);
}
