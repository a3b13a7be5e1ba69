using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Conformer;

/// <summary>
/// A convolution over frequency and time with SpeechBrain's layout <c>[batch, time, frequency, channels]</c> and weight
/// <c>[out, in, frequency, time]</c>.
/// </summary>
/// <remarks>
/// The input is handed on as an image with rows of time and columns of frequency whose channels lie together in memory ("channels last"):
/// no transposition, and the fastest form on a CPU and on tensor cores. SpeechBrain 1.1.0, <c>speechbrain/nnet/CNN.py</c>. Deviation: causal padding
/// is put on time; there it lands on the frequency axis, and time gets none.
/// </remarks>
internal sealed class Conv2d : nn.Module, IHasProducts
{
    private readonly ProductType products = new();
    private readonly TorchSharp.Modules.Conv2d conv;
    private readonly long kernelSize;
    private readonly long stride;
    private readonly long dilation;
    private readonly ConvPadding padding;

    internal Conv2d(long inChannels, long outChannels, long kernelSize, long stride, long dilation, bool bias, ConvPadding padding, ConvInit init)
        : base(nameof(Conv2d))
    {
        this.kernelSize = kernelSize;
        this.stride = stride;
        this.dilation = dilation;
        this.padding = padding;
        using var scope = NewDisposeScope(); // TorchSharp's convolutions leave a tensor behind when they draw a bias
        conv = nn.Conv2d(inChannels, outChannels, kernelSize, stride, dilation: dilation, bias: bias);
        if (init == ConvInit.Kaiming)
            nn.init.kaiming_normal_(conv.weight);
        else if (init == ConvInit.Zero)
            nn.init.zeros_(conv.weight);
        RegisterComponents();
    }

    ProductType IHasProducts.Products => products;

    internal Tensor Weight => conv.weight;

    /// <summary>Reflected frames, and features, at each end.</summary>
    internal long Reflected => padding switch
    {
        ConvPadding.Valid => 0,
        // SpeechBrain leaves the dilation out as soon as there is a stride.
        ConvPadding.Same when stride > 1 => kernelSize / 2,
        _ => Reach / 2,
    };

    /// <summary>Frames without which it can't work: enough to reflect, or to fill the kernel.</summary>
    internal long NeededFrames => padding switch
    {
        ConvPadding.Causal => 1,
        ConvPadding.Valid => Reach + 1,
        _ => Reflected + 1,
    };

    /// <summary>Frames from the first to the last that an output frame sees, less one.</summary>
    private long Reach => dilation * (kernelSize - 1);

    /// <summary>Applies the convolution in the current dispose scope.</summary>
    /// <param name="x"><c>[batch, time, frequency, channels]</c>.</param>
    /// <param name="lengths">Frames of each item, see <see cref="ReflectPadding"/>; matters to <see cref="ConvPadding.Same"/> alone.</param>
    internal Tensor Apply(Tensor x, Tensor? lengths)
    {
        bool causal = padding == ConvPadding.Causal;
        var padded = ReflectPadding.Apply(products.Cast(x), causal ? 0 : Reflected, Reflected, causal ? null : lengths);
        var image = padded.permute(0, 3, 1, 2);
        var taps = products.Cast(conv.weight).transpose(2, 3);
        // For an empty batch libtorch 1.13 takes contiguous tensors alone.
        if (x.size(0) == 0)
            (image, taps) = (image.contiguous(), taps.contiguous());
        var y = nn.functional.conv2d(
            image, taps, conv.bias is null ? null : products.Cast(conv.bias), strides: [stride, stride], padding: [causal ? Reach : 0, 0],
            dilation: [dilation, dilation]).permute(0, 2, 3, 1);
        y = ProductType.To(y, x.dtype);
        // Causal: padded on both sides, which costs nothing but a little arithmetic, and the late frames dropped.
        return causal ? y.narrow(1, 0, OutputFrames(x.size(1))) : y;
    }

    /// <summary>How many frames come out when so many go in.</summary>
    internal long OutputFrames(long frames) => Math.Max(0, FloorDivide(frames + FramesAdded - Reach - 1, stride) + 1);

    /// <summary>How many features come out when so many go in.</summary>
    internal long OutputFeatures(long features) => Math.Max(0, FloorDivide(features + 2 * Reflected - Reach - 1, stride) + 1);

    /// <summary><see cref="OutputFrames(long)"/> of a tensor of numbers.</summary>
    internal Tensor OutputFrames(Tensor frames) => frames.add(FramesAdded - Reach - 1).div(stride, RoundingMode.floor).add(1).clamp_min(0);

    private long FramesAdded => padding == ConvPadding.Causal ? Reach : 2 * Reflected;

    private static long FloorDivide(long a, long b) => a >= 0 ? a / b : -((-a + b - 1) / b);
}
