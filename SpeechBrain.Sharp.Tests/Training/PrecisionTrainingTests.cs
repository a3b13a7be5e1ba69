using NUnit.Framework;
using SpeechBrain.Sharp.Conformer;
using SpeechBrain.Sharp.Tests.Testing;
using SpeechBrain.Sharp.Training;
using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Training;

/// <summary>A small Conformer-Transducer learns two utterances by heart in every precision that the device has.</summary>
[TestFixture]
public sealed class PrecisionTrainingTests
{
    private static IEnumerable<TestCaseData> Rows() =>
        from device in (DeviceType[])[DeviceType.CPU, DeviceType.CUDA]
        from precision in Precision.All
        where device == DeviceType.CUDA || precision != Precision.Fp16
        let row = new TestCaseData(device, precision.Name)
        select device == DeviceType.CUDA ? row.SetCategory("Gpu") : row;

    [TestCaseSource(nameof(Rows))]
    public void TheModelLearns(DeviceType type, string name)
    {
        var device = Devices.Require(type);
        var precision = Precision.Parse(name);
        precision.Check(device);
        using var scope = NewDisposeScope();
        random.manual_seed(3);
        using var model = new ConformerTransducer(new()
        {
            NMels = 8,
            FrontEndChannels = [4, 4],
            FrontEndDropout = 0,
            DModel = 16,
            NHead = 2,
            NumEncoderLayers = 1,
            DFfn = 32,
            KernelSize = 5,
            Dropout = 0,
            MaxLength = 32,
            JointDim = 16,
            OutputNeurons = 6,
            DecDim = 16,
            DecEmbDropout = 0,
            DecDropout = 0,
        });
        model.to(device);
        model.ComputeIn(precision.ProductType);
        Parameter[] weights = [.. model.parameters().Where(p => p.requires_grad)];
        using var optimizer = optim.AdamW(weights, 1e-2);
        using var update = new WeightUpdate(optimizer, weights, new() { Log = _ => { } }, scaler: precision.NewGradScaler());
        var features = Noise.Normal([2, 40, 8]).to(device);
        var tokens = tensor(new long[,] { { 1, 2, 3 }, { 4, 5, 0 } }, device: device);

        var losses = new List<double>();
        for (int step = 0; step < 60; step++)
        {
            using var inner = NewDisposeScope();
            var encoded = model.Encode(features, tensor(new long[] { 40, 36 }, device: device));
            losses.Add(update.Backward(model.Loss(encoded, model.EncodedLengths([40, 36]), tokens, [3, 2]).Total, ["a", "b"]).Loss);
        }
        Assert.That(losses[^1], Is.LessThan(0.2 * losses[0]), string.Join(" ", losses));
        Assert.That(update.OptimizerSteps + update.Overflows, Is.EqualTo(60));
        Assert.That(weights.Select(w => w.dtype), Is.All.EqualTo(ScalarType.Float32));
    }
}
