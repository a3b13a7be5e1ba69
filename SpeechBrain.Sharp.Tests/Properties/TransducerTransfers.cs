using SpeechBrain.Sharp.Conformer;
using SpeechBrain.Sharp.Decoding;
using SpeechBrain.Sharp.Masks;
using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Properties;

/// <summary>Predictor, joint, losses, and the whole model. On the CPU labels and lengths are always checked, in host memory.</summary>
public static class TransducerTransfers
{
    private const long Batch = 2, Frames = 6, Labels = 3, Outputs = 5, Width = 8;
    private static readonly long[] frames = [6, 4], labels = [3, 2];

    /// <summary>The cases.</summary>
    public static IEnumerable<TransferCase> All => new TransferCase[]
    {
        new("Embedding", device =>
        {
            var embedding = new Embedding(Outputs, 4, device: device);
            var tokens = Tokens(device);
            return () => embedding.call(tokens)!;
        }),
        new("Lstm", device =>
        {
            var lstm = new Lstm(Width, Width, device: device);
            var x = SignalTransfers.Noise(device, Batch, Labels, Width);
            return () => lstm.call(x).Output;
        }),
        new("RNNLM", device =>
        {
            var model = new RNNLM(Outputs, 4, rnnLayers: 1, rnnNeurons: Width, dnnNeurons: Width).to(device);
            var tokens = Tokens(device);
            return () => model.call(tokens).Logits;
        }),
        new("Projection", device =>
        {
            var projection = new Projection(Width, Width, device: device);
            var x = SignalTransfers.Noise(device, Batch, Width);
            return () => projection.call(x)!;
        }),
        Joined("TransducerJoint", (encoded, predicted, _) => new TransducerJoint().call(encoded.unsqueeze(2), predicted.unsqueeze(1))!),
        Logits("TransducerLoss", (logits, tokens) => Functional.TransducerLoss(logits, tokens, frames, labels)) with { Uploads = 2 },
        new("TransducerLoss with lengths on the device", device =>
        {
            Tensor logits = SignalTransfers.Noise(device, Batch, Frames, Labels + 1, Outputs).requires_grad_(), tokens = Tokens(device);
            Tensor ofFrames = SignalTransfers.Lengths(device, frames), ofLabels = SignalTransfers.Lengths(device, labels);
            return () => Functional.TransducerLoss(logits, tokens, ofFrames, ofLabels);
        }),
        new("FusedTransducerLoss", device =>
        {
            var joint = new TransducerJoint(nonlinearity: Activation.GELU);
            var output = new Projection(Width, Outputs, bias: false, device: device);
            var (encoded, predicted) = Sides(device);
            var tokens = Tokens(device);
            return () => Functional.FusedTransducerLoss(encoded, predicted, joint, output.Weight, null, tokens, frames, labels);
        }) { Uploads = 2 },
        new("PrunedTransducerLoss", device =>
        {
            var (encoded, predicted) = Sides(device);
            var loss = new PrunedTransducerLoss(Width, Width, Outputs, sRange: 2, device: device);
            var output = new Projection(Width, Outputs, device: device);
            var tokens = Tokens(device);
            return () =>
            {
                var losses = loss.call(encoded, predicted, tokens, frames, labels, (left, right) => output.call((left + right).tanh())!);
                return losses.Simple + losses.Pruned;
            };
        }) { Uploads = 8 },
        Joined("SimpleTransducerLoss", (am, lm, tokens) => Functional.SimpleTransducerLoss(am, lm, tokens, frames, labels).Loss) with { Uploads = 4 },
        Joined("PruneRanges", (am, lm, tokens) =>
        {
            var simple = Functional.SimpleTransducerLoss(am, lm, tokens, frames, labels);
            return Functional.PruneRanges(simple.BlankArcs, simple.LabelArcs, frames, labels, 2);
        }) with { Uploads = 6 },
        Joined("PruneStates", (encoded, predicted, _) =>
            Functional.PruneStates(encoded, predicted, zeros([Batch, Frames, 2], ScalarType.Int64, encoded.device)).Predicted),
        new("CtcLoss", device =>
        {
            Tensor log = SignalTransfers.Noise(device, Batch, Frames, Outputs).log_softmax(-1).requires_grad_(), tokens = Tokens(device);
            return () => Functional.CtcLoss(log, tokens, frames, labels);
        }),
        new("NllLoss", device =>
        {
            Tensor log = SignalTransfers.Noise(device, Batch, Labels, Outputs).log_softmax(-1).requires_grad_(), tokens = Tokens(device);
            return () => Functional.NllLoss(log, tokens);
        }),
        Model("ConformerTransducer", fused: true),
        Model("ConformerTransducer unfused", fused: false),
    }.Select(c => c with { ReadsHostMemory = true });

    private static Tensor Tokens(Device device) => tensor(new long[] { 1, 2, 3, 4, 1, 0 }, [Batch, Labels], device: device);

    private static (Tensor Encoded, Tensor Predicted) Sides(Device device) => (
        SignalTransfers.Noise(device, Batch, Frames, Width).requires_grad_(),
        SignalTransfers.Noise(device, Batch, Labels + 1, Width).requires_grad_());

    private static TransferCase Joined(string name, Func<Tensor, Tensor, Tensor, Tensor> call) => new(name, device =>
    {
        var (encoded, predicted) = Sides(device);
        var tokens = Tokens(device);
        return () => call(encoded, predicted, tokens);
    });

    private static TransferCase Logits(string name, Func<Tensor, Tensor, Tensor> call) => new(name, device =>
    {
        Tensor logits = SignalTransfers.Noise(device, Batch, Frames, Labels + 1, Outputs).requires_grad_(), tokens = Tokens(device);
        return () => call(logits, tokens);
    });

    private static TransferCase Model(string name, bool fused) => new(name, device =>
    {
        var model = new ConformerTransducer(new()
        {
            NMels = 20,
            DModel = 16,
            NHead = 2,
            NumEncoderLayers = 1,
            DFfn = 32,
            JointDim = Width,
            DecDim = Width,
            OutputNeurons = Outputs,
            FusedLoss = fused,
        }).to(device);
        Tensor features = SignalTransfers.Noise(device, Batch, 40, 20), lengths = SignalTransfers.Lengths(device, 40, 30), tokens = Tokens(device);
        long[] encodedLengths = model.EncodedLengths([40, 30]);
        return () => model.Loss(model.Encode(features, lengths, new DynChunkTrainConfig(4, 2)), encodedLengths, tokens, labels).Total;
    })
    { Uploads = 4 };
}
