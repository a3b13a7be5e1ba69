using SpeechBrain.Sharp.Masks;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Conformer;

/// <summary>
/// The convolution of a Conformer layer: normalization, a gated linear layer, a convolution over time for each channel, normalization,
/// activation, linear layer: <c>call(x, mask, dynChunkTrainConfig)</c>.
/// </summary>
/// <remarks>
/// A. Gulati et al., "Conformer", https://arxiv.org/abs/2005.08100, with layer normalization in place of the batch normalization; chunks as in
/// X. Li et al., "Dynamic chunk convolution for unified streaming and non-streaming Conformer ASR", https://arxiv.org/abs/2304.09325;
/// SpeechBrain 1.1.0, <c>speechbrain/lobes/models/transformer/Conformer.py</c>, whose state-dict keys these are.
/// <para>Deviations. Frames of padding are set to zero before the convolution over time, where SpeechBrain lets them reach
/// (kernelSize - 1) / 2 frames into an utterance, so that its result depends on the others in its batch;
/// <c>speechBrainCompatible</c> restores that, for checkpoints that were trained with it. The padding of a dilated kernel is
/// dilation (kernelSize - 1), which for dilations above 2 is not SpeechBrain's. A causal kernel of 1 frame works (there it gives no
/// frame). An even kernel, which shortens the sequence, is refused unless causal.</para>
/// <para>Frames stay in the middle dimension throughout: the convolution sees them as the rows of an image one column wide whose channels
/// lie together in memory, which costs no transposition and is many times faster on a CPU.</para>
/// </remarks>
public sealed class ConvolutionModule : nn.Module<Tensor, Tensor?, DynChunkTrainConfig?, Tensor>, IHasProducts
{
    private readonly ProductType products = new();

    [ComponentName(Name = "layer_norm")]
    private readonly LayerNorm layerNorm;

    private readonly Bottleneck bottleneck;
    private readonly Conv1d conv;

    [ComponentName(Name = "after_conv")]
    private readonly AfterConv afterConv;

    private readonly long inputSize;
    private readonly long kernelSize;
    private readonly long dilation;
    private readonly bool causal;
    private readonly double dropout;
    private readonly Activation activation;
    private readonly bool speechBrainCompatible;

    /// <summary>Makes the layers.</summary>
    /// <param name="inputSize">Features of input and output.</param>
    /// <param name="kernelSize">Frames that the convolution over time sees; odd, unless causal.</param>
    /// <param name="bias">Whether convolutions and the last linear layer have biases.</param>
    /// <param name="activation">After the convolution; null: Swish.</param>
    /// <param name="dropout">Probability of dropping an output feature in training.</param>
    /// <param name="causal">Whether the convolution sees no later frame. Not together with chunks.</param>
    /// <param name="dilation">Distance of the frames that the convolution sees. Must be 1 for chunks.</param>
    /// <param name="speechBrainCompatible">Whether padding leaks into the frames beside it, as in SpeechBrain.</param>
    /// <exception cref="ArgumentException">A value out of its range.</exception>
    public ConvolutionModule(
        long inputSize, long kernelSize = 31, bool bias = true, Activation? activation = null, double dropout = 0, bool causal = false,
        long dilation = 1,
        bool speechBrainCompatible = false)
        : base(nameof(ConvolutionModule))
    {
        Require.Range(inputSize, nameof(inputSize), 1);
        Require.Range(kernelSize, nameof(kernelSize), 1);
        Require.Range(dilation, nameof(dilation), 1);
        ModuleInput.Dropout(dropout, nameof(dropout));
        if (!causal && kernelSize % 2 == 0)
            throw new ArgumentOutOfRangeException(
                nameof(kernelSize), kernelSize, "kernelSize must be odd unless the convolution is causal: an even kernel has no middle frame.");
        this.inputSize = inputSize;
        this.kernelSize = kernelSize;
        this.dilation = dilation;
        this.causal = causal;
        this.dropout = dropout;
        this.activation = activation ?? Activation.Swish;
        this.speechBrainCompatible = speechBrainCompatible;
        using var scope = NewDisposeScope(); // TorchSharp's convolutions leave a tensor behind when they draw a bias
        layerNorm = nn.LayerNorm(inputSize);
        bottleneck = new Bottleneck(inputSize, bias);
        conv = nn.Conv1d(inputSize, inputSize, kernelSize, dilation: dilation, groups: inputSize, bias: bias);
        afterConv = new AfterConv(inputSize, bias);
        RegisterComponents();
    }

    ProductType IHasProducts.Products => products;

    /// <summary>Frames at each side of a frame that the convolution sees; before it, if causal.</summary>
    public long Padding => causal ? dilation * (kernelSize - 1) : dilation * (kernelSize - 1) / 2;

    /// <summary>Applies the layers.</summary>
    /// <param name="x"><c>[batch, time, inputSize]</c> in the type of the weights.</param>
    /// <param name="mask"><c>[batch, time, 1]</c> bool, <b>True = padding</b>, where the result is 0. Null: no padding.</param>
    /// <param name="dynChunkTrainConfig">
    /// Chunks: a frame sees the whole past (whatever the left context is) and nothing after the end of its chunk. Null: no chunks.
    /// </param>
    /// <returns><c>[batch, time, inputSize]</c>.</returns>
    /// <exception cref="ArgumentException">Wrong ranks, sizes, types or devices, or chunks with a causal or dilated convolution.</exception>
    public override Tensor forward(Tensor x, Tensor? mask, DynChunkTrainConfig? dynChunkTrainConfig)
    {
        Check(x, mask, dynChunkTrainConfig);
        using var scope = NewDisposeScope();
        Tensor convolved;
        using (var gated = Gate(x))
        {
            // Here and below: new memory that no backward pass needs again.
            if (mask is not null && !speechBrainCompatible)
                gated.masked_fill_(mask, 0);
            convolved = dynChunkTrainConfig is null ? Convolve(gated) : ConvolveChunks(gated, dynChunkTrainConfig.ChunkSize);
        }
        var result = Finish(convolved);
        if (mask is not null)
            result.masked_fill_(mask, 0);
        return result.MoveToOuterDisposeScope();
    }

    /// <summary>The state of a stream before its first chunk.</summary>
    public ConvolutionModuleStreamingContext MakeStreamingContext() => new();

    /// <summary>
    /// Applies the layers to the next chunk of a stream. Chunks of any sizes, joined, give what <see cref="forward"/> gives with those chunks.
    /// </summary>
    /// <param name="x"><c>[batch, frames, inputSize]</c> in the type of the weights; batch, type and device stay the same in a stream.</param>
    /// <param name="context">The state of the stream; changed by the call.</param>
    /// <returns><c>[batch, frames, inputSize]</c>.</returns>
    /// <exception cref="ArgumentException">
    /// Wrong ranks, sizes, types or devices, a chunk that does not continue the stream, or a dilated convolution that is not causal.
    /// </exception>
    public Tensor ForwardStreaming(Tensor x, ConvolutionModuleStreamingContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Check(x, null, null);
        if (!causal)
            RequireNoDilation(nameof(x));
        ModuleInput.Continues(x, nameof(x), context.LeftContext);
        using var scope = NewDisposeScope();
        var (output, left) = Step(x, context.LeftContext);
        context.Advance(left);
        return output.MoveToOuterDisposeScope();
    }

    /// <summary>
    /// <see cref="ForwardStreaming"/> in the current dispose scope, with checked arguments: the output, and the left context of the next chunk.
    /// </summary>
    internal (Tensor Output, Tensor? Left) Step(Tensor x, Tensor? left)
    {
        var joined = left is null ? x : cat([left, x], 1);
        long time = x.size(1), all = joined.size(1), kept = Math.Min(Padding, all);
        // Frames of the left context are convolved too and dropped; what lies beyond the chunk counts as zero, as within a chunk's mask.
        var convolved = Convolve(Gate(joined)).narrow(1, all - time, time);
        return (Finish(convolved), kept == 0 ? null : joined.narrow(1, all - kept, kept).detach().clone());
    }

    private Tensor Gate(Tensor x)
    {
        using var normalized = layerNorm.call(x);
        return bottleneck.Apply(normalized, products);
    }

    private Tensor Finish(Tensor convolved)
    {
        using (convolved)
            return DropoutNoise.Apply(
                ProductType.To(afterConv.Apply(convolved, activation, products), layerNorm.weight.dtype), dropout, training);
    }

    private Tensor Convolve(Tensor x)
    {
        long time = x.size(1);
        // A causal convolution is padded on both sides too and its last frames dropped: no copy, for Padding frames of arithmetic.
        var y = Depthwise(x, Padding);
        if (!causal || Padding == 0)
            return y;
        using (y)
            return y.narrow(1, 0, time);
    }

    /// <summary>
    /// Chunk by chunk, the frames after a chunk replaced by zeros. With p = Padding, chunks of 4 and p = 2, frames a, b, c of three chunks:
    /// <code>
    /// aaaabbbbcc  ->  00aaaa00
    ///                     aabbbb00
    ///                         bbcc0000
    /// </code>
    /// </summary>
    private Tensor ConvolveChunks(Tensor x, long chunkSize)
    {
        using var scope = NewDisposeScope();
        long batch = x.size(0), time = x.size(1), chunk = Math.Min(chunkSize, time), p = Padding;
        long chunks = (time + chunk - 1) / chunk;
        var padded = nn.functional.pad(x, [0, 0, p, chunks * chunk - time]);
        var windows = padded.unfold(1, chunk + p, chunk).transpose(2, 3);
        var y = Depthwise(nn.functional.pad(windows, [0, 0, 0, p]).reshape(batch * chunks, chunk + 2 * p, inputSize), 0);
        return y.reshape(batch, chunks * chunk, inputSize).narrow(1, 0, time).MoveToOuterDisposeScope();
    }

    private Tensor Depthwise(Tensor x, long padding)
    {
        using var scope = NewDisposeScope();
        var image = x.unsqueeze(2).permute(0, 3, 1, 2);
        var y = nn.functional.conv2d(
            image, products.Cast(conv.weight).unsqueeze(-1), conv.bias is null ? null : products.Cast(conv.bias), strides: [1, 1],
            padding: [padding, 0], dilation: [dilation, 1], groups: inputSize);
        return y.squeeze(3).transpose(1, 2).MoveToOuterDisposeScope();
    }

    private void Check(Tensor x, Tensor? mask, DynChunkTrainConfig? config)
    {
        ModuleInput.Sequence(x, nameof(x), inputSize, conv.weight);
        if (x.size(1) == 0)
            throw new ArgumentException($"x is {Require.Describe(x)}; it must have at least one frame.", nameof(x));
        if (config is not null && causal)
            throw new ArgumentException("A causal convolution has no chunks; give one of both.", nameof(config));
        if (config is not null)
            RequireNoDilation(nameof(config));
        if (mask is null)
            return;
        Require.Rank(mask, nameof(mask), "[batch, time, 1]", 3);
        if (mask.dtype != ScalarType.Bool || mask.size(0) != x.size(0) || mask.size(1) != x.size(1) || mask.size(2) != 1)
            throw new ArgumentException(
                $"mask is {Require.Describe(mask)}; it must be [{x.size(0)}, {x.size(1)}, 1] bool, True = padding.", nameof(mask));
        Require.SameDevice(mask, nameof(mask), x, nameof(x));
    }

    private void RequireNoDilation(string name)
    {
        if (dilation != 1)
            throw new ArgumentException($"The convolution has dilation {dilation}; with chunks it must be 1.", name);
    }

    /// <summary>A convolution of one frame, that is a linear layer, to twice as many channels, one half of which gates the other.</summary>
    private sealed class Bottleneck : nn.Module
    {
        [ComponentName(Name = "0")]
        private readonly Conv1d pointwise;

        public Bottleneck(long size, bool bias)
            : base(nameof(Bottleneck))
        {
            using var scope = NewDisposeScope();
            pointwise = nn.Conv1d(size, 2 * size, 1, bias: bias);
            RegisterComponents();
        }

        public Tensor Apply(Tensor x, ProductType products)
        {
            using var weight = pointwise.weight.squeeze(-1);
            using var both = products.Linear(x, weight, pointwise.bias);
            return nn.functional.glu(both, -1);
        }
    }

    private sealed class AfterConv : nn.Module
    {
        [ComponentName(Name = "0")]
        private readonly LayerNorm norm;

        [ComponentName(Name = "2")]
        private readonly Linear linear;

        public AfterConv(long size, bool bias)
            : base(nameof(AfterConv))
        {
            norm = nn.LayerNorm(size);
            linear = nn.Linear(size, size, hasBias: bias);
            RegisterComponents();
        }

        public Tensor Apply(Tensor x, Activation activation, ProductType products)
        {
            using var normalized = norm.call(ProductType.To(x, norm.weight.dtype));
            using var activated = activation.ApplyTo(normalized);
            return products.Linear(activated, linear.weight, linear.bias);
        }
    }
}
