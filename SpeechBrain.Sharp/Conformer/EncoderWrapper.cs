using SpeechBrain.Sharp.Masks;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Conformer;

/// <summary>
/// A <see cref="TransformerASR"/> under the name <c>transformer</c>, which the encoder has in checkpoints of transducers:
/// <c>call(x, wavLens, dynChunkTrainConfig, layerDrop)</c>.
/// </summary>
/// <remarks>SpeechBrain 1.1.0, <c>speechbrain/lobes/models/transformer/TransformerASR.py</c>.</remarks>
public sealed class EncoderWrapper : nn.Module<Tensor, Tensor?, DynChunkTrainConfig?, LayerDrop?, Tensor>
{
    private readonly TransformerASR transformer;

    /// <summary>Wraps an encoder, which belongs to the wrapper from now on.</summary>
    /// <param name="transformer">The encoder.</param>
    public EncoderWrapper(TransformerASR transformer)
        : base(nameof(EncoderWrapper))
    {
        ArgumentNullException.ThrowIfNull(transformer);
        this.transformer = transformer;
        RegisterComponents();
    }

    /// <summary>The encoder.</summary>
    public TransformerASR Transformer => transformer;

    /// <summary>Encodes, see <see cref="TransformerASR.Encode"/>.</summary>
    /// <param name="x">As <c>src</c> there.</param>
    /// <param name="wavLens">As there.</param>
    /// <param name="dynChunkTrainConfig">As there.</param>
    /// <param name="layerDrop">As there.</param>
    /// <returns><c>[batch, time, dModel]</c>.</returns>
    public override Tensor forward(Tensor x, Tensor? wavLens, DynChunkTrainConfig? dynChunkTrainConfig, LayerDrop? layerDrop) =>
        transformer.call(x, wavLens, dynChunkTrainConfig, layerDrop)!;

    /// <summary>Encodes, with SpeechBrain's optional arguments.</summary>
    /// <param name="x">As in <see cref="forward"/>.</param>
    /// <param name="wavLens">As in <see cref="forward"/>.</param>
    /// <param name="dynChunkTrainConfig">As in <see cref="forward"/>.</param>
    public Tensor call(Tensor x, Tensor? wavLens = null, DynChunkTrainConfig? dynChunkTrainConfig = null) =>
        call(x, wavLens, dynChunkTrainConfig, null)!;

    /// <summary>The state of a stream before its first chunk, see <see cref="TransformerASR.MakeStreamingContext"/>.</summary>
    /// <param name="dynChunkTrainConfig">As there.</param>
    public TransformerASRStreamingContext MakeStreamingContext(DynChunkTrainConfig dynChunkTrainConfig) =>
        transformer.MakeStreamingContext(dynChunkTrainConfig);

    /// <summary>Encodes the next chunk of a stream, see <see cref="TransformerASR.EncodeStreaming"/>.</summary>
    /// <param name="x">As <c>src</c> there.</param>
    /// <param name="context">As there.</param>
    /// <returns><c>[batch, frames, dModel]</c>.</returns>
    public Tensor ForwardStreaming(Tensor x, TransformerASRStreamingContext context) => transformer.EncodeStreaming(x, context);
}
