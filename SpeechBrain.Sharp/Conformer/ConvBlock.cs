using SpeechBrain.Sharp.Features;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Conformer;

/// <summary>
/// One block of a <see cref="ConvolutionFrontEnd"/>: layers of convolution, normalization, activation and dropout, the last of which has the
/// stride; and, if residual, a strided 1 x 1 convolution of the block's input added to its output.
/// </summary>
internal sealed class ConvBlock : nn.Module
{
    private readonly Layers convs;

    [TorchSharp.Utils.ComponentName(Name = "reduce_conv")]
    private readonly Shortcut? reduceConv;

    private readonly double dropout;
    private readonly Activation activation;

    internal ConvBlock(
        int numLayers, long features, long inChannels, long outChannels, long kernelSize, long stride, long dilation, bool residual,
        Activation activation,
        bool norm, double dropout, bool bias, ConvPadding padding, ConvInit init)
        : base(nameof(ConvBlock))
    {
        this.dropout = dropout;
        this.activation = activation;
        convs = new Layers();
        long channels = inChannels, width = features;
        for (int i = 0; i < numLayers; i++)
        {
            var conv = new Conv2d(channels, outChannels, kernelSize, i == numLayers - 1 ? stride : 1, dilation, bias, padding, init);
            if (width <= conv.Reflected)
                throw new ArgumentException(
                    $"{width} features are too few to reflect {conv.Reflected} at each end: a kernel of {kernelSize} needs more than that.");
            width = conv.OutputFeatures(width);
            if (width < 1)
                throw new ArgumentException(
                    $"No feature is left after a convolution with a kernel of {kernelSize}, dilation {dilation} and {padding} padding.");
            channels = outChannels;
            convs.Add(conv, norm ? new Norm([width, channels]) : null);
        }
        OutputFeatures = width;
        if (residual)
        {
            reduceConv = new Shortcut(inChannels, outChannels, width, stride, norm);
            if (reduceConv.Conv.OutputFeatures(features) != width)
                throw new ArgumentException(
                    $"A residual connection needs a block that keeps its size, over the stride: {padding} padding with a kernel of {kernelSize}, "
                    + $"stride {stride} and dilation {dilation} makes {width} features of {features}.");
        }
        RegisterComponents();
    }

    /// <summary>Features that come out.</summary>
    internal long OutputFeatures { get; }

    /// <summary>A weight that has the type and device of the others.</summary>
    internal Tensor Weight => convs.Items[0].Conv.Weight;

    /// <summary>The convolutions from input to output.</summary>
    internal IEnumerable<Conv2d> Convolutions => convs.Items.Select(item => item.Conv);

    /// <summary>Applies the block in the current dispose scope and gives the lengths after it too.</summary>
    internal (Tensor Output, Tensor? Lengths) Apply(Tensor x, Tensor? lengths)
    {
        var y = x;
        foreach (var (conv, norm) in convs.Items)
        {
            y = conv.Apply(y, lengths);
            y = Dropped(activation.ApplyTo(norm is null ? y : norm.call(y)));
            lengths = lengths is null ? null : conv.OutputFrames(lengths);
        }
        return (reduceConv is null ? y : Dropped(y.add(reduceConv.Apply(x))), lengths);
    }

    private Tensor Dropped(Tensor x) => training && dropout > 0 ? nn.functional.dropout(x, dropout, training: true) : x;

    /// <summary>The layers under SpeechBrain's names, <c>convs.conv_0</c>, <c>convs.norm_0</c>, ...</summary>
    private sealed class Layers() : nn.Module(nameof(Layers))
    {
        public List<(Conv2d Conv, Norm? Norm)> Items { get; } = [];

        public void Add(Conv2d conv, Norm? norm)
        {
            register_module($"conv_{Items.Count}", conv);
            if (norm is not null)
                register_module($"norm_{Items.Count}", norm);
            Items.Add((conv, norm));
        }
    }

    private sealed class Shortcut : nn.Module
    {
        [TorchSharp.Utils.ComponentName(Name = "conv")]
        public readonly Conv2d Conv;

        private readonly Norm? norm;

        public Shortcut(long inChannels, long outChannels, long features, long stride, bool norm)
            : base(nameof(Shortcut))
        {
            Conv = new Conv2d(inChannels, outChannels, 1, stride, 1, true, ConvPadding.Same, ConvInit.Default);
            this.norm = norm ? new Norm([features, outChannels]) : null;
            RegisterComponents();
        }

        public Tensor Apply(Tensor x)
        {
            var y = Conv.Apply(x, null);
            return norm is null ? y : norm.call(y);
        }
    }
}
