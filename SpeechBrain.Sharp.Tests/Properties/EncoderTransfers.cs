using SpeechBrain.Sharp.Conformer;
using SpeechBrain.Sharp.Masks;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Properties;

/// <summary>The front end, attention, the encoder and their parts.</summary>
public static class EncoderTransfers
{
    private const long Batch = 2, Time = 12, Width = 16, Heads = 2;
    private static readonly DynChunkTrainConfig chunks = new(4, 2);

    /// <summary>The cases.</summary>
    public static IEnumerable<TransferCase> All =>
    [
        new("ConvolutionFrontEnd", device =>
        {
            var frontEnd = new ConvolutionFrontEnd([1, 1, 20], 2, 1, [4, 4], [3, 3], [2, 2], residuals: [false, false]).to(device);
            Tensor x = SignalTransfers.Noise(device, Batch, 40, 20), lengths = SignalTransfers.Lengths(device, 40, 30);
            return () => frontEnd.call(x, lengths)!;
        }) { ReadsHostMemory = true },
        Part("ConvolutionModule", device => new ConvolutionModule(Width, 5).to(device), (m, x) => m.call(x, null, chunks)!),
        Part("PositionalwiseFeedForward", device => new PositionalwiseFeedForward(32, Width, 0.1).to(device), (m, x) => m.call(x)!)
            with { ReadsHostMemory = true }, // dropout on the CPU makes its noise there
        Part("PositionalEncoding", device => new PositionalEncoding(Width, 50).to(device), (m, x) => m.call(x)!),
        Part("RelPosEncXL", device => new RelPosEncXL(Width).to(device), (m, x) => m.call(x)!),
        Part("NormalizedEmbedding", device => new NormalizedEmbedding(Width, 5).to(device),
            (m, x) => m.call(zeros([2, 3], ScalarType.Int64, x.device))!)
            with { ReadsHostMemory = true },
        Part("RelShift", _ => nn.Identity(), (_, x) => Functional.RelShift(x.narrow(1, 0, 8).narrow(2, 0, 15))),
        Part("RoPERotate", _ => nn.Identity(), (_, x) => Functional.RoPERotate(x.view(Batch, Time, Heads, -1))),
        Part("RelPosMHAXL", device => (Attention: new RelPosMHAXL(Width, Heads, 0.1).to(device), Positions: new RelPosEncXL(Width).to(device)),
            (m, x) => m.Attention.call(x, m.Positions.call(x), null)!) with { ReadsHostMemory = true },
        Part("RoPEMHA", device => new RoPEMHA(Width, Heads, 0.1).to(device), (m, x) => m.call(x, null, null)!) with { ReadsHostMemory = true },
        Part("MultiheadAttention", device => new MultiheadAttention(Heads, Width, 0.1).to(device), (m, x) => m.call(x, null, null)!)
            with { ReadsHostMemory = true },
        Part("ConformerEncoderLayer", device => new ConformerEncoderLayer(Width, 32, Heads, 5, attentionType: AttentionType.RoPEMHA).to(device),
            (m, x) => m.call(x, null, null, null)!),
        Part("ConformerEncoder", device => new ConformerEncoder(1, Width, 32, Heads, 5, attentionType: AttentionType.RoPEMHA).to(device),
            (m, x) => m.ForwardWithStates(x).Output),
        .. from kind in Enum.GetValues<AttentionType>() select Encoder(kind, null),
        Encoder(AttentionType.RelPosMHAXL, ScalarType.BFloat16),
        Part("TransformerASR streaming", device => Streaming().to(device), (m, x) =>
        {
            m.eval();
            using var context = m.MakeStreamingContext(chunks);
            return m.EncodeStreaming(x.narrow(1, 0, 4), context).detach();
        }),
        new("EncoderWrapper", device =>
        {
            var encoder = new EncoderWrapper(new TransformerASR(Width, Width, Heads, 1, 32, attentionType: AttentionType.RoPEMHA)).to(device);
            Tensor x = SignalTransfers.Noise(device, Batch, Time, Width), lengths = tensor(new[] { 1f, 0.7f }, device: device);
            return () => encoder.call(x, lengths, chunks)!;
        }) { ReadsHostMemory = true },
    ];

    private static TransformerASR Streaming() => new(Width, Width, Heads, 1, 32, dropout: 0, attentionType: AttentionType.RoPEMHA);

    private static TransferCase Encoder(AttentionType kind, ScalarType? products) => new($"TransformerASR {kind} {products}", device =>
    {
        var encoder = new TransformerASR(Width, Width, Heads, 1, 32, attentionType: kind).ComputeIn(products).to(device);
        Tensor x = SignalTransfers.Noise(device, Batch, Time, Width), lengths = tensor(new[] { 1f, 0.7f }, device: device);
        return () => encoder.Encode(x, lengths, chunks);
    })
    { ReadsHostMemory = true };

    private static TransferCase Part<T>(string name, Func<Device, T> make, Func<T, Tensor, Tensor> call) => new(name, device =>
    {
        var module = make(device);
        var x = SignalTransfers.Noise(device, Batch, Time, Width).requires_grad_();
        return () => call(module, x);
    });
}
