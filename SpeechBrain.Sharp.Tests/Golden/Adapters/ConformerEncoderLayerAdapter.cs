using SpeechBrain.Sharp.Conformer;
using TorchSharp;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

/// <summary><c>speechbrain.lobes.models.transformer.Conformer.ConformerEncoderLayer</c>, its leak of padding included.</summary>
public sealed class ConformerEncoderLayerAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module.Split('.')[^1] == "ConformerEncoderLayer";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        var k = c.Constructor;
        var type = ConformerArguments.Attention(c);
        long dModel = k.Long("d_model");
        using var layer = new ConformerEncoderLayer(
            dModel, k.Long("d_ffn"), k.Long("nhead"), k.Long("kernel_size", 31), Activation.Parse(k.String("activation", "Swish")),
            k.Bool("bias", true),
            k.Double("dropout", 0), k.Bool("causal", false), type, speechBrainCompatible: true);
        c.LoadWeights(layer);
        layer.to(c.Device);
        layer.eval();
        using var encoding = new RelPosEncXL(dModel);
        var x = c.Input("x").requires_grad_();
        var mask = AttentionMask.From(c.InputOrNull("src_mask"), c.InputOrNull("key_padding_mask"), x.dtype);
        var (y, weights) = layer.ForwardWithWeights(x, mask, ConformerArguments.Positions(c, type, encoding, x), ConformerArguments.Chunks(c));
        check.Output("out.y", y);
        if (c.Has("out.attn"))
            check.Output("out.attn", weights ?? throw new GoldenException("the attention gives no weights"));
        check.Gradients(y, layer, ("x", x));
    }
}
