using SpeechBrain.Sharp.Conformer;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

/// <summary><c>speechbrain.lobes.models.convolution.ConvolutionFrontEnd</c>.</summary>
public sealed class ConvolutionFrontEndAdapter : IGoldenAdapter
{
    private const string CausalAxis = "conv2d-causal-axis";

    public bool Handles(GoldenCaseInfo info) => info.Module == "speechbrain.lobes.models.convolution.ConvolutionFrontEnd";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        var k = c.Constructor;
        var padding = Enum.Parse<ConvPadding>(k.String("padding", "same"), ignoreCase: true);
        using var frontEnd = new ConvolutionFrontEnd(
            k.Longs("input_shape"), k.Int("num_blocks", 3), k.Int("num_layers_per_block", 5), k.LongsOrNull("out_channels"),
            k.LongsOrNull("kernel_sizes"),
            k.LongsOrNull("strides"), k.LongsOrNull("dilations"), k.Find("residuals")?.AsBools(), dropout: k.Double("dropout", 0.1),
            convBias: k.Bool("conv_bias", true),
            padding: padding, convInit: k.StringOrNull("conv_init") is { } init ? Enum.Parse<ConvInit>(init, ignoreCase: true) : ConvInit.Default);
        c.LoadWeights(frontEnd);
        frontEnd.to(c.Device);
        frontEnd.eval();
        var properties = frontEnd.GetFilterProperties();
        check.Value(c.Data["window"], properties.WindowSize);
        check.Value(c.Data["stride"], properties.Stride);

        var x = c.Input("x").requires_grad_();
        var y = frontEnd.call(x);
        if (padding == ConvPadding.Causal)
        {
            c.IgnoreInput("cot", "our result has other frames than SpeechBrain's");
            foreach (string name in c.Names("out.").Concat(c.Names("grad.")))
                check.Deviates(CausalAxis, name);
            return;
        }
        check.Output("out.y", y);
        check.Gradients(y, frontEnd, ("x", x));
    }
}
