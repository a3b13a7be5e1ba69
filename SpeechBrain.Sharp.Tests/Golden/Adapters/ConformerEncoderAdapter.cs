using SpeechBrain.Sharp.Conformer;
using TorchSharp;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

/// <summary><c>speechbrain.lobes.models.transformer.Conformer.ConformerEncoder</c>, its leak of padding included.</summary>
public sealed class ConformerEncoderAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module.Split('.')[^1] == "ConformerEncoder";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        var k = c.Constructor;
        var type = ConformerArguments.Attention(c);
        long dModel = k.Long("d_model");
        using var encoder = new ConformerEncoder(
            k.Long("num_layers"), dModel, k.Long("d_ffn"), k.Long("nhead"), k.Long("kernel_size", 31),
            Activation.Parse(k.String("activation", "Swish")),
            k.Bool("bias", true), k.Double("dropout", 0), k.Bool("causal", false), type, k.Double("layerdrop_prob", 0), speechBrainCompatible: true);
        c.LoadWeights(encoder);
        encoder.to(c.Device);
        encoder.eval();
        using var encoding = new RelPosEncXL(dModel);
        var x = c.Input("x").requires_grad_();
        var y = encoder.call(
            x, c.InputOrNull("src_mask"), c.InputOrNull("key_padding_mask"), ConformerArguments.Positions(c, type, encoding, x),
            ConformerArguments.Chunks(c), null);
        check.Output("out.y", y!);
        check.Gradients(y!, encoder, ("x", x));
    }
}
