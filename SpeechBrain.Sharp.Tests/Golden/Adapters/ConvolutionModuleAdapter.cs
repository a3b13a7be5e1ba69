using SpeechBrain.Sharp.Conformer;
using TorchSharp;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

/// <summary><c>speechbrain.lobes.models.transformer.Conformer.ConvolutionModule</c>, its leak of padding included.</summary>
public sealed class ConvolutionModuleAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "speechbrain.lobes.models.transformer.Conformer.ConvolutionModule";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        var k = c.Constructor;
        using var module = new ConvolutionModule(
            k.Long("input_size"), k.Long("kernel_size", 31), k.Bool("bias", true), Activation.Parse(k.String("activation", "Swish")),
            k.Double("dropout", 0),
            k.Bool("causal", false), k.Long("dilation", 1), speechBrainCompatible: true);
        c.LoadWeights(module);
        module.to(c.Device);
        module.eval();
        var x = c.Input("x").requires_grad_();
        var y = module.call(x, c.InputOrNull("mask"), ConformerArguments.Chunks(c));
        check.Output("out.y", y);
        check.Gradients(y, module, ("x", x));
    }
}
