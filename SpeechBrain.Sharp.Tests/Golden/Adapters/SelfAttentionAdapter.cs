using SpeechBrain.Sharp.Conformer;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

/// <summary><c>speechbrain.nnet.attention.RelPosMHAXL</c>, <c>RoPEMHA</c> and <c>regularMHA</c>, called as self-attention.</summary>
public sealed class SelfAttentionAdapter : IGoldenAdapter
{
    private const string Prefix = "speechbrain.nnet.attention.";

    public bool Handles(GoldenCaseInfo info) => info.Module is Prefix + "RelPosMHAXL" or Prefix + "RoPEMHA" or Prefix + "regularMHA";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        var k = c.Constructor;
        long embedDim = k.Long("embed_dim"), numHeads = k.Long("num_heads");
        double dropout = k.Double("dropout", 0);
        k.Find("mask_pos_future")?.Ignore("it changes nothing: the triangle it sets to zero lies outside of what the relative shift returns");
        bool vbias = k.Bool("vbias", false);
        using SelfAttention attention = c.Module[Prefix.Length..] switch
        {
            "RelPosMHAXL" => new RelPosMHAXL(embedDim, numHeads, dropout, vbias),
            "RoPEMHA" => new RoPEMHA(embedDim, numHeads, dropout, vbias),
            _ => new MultiheadAttention(numHeads, embedDim, dropout),
        };
        c.LoadWeights(attention);
        attention.to(c.Device);
        attention.eval();

        var x = c.Input("x").requires_grad_();
        Tensor? attnMask = c.InputOrNull("attn_mask"), keyPadding = c.InputOrNull("key_padding_mask");
        using var encoding = new RelPosEncXL(embedDim);
        var positions = attention is RelPosMHAXL ? c.InputOrNull("pos_embs") ?? encoding.call(x) : null;
        var mask = AttentionMask.From(attnMask, keyPadding, x.dtype);
        var (y, weights) = attention.ForwardWithWeights(x, positions, mask);

        if (c.Has("out.y_nan_to_num"))
        {
            var valid = Functional.MasksUnion(x.size(0), x.size(1), 1, attnMask, keyPadding)!.any(-1).squeeze(1).unsqueeze(-1).expand(y.shape);
            check.Output("out.valid", valid);
            check.Output("out.y_nan_to_num", y.masked_fill(valid.logical_not(), 0));
            return;
        }
        check.Output("out.y", y);
        if (c.Has("out.attn"))
            check.Output("out.attn", weights ?? throw new GoldenException("the attention gives no weights"));
        check.Gradients(y, attention, ("x", x));
    }
}
