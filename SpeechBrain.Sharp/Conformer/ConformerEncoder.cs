using SpeechBrain.Sharp.Masks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Conformer;

/// <summary>
/// A stack of Conformer layers and a last normalization:
/// <c>call(src, srcMask, srcKeyPaddingMask, posEmbs, dynChunkTrainConfig, layerDrop)</c>.
/// </summary>
/// <remarks>
/// SpeechBrain 1.1.0, <c>speechbrain/lobes/models/transformer/Conformer.py</c>, whose state-dict keys these are; the last normalization has
/// eps 1e-6, all others 1e-5. Masks are converted once for all layers. Deviations: padding does not leak through the convolutions
/// (<see cref="ConvolutionModule"/>), and layers to drop are drawn by the caller (<see cref="SampleLayerDrop"/>) from a generator of its own.
/// </remarks>
public sealed class ConformerEncoder : nn.Module<Tensor, Tensor?, Tensor?, Tensor?, DynChunkTrainConfig?, LayerDrop?, Tensor>
{
    private readonly ModuleList<ConformerEncoderLayer> layers;
    private readonly Norm norm;
    private readonly long dModel;
    private readonly bool causal;
    private readonly double layerdropProb;
    private readonly AttentionType attentionType;

    /// <summary>Makes the layers.</summary>
    /// <param name="numLayers">Layers, at least 1.</param>
    /// <param name="dModel">Features of input and output.</param>
    /// <param name="dFfn">Features inside the feed-forward steps.</param>
    /// <param name="nhead">Attention heads; must divide <paramref name="dModel"/>.</param>
    /// <param name="kernelSize">Frames that the convolution sees; odd, unless causal.</param>
    /// <param name="activation">Of the feed-forward steps and the convolution; null: Swish.</param>
    /// <param name="bias">Whether the convolution's layers have biases.</param>
    /// <param name="dropout">Probability of dropping in training, everywhere in a layer.</param>
    /// <param name="causal">Whether the convolutions see no later frame; the attention's mask is the caller's.</param>
    /// <param name="attentionType">The kind of attention.</param>
    /// <param name="layerdropProb">Probability of dropping a layer in a training step.</param>
    /// <param name="speechBrainCompatible">Whether padding leaks through the convolutions, as in SpeechBrain.</param>
    /// <exception cref="ArgumentException">A value out of its range, or heads that do not divide the width.</exception>
    public ConformerEncoder(
        long numLayers, long dModel, long dFfn, long nhead, long kernelSize = 31, Activation? activation = null, bool bias = true, double dropout = 0,
        bool causal = false, AttentionType attentionType = AttentionType.RelPosMHAXL, double layerdropProb = 0, bool speechBrainCompatible = false)
        : base(nameof(ConformerEncoder))
    {
        Require.Range(numLayers, nameof(numLayers), 1, int.MaxValue);
        Require.Range(layerdropProb, nameof(layerdropProb), 0, 1);
        this.dModel = dModel;
        this.causal = causal;
        this.layerdropProb = layerdropProb;
        this.attentionType = attentionType;
        layers = new ModuleList<ConformerEncoderLayer>([.. Enumerable.Range(0, (int)numLayers).Select(_ => new ConformerEncoderLayer(
            dModel, dFfn, nhead, kernelSize, activation, bias, dropout, causal, attentionType, speechBrainCompatible))]);
        norm = new Norm([dModel], 1e-6);
        RegisterComponents();
    }

    /// <summary>Draws which layers take part in a training step.</summary>
    /// <param name="generator">A CPU generator.</param>
    /// <exception cref="ArgumentException">A generator of another device.</exception>
    public LayerDrop SampleLayerDrop(Generator generator) => LayerDrop.Sample(layers.Count, layerdropProb, generator);

    /// <summary>Encodes.</summary>
    /// <param name="src"><c>[batch, time, dModel]</c> in the type of the weights.</param>
    /// <param name="srcMask"><c>[time, time]</c>: bool, <b>True = may not attend</b>, or additive. Null: all may attend to all.</param>
    /// <param name="srcKeyPaddingMask"><c>[batch, time]</c> bool, <b>True = padding</b>. Null: no padding.</param>
    /// <param name="posEmbs"><c>[1, 2 time - 1, dModel]</c> from <see cref="RelPosEncXL"/> with RelPosMHAXL, else null.</param>
    /// <param name="dynChunkTrainConfig">Chunks of the convolutions; those of the attention are in <paramref name="srcMask"/>.</param>
    /// <param name="layerDrop">In training with a probability of dropping layers: which take part (<see cref="SampleLayerDrop"/>). Ignored
    /// otherwise.</param>
    /// <returns><c>[batch, time, dModel]</c>.</returns>
    /// <exception cref="ArgumentException">Wrong ranks, sizes, types or devices, or layers to drop that were not drawn.</exception>
    public override Tensor forward(
        Tensor src, Tensor? srcMask, Tensor? srcKeyPaddingMask, Tensor? posEmbs, DynChunkTrainConfig? dynChunkTrainConfig, LayerDrop? layerDrop)
    {
        using var scope = NewDisposeScope();
        var mask = Prepare(src, srcMask, srcKeyPaddingMask, posEmbs, dynChunkTrainConfig);
        var output = src;
        foreach (var layer in Active(layerDrop))
            output = layer.call(output, mask, posEmbs, dynChunkTrainConfig);
        return norm.call(output).MoveToOuterDisposeScope();
    }

    /// <summary>Encodes, and gives the output and the attention weights of each layer too.</summary>
    /// <param name="src">As in <see cref="forward"/>.</param>
    /// <param name="srcMask">As in <see cref="forward"/>.</param>
    /// <param name="srcKeyPaddingMask">As in <see cref="forward"/>.</param>
    /// <param name="posEmbs">As in <see cref="forward"/>.</param>
    /// <param name="dynChunkTrainConfig">As in <see cref="forward"/>.</param>
    /// <param name="layerDrop">As in <see cref="forward"/>.</param>
    /// <exception cref="ArgumentException">As in <see cref="forward"/>.</exception>
    public ConformerEncoderStates ForwardWithStates(
        Tensor src, Tensor? srcMask = null, Tensor? srcKeyPaddingMask = null, Tensor? posEmbs = null, DynChunkTrainConfig? dynChunkTrainConfig = null,
        LayerDrop? layerDrop = null)
    {
        using var scope = NewDisposeScope();
        var mask = Prepare(src, srcMask, srcKeyPaddingMask, posEmbs, dynChunkTrainConfig);
        List<Tensor> hidden = [src.alias()];
        List<Tensor?> attention = [];
        foreach (var layer in Active(layerDrop))
        {
            var (output, weights) = layer.ForwardWithWeights(hidden[^1], mask, posEmbs, dynChunkTrainConfig);
            hidden.Add(output);
            attention.Add(weights);
        }
        var normalized = norm.call(hidden[^1]);
        foreach (var kept in hidden.Concat(attention).Append(normalized))
            kept?.MoveToOuterDisposeScope();
        return new ConformerEncoderStates(normalized, hidden, attention);
    }

    /// <summary>The state of a stream before its first chunk.</summary>
    /// <param name="dynChunkTrainConfig">The chunks; without a left context size a chunk sees the whole past, which the context then keeps.</param>
    /// <exception cref="ArgumentException">A causal encoder, which has no chunks.</exception>
    public ConformerEncoderStreamingContext MakeStreamingContext(DynChunkTrainConfig dynChunkTrainConfig)
    {
        ArgumentNullException.ThrowIfNull(dynChunkTrainConfig);
        return new(dynChunkTrainConfig, [.. layers.Select(layer => layer.MakeStreamingContext(dynChunkTrainConfig.LeftContextSizeFrames))]);
    }

    /// <summary>
    /// Encodes the next chunk of a stream. The chunks of a sequence, joined, give what <see cref="forward"/> gives with their masks.
    /// </summary>
    /// <param name="src">
    /// <c>[batch, frames, dModel]</c> in the type of the weights: a whole chunk, or at the end of the stream what is left. Batch, type and device
    /// stay the same in a stream. All its frames count: there is no padding.
    /// </param>
    /// <param name="context">The state of the stream; changed by the call, unless that fails.</param>
    /// <param name="posEmbs">
    /// With RelPosMHAXL the positions of <see cref="ConformerEncoderStreamingContext.LeftFrames"/> and the chunk's frames together, else null.
    /// </param>
    /// <returns><c>[batch, frames, dModel]</c>.</returns>
    /// <remarks>Meant for evaluation: layers are never dropped, and nothing is differentiated beyond the chunk.</remarks>
    /// <exception cref="ArgumentException">
    /// Wrong ranks, sizes, types or devices, or a chunk that does not continue the stream: too long, after its end, or of another batch.
    /// </exception>
    public Tensor ForwardStreaming(Tensor src, ConformerEncoderStreamingContext context, Tensor? posEmbs = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        ModuleInput.Sequence(src, nameof(src), dModel, norm.Weight);
        if (context.Layers.Count != layers.Count)
            throw new ArgumentException(
                $"context has {context.Layers.Count} layers and the encoder {layers.Count}; a context belongs to the encoder that made it.",
                nameof(context));
        RequirePositions(posEmbs, "the relative positions of the frames before the chunk and of the chunk: MakePe(context.LeftFrames + frames)");
        context.RequireNext(src.size(1), nameof(src));

        using var scope = NewDisposeScope();
        var output = src;
        // The contexts move on together, when the last layer is through.
        var left = new ConformerEncoderLayerStreamingContext.LeftFrames[layers.Count];
        for (int n = 0; n < left.Length; n++)
            (output, left[n]) = layers[n].Step(output, context.Layers[n], posEmbs);
        output = norm.call(output);
        foreach (var (layer, frames) in context.Layers.Zip(left))
            layer.Advance(frames);
        context.Frames += src.size(1);
        return output.MoveToOuterDisposeScope();
    }

    /// <summary>Frames before a chunk that its convolutions see.</summary>
    internal long ConvolutionFrames => layers[0].ConvolutionFrames;

    private void RequirePositions(Tensor? posEmbs, string needed)
    {
        if (attentionType == AttentionType.RelPosMHAXL && posEmbs is null)
            throw new ArgumentNullException(nameof(posEmbs), $"RelPosMHAXL needs {needed}.");
    }

    private AttentionMask? Prepare(Tensor src, Tensor? srcMask, Tensor? srcKeyPaddingMask, Tensor? posEmbs, DynChunkTrainConfig? config)
    {
        ModuleInput.Sequence(src, nameof(src), dModel, norm.Weight);
        if (causal && config is not null)
            throw new ArgumentException("A causal encoder has no chunks; give one of both.", "dynChunkTrainConfig");
        RequirePositions(posEmbs, "the relative positions of src: new RelPosEncXL(dModel).call(src)");
        if (srcKeyPaddingMask is not null && srcKeyPaddingMask.dim() == 2 && srcKeyPaddingMask.size(0) != src.size(0))
            throw new ArgumentException(
                $"srcKeyPaddingMask is {Require.Describe(srcKeyPaddingMask)} for {src.size(0)} items.", nameof(srcKeyPaddingMask));
        return AttentionMask.From(srcMask, srcKeyPaddingMask, layers[0].MaskTypeFor(src));
    }

    private IEnumerable<ConformerEncoderLayer> Active(LayerDrop? layerDrop)
    {
        if (!training || layerdropProb == 0)
            return layers;
        if (layerDrop is null)
            throw new ArgumentNullException(
                nameof(layerDrop),
                $"In training layers are dropped with a probability of {layerdropProb}: draw which, SampleLayerDrop(generator), or set layerdropProb "
                + "to 0.");
        if (layerDrop.Keep.Count != layers.Count)
            throw new ArgumentException($"layerDrop has {layerDrop.Keep.Count} entries for {layers.Count} layers.", nameof(layerDrop));
        return layers.Where((_, i) => layerDrop.Keep[i]);
    }
}
