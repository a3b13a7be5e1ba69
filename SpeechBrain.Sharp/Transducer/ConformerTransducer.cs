using SpeechBrain.Sharp.Conformer;
using SpeechBrain.Sharp.Masks;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Transducer;

/// <summary>
/// The Conformer transducer of SpeechBrain's LibriSpeech recipe as one module: front end, encoder, prediction network, projections, joint
/// network, output layer and CTC head.
/// </summary>
/// <remarks>
/// Source: SpeechBrain 1.1.0, <c>recipes/LibriSpeech/ASR/transducer</c>. The state dict is that of the recipe's <c>model.ckpt</c>: 0 front
/// end, 1 encoder, 2 embedding, 3 LSTM, 4 encoder projection, 5 predictor projection, 6 CTC head, 7 output layer. Features come in
/// normalised (<c>Fbank</c>, <c>InputNormalization</c>).
/// <code>
/// using var model = new ConformerTransducer(new() { OutputNeurons = 29, NumEncoderLayers = 4, DModel = 144, NHead = 4, DFfn = 576 });
/// using var scope = torch.NewDisposeScope();
/// var encoded = model.Encode(features, frames);             // [B, T, 80], int64 [B] -> [B, T', 640]
/// var losses = model.Loss(encoded, model.EncodedLengths(hostFrames), tokens, tokenLengths);
/// losses.Total.backward();
/// </code>
/// </remarks>
public sealed class ConformerTransducer : nn.Module<Tensor, Tensor, Tensor?, Tensor>
{
    // The names of the recipe's list of modules, in its order.
    [ComponentName(Name = "0")]
    private readonly ConvolutionFrontEnd frontEnd;

    [ComponentName(Name = "1")]
    private readonly EncoderWrapper encoder;

    [ComponentName(Name = "2")]
    private readonly Embedding embedding;

    [ComponentName(Name = "3")]
    private readonly Lstm decoder;

    [ComponentName(Name = "4")]
    private readonly Projection encoderProjection;

    [ComponentName(Name = "5")]
    private readonly Projection decoderProjection;

    [ComponentName(Name = "6")]
    private readonly Projection ctcHead;

    [ComponentName(Name = "7")]
    private readonly Projection outputLayer;

    // Not in the list there, and without weights.
    private readonly TransducerJoint joint;

    /// <param name="options">Sizes; the recipe's by default.</param>
    /// <exception cref="ArgumentException">
    /// A size is out of its range, or sizes do not fit together; the message names the argument of the part concerned.
    /// </exception>
    public ConformerTransducer(ConformerTransducerOptions? options = null)
        : base(nameof(ConformerTransducer))
    {
        Options = options ??= new();
        ArgumentNullException.ThrowIfNull(options.FrontEndChannels);
        Require.Range(options.CtcWeight, nameof(options.CtcWeight), 0, 1);
        ModuleInput.Dropout(options.DecEmbDropout, nameof(options.DecEmbDropout));
        ModuleInput.Dropout(options.DecDropout, nameof(options.DecDropout));
        int blocks = options.FrontEndChannels.Count;
        frontEnd = new ConvolutionFrontEnd(
            [1, 1, options.NMels], blocks, numLayersPerBlock: 1, options.FrontEndChannels, options.FrontEndKernelSizes, options.FrontEndStrides,
            residuals: [.. Enumerable.Repeat(false, blocks)], dropout: options.FrontEndDropout);
        encoder = new EncoderWrapper(new TransformerASR(
            frontEnd.OutputSize, options.DModel, options.NHead, options.NumEncoderLayers, options.DFfn, options.Dropout,
            kernelSize: options.KernelSize, attentionType: options.AttentionType, maxLength: options.MaxLength,
            speechBrainCompatible: options.SpeechBrainCompatible));
        embedding = new Embedding(options.OutputNeurons, considerAsOneHot: true, blankId: options.BlankIndex);
        decoder = new Lstm(options.DecDim, embedding.EmbeddingDim);
        encoderProjection = new Projection(options.DModel, options.JointDim, bias: false);
        decoderProjection = new Projection(options.DecDim, options.JointDim, bias: false);
        ctcHead = new Projection(options.JointDim, options.OutputNeurons);
        outputLayer = new Projection(options.JointDim, options.OutputNeurons, bias: false);
        joint = new TransducerJoint(nonlinearity: options.JointActivation);
        RegisterComponents();
        this.ComputeIn(options.ComputeType);
    }

    /// <summary>The sizes.</summary>
    public ConformerTransducerOptions Options { get; }

    /// <summary>From features to the encoder's input, with fewer frames.</summary>
    public ConvolutionFrontEnd FrontEnd => frontEnd;

    /// <summary>The Conformer.</summary>
    public EncoderWrapper Encoder => encoder;

    /// <summary>Labels to one-hot vectors; blank is zero.</summary>
    public Embedding Embedding => embedding;

    /// <summary>The prediction network.</summary>
    public Lstm Decoder => decoder;

    /// <summary>From the prediction network's width to the joint's.</summary>
    public Projection DecoderProjection => decoderProjection;

    /// <summary>Joins encoder and predictor.</summary>
    public TransducerJoint JointNetwork => joint;

    /// <summary>From the joint's width to the outputs.</summary>
    public Projection OutputLayer => outputLayer;

    /// <summary>Frames that come out of <see cref="Encode"/> for so many that go in.</summary>
    /// <param name="frames">Frames of each utterance, on the host.</param>
    /// <returns>Encoded frames of each.</returns>
    public long[] EncodedLengths(IReadOnlyList<long> frames) => frontEnd.OutputLengths([.. frames]);

    /// <summary>Features to logits: <see cref="Encode"/>, <see cref="Predict"/> and <see cref="Joint"/>.</summary>
    /// <param name="features"><c>[batch, time, NMels]</c>.</param>
    /// <param name="tokensWithBos">Blank and then the labels, <c>[batch, U + 1]</c>.</param>
    /// <param name="lengths">As in <see cref="Encode"/>.</param>
    /// <returns>Logits <c>[batch, T', U + 1, outputs]</c>.</returns>
    public override Tensor forward(Tensor features, Tensor tokensWithBos, Tensor? lengths)
    {
        using var scope = NewDisposeScope();
        return Joint(Encode(features, lengths), Predict(tokensWithBos)).MoveToOuterDisposeScope();
    }

    /// <summary>The encoder's side: front end, encoder, projection.</summary>
    /// <param name="features">Normalised features <c>[batch, time, NMels]</c>.</param>
    /// <param name="lengths">
    /// Frames of each utterance <c>[batch]</c> on the features' device: int64, or relative lengths (floating point, 0 to 1); null: no padding.
    /// </param>
    /// <param name="dynChunk">Chunks; null: none.</param>
    /// <param name="layerDrop">Layers left out; null: none.</param>
    /// <returns>Encodings in the joint's width, <c>[batch, T', JointDim]</c>.</returns>
    /// <exception cref="ArgumentException">Shapes, dtypes, devices or lengths do not fit.</exception>
    public Tensor Encode(Tensor features, Tensor? lengths = null, DynChunkTrainConfig? dynChunk = null, LayerDrop? layerDrop = null)
    {
        Require.Rank(features, nameof(features), "[batch, time, NMels]", 3);
        using var scope = NewDisposeScope();
        Tensor source, encoded;
        if (lengths is null)
        {
            source = frontEnd.call(features);
            encoded = encoder.call(source, null, dynChunk, layerDrop)!;
        }
        else if (Options.SpeechBrainCompatible)
        {
            source = frontEnd.call(features);
            var relative = lengths.is_floating_point() ? lengths : lengths.to(ScalarType.Float32) / features.size(1);
            encoded = encoder.call(source, relative, dynChunk, layerDrop)!;
        }
        else
        {
            var frames = BatchLengths.From(lengths, nameof(lengths), features, features.size(1), 1);
            source = frontEnd.call(features, frames)!;
            encoded = encoder.call(source, frontEnd.OutputLengths(frames), dynChunk, layerDrop)!;
        }
        return encoderProjection.call(encoded)!.MoveToOuterDisposeScope();
    }

    /// <summary>The state of a stream before its first chunk, see <see cref="TransformerASR.MakeStreamingContext"/>.</summary>
    /// <param name="dynChunk">The chunks, in frames of the encoder; as it was trained with.</param>
    public TransformerASRStreamingContext MakeStreamingContext(DynChunkTrainConfig dynChunk) => encoder.MakeStreamingContext(dynChunk);

    /// <summary>
    /// The encoder's side for the next chunk of a stream: encoder and projection, see <see cref="TransformerASR.EncodeStreaming"/>.
    /// </summary>
    /// <param name="source">
    /// The front end's output for a chunk, <c>[batch, frames, features, channels]</c>: features and front end run chunk by chunk in a
    /// <see cref="Features.StreamingFeatureWrapper"/>.
    /// </param>
    /// <param name="context">The state of the stream; changed by the call, unless that fails.</param>
    /// <returns>Encodings in the joint's width, <c>[batch, frames, JointDim]</c>.</returns>
    /// <exception cref="ArgumentException">As there.</exception>
    public Tensor EncodeStreaming(Tensor source, TransformerASRStreamingContext context)
    {
        using var scope = NewDisposeScope();
        return encoderProjection.call(encoder.ForwardStreaming(source, context))!.MoveToOuterDisposeScope();
    }

    /// <summary>The predictor's side: one-hot vectors, LSTM, projection.</summary>
    /// <param name="tokensWithBos">Blank and then the labels, <c>[batch, U + 1]</c>, int64 or int32; see <see cref="WithBos"/>.</param>
    /// <returns>Predictions in the joint's width, <c>[batch, U + 1, JointDim]</c>.</returns>
    /// <exception cref="ArgumentException">Wrong rank or dtype, or (on the CPU) a label out of range.</exception>
    public Tensor Predict(Tensor tokensWithBos)
    {
        Require.Rank(tokensWithBos, nameof(tokensWithBos), "[batch, U + 1]", 2);
        using var scope = NewDisposeScope();
        var vectors = nn.functional.dropout(embedding.call(tokensWithBos)!, Options.DecEmbDropout, training);
        var states = nn.functional.dropout(decoder.call(vectors).Output, Options.DecDropout, training);
        return decoderProjection.call(states)!.MoveToOuterDisposeScope();
    }

    /// <summary>Logits of every frame with every prediction.</summary>
    /// <param name="encoded"><c>[batch, T', JointDim]</c>.</param>
    /// <param name="predicted"><c>[batch, U + 1, JointDim]</c>.</param>
    /// <returns>
    /// Logits <c>[batch, T', U + 1, outputs]</c>; under mixed precision in the type of the products, which losses convert themselves.
    /// </returns>
    /// <exception cref="ArgumentException">Shapes do not fit.</exception>
    public Tensor Joint(Tensor encoded, Tensor predicted)
    {
        Require.Rank(encoded, nameof(encoded), "[batch, T', JointDim]", 3);
        Require.Rank(predicted, nameof(predicted), "[batch, U + 1, JointDim]", 3);
        using var scope = NewDisposeScope();
        var (left, right) = (outputLayer.Cast(encoded), outputLayer.Cast(predicted));
        return outputLayer.call(joint.call(left.unsqueeze(2), right.unsqueeze(1))!)!.MoveToOuterDisposeScope();
    }

    /// <summary>Logits of the CTC head.</summary>
    /// <param name="encoded"><c>[batch, T', JointDim]</c>.</param>
    /// <returns>Logits <c>[batch, T', outputs]</c>.</returns>
    public Tensor CtcLogits(Tensor encoded) => ctcHead.call(encoded)!;

    /// <summary>Labels with blank, the beginning of each sentence, in front of them.</summary>
    /// <param name="tokens">Labels <c>[batch, U]</c>; U may be 0.</param>
    /// <returns>Int64 <c>[batch, U + 1]</c>.</returns>
    public Tensor WithBos(Tensor tokens)
    {
        Require.Rank(tokens, nameof(tokens), "[batch, U]", 2);
        TransducerLossArguments.CheckTargetType(tokens, nameof(tokens));
        using var scope = NewDisposeScope();
        var bos = full(tokens.size(0), 1, Options.BlankIndex, dtype: ScalarType.Int64, device: tokens.device);
        return cat([bos, tokens.to(ScalarType.Int64)], 1).MoveToOuterDisposeScope();
    }

    /// <summary>The losses of encodings against labels.</summary>
    /// <param name="encoded">From <see cref="Encode"/>, <c>[batch, T', JointDim]</c>.</param>
    /// <param name="encodedLens">Encoded frames of each utterance, see <see cref="EncodedLengths"/>.</param>
    /// <param name="tokens">Labels <c>[batch, U]</c>, int64 or int32; padding must be a label or blank.</param>
    /// <param name="tokenLens">Labels of each utterance, 0 to U.</param>
    /// <param name="withCtc">
    /// Whether the CTC loss is computed; without it the total is the transducer's share alone, as in the recipe's later epochs.
    /// </param>
    /// <returns>Scalars in the current dispose scope.</returns>
    /// <exception cref="ArgumentException">Shapes, dtypes, devices, lengths or labels do not fit.</exception>
    public TransducerLosses Loss(Tensor encoded, long[] encodedLens, Tensor tokens, long[] tokenLens, bool withCtc = true)
    {
        Require.Rank(encoded, nameof(encoded), "[batch, T', JointDim]", 3);
        using var scope = NewDisposeScope();
        var predicted = Predict(WithBos(tokens));
        var transducer = Options.FusedLoss
            ? Functional.FusedTransducerLoss(
                outputLayer.Cast(encoded), outputLayer.Cast(predicted), joint, outputLayer.Cast(outputLayer.Weight), null, tokens,
                encodedLens, tokenLens, Options.BlankIndex, memoryBudget: Options.LossMemoryBudget)
            : Functional.TransducerLoss(Joint(encoded, predicted), tokens, encodedLens, tokenLens, Options.BlankIndex);
        if (!withCtc)
            return Weighted(transducer, null);
        var log = CtcLogits(encoded).log_softmax(-1);
        return Weighted(transducer, Functional.CtcLoss(log, tokens, encodedLens, tokenLens, Options.BlankIndex, LossReduction.BatchMean));
    }

    /// <summary>
    /// As above with lengths in tensors. The fused loss needs them on the CPU, and stands back for the other where they are not; the CTC loss waits
    /// for them there.
    /// </summary>
    /// <param name="encoded">From <see cref="Encode"/>, <c>[batch, T', JointDim]</c>.</param>
    /// <param name="encodedLens">Relative (of T') or absolute lengths <c>[batch]</c>.</param>
    /// <param name="tokens">Labels <c>[batch, U]</c>.</param>
    /// <param name="tokenLens">Relative (of U) or absolute lengths <c>[batch]</c>.</param>
    /// <param name="withCtc">As above.</param>
    /// <returns>As above.</returns>
    /// <exception cref="ArgumentException">As above.</exception>
    public TransducerLosses Loss(Tensor encoded, Tensor encodedLens, Tensor tokens, Tensor tokenLens, bool withCtc = true)
    {
        Require.Rank(encodedLens, nameof(encodedLens), "[batch]", 1);
        Require.Rank(tokenLens, nameof(tokenLens), "[batch]", 1);
        using var scope = NewDisposeScope();
        if (Options.FusedLoss && encodedLens.is_cpu() && tokenLens.is_cpu())
        {
            Require.Rank(encoded, nameof(encoded), "[batch, T', JointDim]", 3);
            Require.Rank(tokens, nameof(tokens), "[batch, U]", 2);
            var frames = BatchLengths.From(encodedLens, nameof(encodedLens), encoded, encoded.size(1), 1);
            var labels = BatchLengths.From(tokenLens, nameof(tokenLens), tokens, tokens.size(1), 0);
            var losses = Loss(encoded, BatchLengths.HostValues(frames.cpu()), tokens, BatchLengths.HostValues(labels.cpu()), withCtc);
            return new(losses.Total.MoveToOuterDisposeScope(), losses.Transducer.MoveToOuterDisposeScope(), losses.Ctc?.MoveToOuterDisposeScope());
        }
        var logits = Joint(encoded, Predict(WithBos(tokens)));
        var transducer = Functional.TransducerLoss(logits, tokens, encodedLens, tokenLens, Options.BlankIndex);
        if (!withCtc)
            return Weighted(transducer, null);
        var log = CtcLogits(encoded).log_softmax(-1);
        return Weighted(transducer, Functional.CtcLoss(log, tokens, encodedLens, tokenLens, Options.BlankIndex, LossReduction.BatchMean));
    }

    private TransducerLosses Weighted(Tensor transducer, Tensor? ctc)
    {
        var total = (1 - Options.CtcWeight) * transducer;
        if (ctc is not null)
            total = total + Options.CtcWeight * ctc;
        return new(total.MoveToOuterDisposeScope(), transducer.MoveToOuterDisposeScope(), ctc?.MoveToOuterDisposeScope());
    }
}
