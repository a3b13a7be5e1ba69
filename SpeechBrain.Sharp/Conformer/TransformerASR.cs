using SpeechBrain.Sharp.Masks;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Conformer;

/// <summary>
/// A speech encoder from features to encodings: a linear layer to the model's width, positions, masks and a <see cref="ConformerEncoder"/>:
/// <c>Encode(src, wavLens, dynChunkTrainConfig)</c>, which is also <c>call</c>.
/// </summary>
/// <remarks>
/// SpeechBrain 1.1.0, <c>speechbrain/lobes/models/transformer/TransformerASR.py</c> with <c>encoder_module="conformer"</c> and no decoder, which is
/// what a transducer has; what belongs to the decoder (<c>tgt_vocab</c>, <c>num_decoder_layers</c>, <c>activation</c>, ...) is absent. The
/// state-dict keys are SpeechBrain's, tables of positions that go unused included. Matrices are initialised xavier-normal. Deviations:
/// <c>causal</c> is false unless asked for (SpeechBrain takes true, with a warning that it should not); the padding mask is as wide as the batch
/// (https://github.com/speechbrain/speechbrain/issues/2344); padding does not leak through the convolutions, see <see cref="ConvolutionModule"/>.
/// </remarks>
public sealed class TransformerASR : nn.Module<Tensor, Tensor?, DynChunkTrainConfig?, LayerDrop?, Tensor>
{
    private const string PositionalEncodingName = "positional_encoding";

    [ComponentName(Name = "custom_src_module")]
    private readonly SourceModule customSrcModule;

    private readonly ConformerEncoder encoder;

    [ComponentName(Name = PositionalEncodingName)]
    private readonly nn.Module<Tensor, Tensor>? positionalEncoding;

    // Belongs to the decoder, but is part of every checkpoint of an encoder with relative or rotary positions.
    [ComponentName(Name = "positional_encoding_decoder")]
    private readonly PositionalEncoding? positionalEncodingDecoder;

    private readonly long inputSize;
    private readonly long dModel;
    private readonly double dropout;
    private readonly bool causal;
    private readonly AttentionType attentionType;

    /// <summary>Makes the encoder.</summary>
    /// <param name="inputSize">Features of a frame, all channels together.</param>
    /// <param name="dModel">Features of the encodings, even.</param>
    /// <param name="nhead">Attention heads; must divide <paramref name="dModel"/>.</param>
    /// <param name="numEncoderLayers">Layers, at least 1.</param>
    /// <param name="dFfn">Features inside the feed-forward steps.</param>
    /// <param name="dropout">Probability of dropping in training, everywhere.</param>
    /// <param name="positionalEncoding">
    /// Whether there is the table of fixed absolute sinusoids, SpeechBrain's <c>positional_encoding="fixed_abs_sine"</c>. Only RegularMHA adds it to
    /// the input, and needs it; with RoPEMHA it lies unused in the state dict; RelPosMHAXL has relative ones in its place.
    /// </param>
    /// <param name="kernelSize">Frames that the convolutions see; odd, unless causal.</param>
    /// <param name="bias">Whether the convolutions' layers have biases.</param>
    /// <param name="conformerActivation">Of the feed-forward steps and the convolutions; null: Swish.</param>
    /// <param name="attentionType">The kind of attention.</param>
    /// <param name="maxLength">Frames of the longest sequence, where absolute positions are added.</param>
    /// <param name="causal">Whether no frame sees a later one.</param>
    /// <param name="layerdropProb">Probability of dropping a layer in a training step.</param>
    /// <param name="speechBrainCompatible">Whether padding leaks through the convolutions, as in SpeechBrain.</param>
    /// <exception cref="ArgumentException">A value out of its range, or heads that do not divide the width.</exception>
    public TransformerASR(
        long inputSize, long dModel = 512, long nhead = 8, long numEncoderLayers = 6, long dFfn = 2048, double dropout = 0.1,
        bool positionalEncoding = true,
        long kernelSize = 31, bool bias = true, Activation? conformerActivation = null, AttentionType attentionType = AttentionType.RegularMHA,
        long maxLength = 2500, bool causal = false, double layerdropProb = 0, bool speechBrainCompatible = false)
        : base(nameof(TransformerASR))
    {
        Require.Range(inputSize, nameof(inputSize), 1);
        ModuleInput.Dropout(dropout, nameof(dropout));
        if (attentionType == AttentionType.RegularMHA && !positionalEncoding)
            throw new ArgumentException("RegularMHA knows no positions: it needs positionalEncoding.", nameof(positionalEncoding));
        this.inputSize = inputSize;
        this.dModel = dModel;
        this.dropout = dropout;
        this.causal = causal;
        this.attentionType = attentionType;

        if (attentionType == AttentionType.RelPosMHAXL)
            this.positionalEncoding = new RelPosEncXL(dModel);
        else if (positionalEncoding)
            this.positionalEncoding = new PositionalEncoding(dModel, maxLength);
        if (attentionType is AttentionType.RelPosMHAXL or AttentionType.RoPEMHA)
            positionalEncodingDecoder = new PositionalEncoding(dModel, maxLength);
        encoder = new ConformerEncoder(
            numEncoderLayers, dModel, dFfn, nhead, kernelSize, conformerActivation, bias, dropout, causal, attentionType, layerdropProb,
            speechBrainCompatible);
        customSrcModule = new SourceModule(inputSize, dModel);
        RegisterComponents();

        foreach (var parameter in parameters().Where(p => p.dim() > 1))
            nn.init.xavier_normal_(parameter);
    }

    /// <summary>The stack of layers.</summary>
    public ConformerEncoder Encoder => encoder;

    /// <summary>Encodes; the same as <see cref="Encode"/>.</summary>
    /// <param name="src">As in <see cref="Encode"/>.</param>
    /// <param name="wavLens">As in <see cref="Encode"/>.</param>
    /// <param name="dynChunkTrainConfig">As in <see cref="Encode"/>.</param>
    /// <param name="layerDrop">As in <see cref="Encode"/>.</param>
    /// <returns><c>[batch, time, dModel]</c>.</returns>
    public override Tensor forward(Tensor src, Tensor? wavLens, DynChunkTrainConfig? dynChunkTrainConfig, LayerDrop? layerDrop)
    {
        using var scope = NewDisposeScope();
        var (x, srcMask, keyPadding, positions) = Prepare(src, wavLens, dynChunkTrainConfig);
        return encoder.call(x, srcMask, keyPadding, positions, dynChunkTrainConfig, layerDrop).MoveToOuterDisposeScope();
    }

    /// <summary>Encodes.</summary>
    /// <param name="src"><c>[batch, time, inputSize]</c>, or <c>[batch, time, features, channels]</c> with features * channels = inputSize.</param>
    /// <param name="wavLens">
    /// <c>[batch]</c> on <paramref name="src"/>'s device: floating point, relative to time (0 to 1; round half to even of the product), or int64,
    /// frames. Null: no padding. After layers that change the number of frames, frames are right where relative lengths can be off by one, see
    /// <see cref="ConvolutionFrontEnd.OutputLengths(Tensor)"/>.
    /// </param>
    /// <param name="dynChunkTrainConfig">Chunks; null: none. Not in a causal encoder.</param>
    /// <param name="layerDrop">See <see cref="ConformerEncoder.forward"/>.</param>
    /// <returns><c>[batch, time, dModel]</c>; what it holds in frames of padding has no meaning.</returns>
    /// <exception cref="ArgumentException">Wrong ranks, sizes, types, devices or lengths, chunks in a causal encoder, or too many frames.</exception>
    public Tensor Encode(Tensor src, Tensor? wavLens = null, DynChunkTrainConfig? dynChunkTrainConfig = null, LayerDrop? layerDrop = null) =>
        call(src, wavLens, dynChunkTrainConfig, layerDrop)!;

    /// <summary>Encodes, and gives the output and the attention weights of each layer too.</summary>
    /// <param name="src">As in <see cref="Encode"/>.</param>
    /// <param name="wavLens">As in <see cref="Encode"/>.</param>
    /// <param name="dynChunkTrainConfig">As in <see cref="Encode"/>.</param>
    /// <param name="layerDrop">As in <see cref="Encode"/>.</param>
    public ConformerEncoderStates EncodeWithStates(
        Tensor src, Tensor? wavLens = null, DynChunkTrainConfig? dynChunkTrainConfig = null, LayerDrop? layerDrop = null)
    {
        using var scope = NewDisposeScope();
        var (x, srcMask, keyPadding, positions) = Prepare(src, wavLens, dynChunkTrainConfig);
        var states = encoder.ForwardWithStates(x, srcMask, keyPadding, positions, dynChunkTrainConfig, layerDrop);
        foreach (var kept in states.HiddenStates.Concat(states.Attention).Append(states.Output))
            kept?.MoveToOuterDisposeScope();
        return states;
    }

    /// <summary>The state of a stream before its first chunk.</summary>
    /// <param name="dynChunkTrainConfig">
    /// The chunks, as the encoder was trained with; without a left context size a chunk sees the whole past, which the context then keeps.
    /// </param>
    /// <exception cref="ArgumentException">A causal encoder, which has no chunks.</exception>
    public TransformerASRStreamingContext MakeStreamingContext(DynChunkTrainConfig dynChunkTrainConfig) =>
        new(encoder.MakeStreamingContext(dynChunkTrainConfig), dModel, encoder.ConvolutionFrames);

    /// <summary>
    /// Encodes the next chunk of a stream. The chunks of a sequence, joined, give what <see cref="Encode"/> gives with these chunks (and without
    /// padding).
    /// </summary>
    /// <param name="src">
    /// <c>[batch, frames, inputSize]</c> or <c>[batch, frames, features, channels]</c>: a whole chunk, or at the end of the stream what is left.
    /// Batch, type and device stay the same in a stream.
    /// </param>
    /// <param name="context">The state of the stream; changed by the call, unless that fails.</param>
    /// <returns><c>[batch, frames, dModel]</c>.</returns>
    /// <remarks>
    /// Deviations from SpeechBrain: an unlimited left context works (it raises there), and so does RegularMHA, whose positions go on from chunk to
    /// chunk (there they begin anew, and do not fit the chunk once there is left context); keys and values are kept, not computed again.
    /// <code>
    /// using var context = encoder.MakeStreamingContext(new DynChunkTrainConfig(16, 4));
    /// foreach (var chunk in chunks)                                   // [1, 16, inputSize]
    ///     using (var encoded = encoder.EncodeStreaming(chunk, context))   // [1, 16, dModel]
    /// </code>
    /// </remarks>
    /// <exception cref="ArgumentException">
    /// Wrong ranks, sizes, types or devices, a chunk that does not continue the stream (too long, after its end, or of another batch), or a
    /// stream longer than the table of absolute positions.
    /// </exception>
    public Tensor EncodeStreaming(Tensor src, TransformerASRStreamingContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        using var scope = NewDisposeScope();
        var x = Flatten(src);
        var stream = context.EncoderContext;
        stream.RequireNext(x.size(1), nameof(src));
        Tensor? positions = null, absolute = null;
        if (attentionType == AttentionType.RelPosMHAXL)
            positions = ((RelPosEncXL)positionalEncoding!).MakePe(stream.LeftFrames + x.size(1), x.dtype, x.device_type, x.device_index);
        else if (attentionType == AttentionType.RegularMHA)
            absolute = ((PositionalEncoding)positionalEncoding!).Positions(stream.Frames, x.size(1), nameof(src));
        x = Source(x);
        return encoder.ForwardStreaming(absolute is null ? x : x.add(absolute), stream, positions).MoveToOuterDisposeScope();
    }

    private Tensor Flatten(Tensor src)
    {
        Require.Rank(src, nameof(src), "[batch, time, features] or [batch, time, features, channels]", 3, 4);
        var x = src.dim() == 4 ? src.flatten(2) : src;
        ModuleInput.Sequence(x, nameof(src), inputSize, customSrcModule.Weight);
        return x;
    }

    private Tensor Source(Tensor x)
    {
        var projected = customSrcModule.Apply(x);
        return DropoutNoise.Apply(projected, dropout, training);
    }

    private (Tensor X, Tensor? SrcMask, Tensor? KeyPadding, Tensor? Positions) Prepare(Tensor src, Tensor? wavLens, DynChunkTrainConfig? config)
    {
        var x = Flatten(src);
        if (x.size(1) == 0)
            throw new ArgumentException($"src is {Require.Describe(src)}; it must have at least one frame.", nameof(src));
        var srcMask = Functional.MakeTransformerSrcMask(x, causal, config, MaskCache.Shared);
        var keyPadding = wavLens is null ? null : KeyPadding(wavLens, x);

        x = Source(x);
        Tensor? positions = null;
        if (attentionType == AttentionType.RelPosMHAXL)
            positions = positionalEncoding!.call(x);
        else if (attentionType == AttentionType.RegularMHA)
            x = x.add(positionalEncoding!.call(x));
        return (x, srcMask, keyPadding, positions);
    }

    private static Tensor KeyPadding(Tensor wavLens, Tensor x)
    {
        Require.Rank(wavLens, nameof(wavLens), "[batch]", 1);
        long time = x.size(1);
        if (wavLens.dtype == ScalarType.Int64)
        {
            Require.Lengths(wavLens, nameof(wavLens), x, "src", 0, time);
            return Functional.GetMaskFromLengths(wavLens, time);
        }
        if (wavLens.size(0) != x.size(0))
            throw new ArgumentException(
                $"wavLens is {Require.Describe(wavLens)} for {x.size(0)} items; it must have one length for each.", nameof(wavLens));
        Require.SameDevice(wavLens, nameof(wavLens), x, "src");
        using var absolute = Functional.AbsoluteLengths(wavLens, time);
        return Functional.GetMaskFromLengths(absolute, time);
    }

    /// <summary>The linear layer before the encoder, under SpeechBrain's name <c>custom_src_module.layers.0.w</c>.</summary>
    private sealed class SourceModule : nn.Module, IHasProducts
    {
        private readonly ProductType products = new();
        private readonly LayerList layers;

        public SourceModule(long inputSize, long dModel)
            : base(nameof(SourceModule))
        {
            layers = new LayerList(inputSize, dModel);
            RegisterComponents();
        }

        ProductType IHasProducts.Products => products;

        public Tensor Weight => layers.First.W.weight;

        public Tensor Apply(Tensor x) => ProductType.To(products.Linear(x, layers.First.W.weight, layers.First.W.bias), x.dtype);
    }

    private sealed class LayerList : nn.Module
    {
        [ComponentName(Name = "0")]
        public readonly LinearLayer First;

        public LayerList(long inputSize, long dModel)
            : base(nameof(LayerList))
        {
            First = new LinearLayer(inputSize, dModel);
            RegisterComponents();
        }
    }

    private sealed class LinearLayer : nn.Module
    {
        [ComponentName(Name = "w")]
        public readonly Linear W;

        public LinearLayer(long inputSize, long dModel)
            : base(nameof(LinearLayer))
        {
            W = nn.Linear(inputSize, dModel);
            RegisterComponents();
        }
    }
}
