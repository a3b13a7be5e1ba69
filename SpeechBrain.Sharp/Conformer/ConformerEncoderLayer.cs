using SpeechBrain.Sharp.Masks;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Conformer;

/// <summary>
/// One layer of a Conformer: half a feed-forward step, self-attention, convolution, half a feed-forward step, each added to what it was
/// given, and a normalization: <c>call(x, mask, posEmbs, dynChunkTrainConfig)</c>.
/// </summary>
/// <remarks>
/// A. Gulati et al., "Conformer", https://arxiv.org/abs/2005.08100; SpeechBrain 1.1.0, <c>speechbrain/lobes/models/transformer/Conformer.py</c>,
/// whose state-dict keys these are. There is no dropout after the attention, as there. Deviation: padding does not leak through the
/// convolution, see <see cref="ConvolutionModule"/>.
/// </remarks>
public sealed class ConformerEncoderLayer : nn.Module<Tensor, AttentionMask?, Tensor?, DynChunkTrainConfig?, Tensor>
{
    private static readonly Scalar OneHalf = 0.5;
    private static readonly Scalar One = 1;

    [ComponentName(Name = "mha_layer")]
    private readonly SelfAttention mhaLayer;

    [ComponentName(Name = "convolution_module")]
    private readonly ConvolutionModule convolutionModule;

    [ComponentName(Name = "ffn_module1")]
    private readonly FeedForward ffnModule1;

    [ComponentName(Name = "ffn_module2")]
    private readonly FeedForward ffnModule2;

    private readonly long dModel;
    private readonly bool causal;
    private readonly Norm norm1;
    private readonly Norm norm2;

    /// <summary>Makes the layer.</summary>
    /// <param name="dModel">Features of input and output.</param>
    /// <param name="dFfn">Features inside the feed-forward steps.</param>
    /// <param name="nhead">Attention heads; must divide <paramref name="dModel"/>.</param>
    /// <param name="kernelSize">Frames that the convolution sees; odd, unless causal.</param>
    /// <param name="activation">Of the feed-forward steps and the convolution; null: Swish.</param>
    /// <param name="bias">Whether the convolution's layers have biases.</param>
    /// <param name="dropout">Probability of dropping in training, everywhere in the layer.</param>
    /// <param name="causal">Whether the convolution sees no later frame; the attention's mask is the caller's.</param>
    /// <param name="attentionType">The kind of attention.</param>
    /// <param name="speechBrainCompatible">Whether padding leaks through the convolution, as in SpeechBrain.</param>
    /// <exception cref="ArgumentException">A value out of its range, or heads that do not divide the width.</exception>
    public ConformerEncoderLayer(
        long dModel, long dFfn, long nhead, long kernelSize = 31, Activation? activation = null, bool bias = true, double dropout = 0,
        bool causal = false,
        AttentionType attentionType = AttentionType.RelPosMHAXL, bool speechBrainCompatible = false)
        : base(nameof(ConformerEncoderLayer))
    {
        this.dModel = dModel;
        this.causal = causal;
        activation ??= Activation.Swish;
        mhaLayer = SelfAttention.Create(attentionType, dModel, nhead, dropout);
        convolutionModule = new ConvolutionModule(dModel, kernelSize, bias, activation, dropout, causal, 1, speechBrainCompatible);
        ffnModule1 = new FeedForward(dModel, dFfn, dropout, activation);
        ffnModule2 = new FeedForward(dModel, dFfn, dropout, activation);
        norm1 = new Norm([dModel]);
        norm2 = new Norm([dModel]);
        RegisterComponents();
    }

    /// <summary>Applies the layer.</summary>
    /// <param name="x"><c>[batch, time, dModel]</c> in the type of the weights.</param>
    /// <param name="mask">What may attend to what, and what is padding; null: all frames, none.</param>
    /// <param name="posEmbs">Positions, where the kind of attention takes them (<see cref="RelPosEncXL"/>), else null.</param>
    /// <param name="dynChunkTrainConfig">Chunks of the convolution; those of the attention are in <paramref name="mask"/>.</param>
    /// <returns><c>[batch, time, dModel]</c>.</returns>
    /// <exception cref="ArgumentException">Wrong ranks, sizes, types or devices, or chunks in a causal layer.</exception>
    public override Tensor forward(Tensor x, AttentionMask? mask, Tensor? posEmbs, DynChunkTrainConfig? dynChunkTrainConfig)
    {
        using var scope = NewDisposeScope();
        return Run(x, mask, posEmbs, dynChunkTrainConfig, weights: false).Output.MoveToOuterDisposeScope();
    }

    /// <summary>Applies the layer and gives the attention's weights too.</summary>
    /// <param name="x">As in <see cref="forward"/>.</param>
    /// <param name="mask">As in <see cref="forward"/>.</param>
    /// <param name="posEmbs">As in <see cref="forward"/>.</param>
    /// <param name="dynChunkTrainConfig">As in <see cref="forward"/>.</param>
    /// <returns>The output, and the weights as in <see cref="SelfAttention.ForwardWithWeights"/>.</returns>
    public (Tensor Output, Tensor? Weights) ForwardWithWeights(
        Tensor x, AttentionMask? mask, Tensor? posEmbs, DynChunkTrainConfig? dynChunkTrainConfig)
    {
        using var scope = NewDisposeScope();
        var (output, attention) = Run(x, mask, posEmbs, dynChunkTrainConfig, weights: true);
        return (output.MoveToOuterDisposeScope(), attention?.MoveToOuterDisposeScope());
    }

    /// <summary>The state of a stream before its first chunk.</summary>
    /// <param name="mhaLeftContextSize">Frames before a chunk that its attention sees, 0 or more; null: all of them.</param>
    /// <exception cref="ArgumentException">A negative number, or a causal layer, which has no chunks.</exception>
    public ConformerEncoderLayerStreamingContext MakeStreamingContext(long? mhaLeftContextSize)
    {
        if (mhaLeftContextSize is { } frames)
            Require.Range(frames, nameof(mhaLeftContextSize), 0);
        if (causal)
            throw new ArgumentException(
                "A causal layer has no chunks, and streams go chunk by chunk: train one that is not causal with DynChunkTrainConfig.",
                nameof(mhaLeftContextSize));
        return new(mhaLeftContextSize);
    }

    /// <summary>Applies the layer to the next chunk of a stream.</summary>
    /// <param name="x"><c>[batch, frames, dModel]</c> in the type of the weights; batch, type and device stay the same in a stream.</param>
    /// <param name="context">The state of the stream; changed by the call.</param>
    /// <param name="posEmbs">
    /// Positions of the frames of <see cref="ConformerEncoderLayerStreamingContext.MhaLeftContext"/> and of the chunk together, where the kind of
    /// attention takes them, else null.
    /// </param>
    /// <returns><c>[batch, frames, dModel]</c>.</returns>
    /// <exception cref="ArgumentException">Wrong ranks, sizes, types or devices, or a chunk that does not continue the stream.</exception>
    public Tensor ForwardStreaming(Tensor x, ConformerEncoderLayerStreamingContext context, Tensor? posEmbs = null)
    {
        using var scope = NewDisposeScope();
        var (output, left) = Step(x, context, posEmbs);
        context.Advance(left);
        return output.MoveToOuterDisposeScope();
    }

    /// <summary>
    /// <see cref="ForwardStreaming"/> in the current dispose scope that leaves the context as it is: the output, and what the context is to hold.
    /// </summary>
    internal (Tensor Output, ConformerEncoderLayerStreamingContext.LeftFrames Left) Step(
        Tensor x, ConformerEncoderLayerStreamingContext context, Tensor? posEmbs)
    {
        ArgumentNullException.ThrowIfNull(context);
        ModuleInput.Sequence(x, nameof(x), dModel, norm1.Weight);
        ModuleInput.Continues(x, nameof(x), context.MhaLeftContext ?? context.DcconvLeftContext);
        x = x.add(ffnModule1.call(x), OneHalf);

        var left = context.MhaLeftContext;
        var memory = context.Memory ?? (left is null ? null : mhaLayer.Remember(norm1.call(left)));
        var (attended, all) = mhaLayer.AttendChunk(norm1.call(x), memory, posEmbs);
        var joined = left is null ? x : cat([left, x], 1);
        long frames = joined.size(1), kept = Math.Min(frames, context.MhaLeftContextSize ?? frames);

        x = x.add(attended);
        var (convolved, convolutionLeft) = convolutionModule.Step(x, context.DcconvLeftContext);
        x = x.add(convolved);
        return (norm2.call(x.add(ffnModule2.call(x), OneHalf)), new(Last(joined), Last(all), convolutionLeft));

        Tensor? Last(Tensor tensor) => kept == 0 ? null : tensor.narrow(1, frames - kept, kept).detach();
    }

    /// <summary>The type that the masks of an input must have, which is that of the attention's products.</summary>
    internal ScalarType MaskTypeFor(Tensor x) => mhaLayer.TypeFor(x);

    /// <summary>Frames before a chunk that its convolution sees.</summary>
    internal long ConvolutionFrames => convolutionModule.Padding;

    private (Tensor Output, Tensor? Weights) Run(Tensor x, AttentionMask? mask, Tensor? posEmbs, DynChunkTrainConfig? config, bool weights)
    {
        ModuleInput.Sequence(x, nameof(x), dModel, norm1.Weight);
        Tensor sum, attended;
        Tensor? attention = null;
        using (var step = ffnModule1.call(x))
            sum = x.add(step, OneHalf);
        using (var normalized = norm1.call(sum))
            (attended, attention) = weights
                ? mhaLayer.ForwardWithWeights(normalized, posEmbs, mask)
                : (mhaLayer.call(normalized, posEmbs, mask), null);
        sum = Add(sum, attended, One);
        sum = Add(sum, convolutionModule.call(sum, mask?.Padding, config), One);
        using var last = Add(sum, ffnModule2.call(sum), OneHalf);
        return (norm2.call(last), attention);
    }

    /// <summary>
    /// The sum and a part of a step, in the sum's memory where no backward pass will come. Both arguments are used up: memory that is free again
    /// before the next step is the memory which that step gets, and it is still in the processor's cache.
    /// </summary>
    private static Tensor Add(Tensor sum, Tensor step, Scalar part)
    {
        using (step)
        {
            if (!is_grad_enabled())
                return sum.add_(step, part);
            using (sum)
                return sum.add(step, part);
        }
    }

    /// <summary>Normalization, the two linear layers, dropout.</summary>
    private sealed class FeedForward : nn.Module<Tensor, Tensor>
    {
        [ComponentName(Name = "0")]
        private readonly LayerNorm norm;

        [ComponentName(Name = "1")]
        private readonly PositionalwiseFeedForward layers;

        private readonly double dropout;

        public FeedForward(long dModel, long dFfn, double dropout, Activation activation)
            : base(nameof(FeedForward))
        {
            norm = nn.LayerNorm(dModel);
            layers = new PositionalwiseFeedForward(dFfn, dModel, dropout, activation);
            this.dropout = dropout;
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            using var normalized = norm.call(x);
            return DropoutNoise.Apply(layers.call(normalized), dropout, training);
        }
    }
}
