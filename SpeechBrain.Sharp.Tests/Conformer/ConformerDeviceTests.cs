using NUnit.Framework;
using SpeechBrain.Sharp.Conformer;
using SpeechBrain.Sharp.Masks;
using TorchSharp;
using static SpeechBrain.Sharp.Tests.Conformer.ConformerTesting;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Conformer;

/// <summary>From features to encodings on every device: the same values and gradients as on the CPU in float64.</summary>
[TestFixture]
public sealed class ConformerDeviceTests
{
    [TestCaseSource(typeof(Devices), nameof(Devices.AllFloats))]
    public void EveryDeviceGivesTheSame(DeviceType deviceType, ScalarType dtype)
    {
        var device = Devices.Require(deviceType);
        foreach (var type in Enum.GetValues<AttentionType>())
        {
            using var scope = NewDisposeScope();
            var (expected, expectedGradient) = Run(type, CPU, ScalarType.Float64);
            var (y, gradient) = Run(type, device, dtype);
            double tolerance = dtype == ScalarType.Float64 ? 1e-10 : deviceType == DeviceType.CPU ? 1e-4 : 1e-2;
            AssertClose(y, expected, tolerance, $"{type}, output");
            AssertClose(gradient, expectedGradient, tolerance, $"{type}, gradient");
        }
    }

    private static (Tensor Y, Tensor Gradient) Run(AttentionType type, Device device, ScalarType dtype)
    {
        using var frontEnd = new ConvolutionFrontEnd([1, 1, 12], 2, 1, [4, 3], [3, 3], [2, 2], residuals: [true, false]).Prepared();
        using var encoder = new TransformerASR(9, 8, 2, 2, 10, 0, kernelSize: 5, attentionType: type, maxLength: 40).Prepared(2);
        frontEnd.to(device, dtype);
        encoder.to(device, dtype);
        var x = Noise(3, 2, 33, 12).to(dtype, device).requires_grad_();
        var lengths = tensor(new long[] { 33, 21 }, device: device);
        var frames = frontEnd.OutputLengths(lengths);
        var y = encoder.Encode(frontEnd.call(x, lengths)!, frames, new DynChunkTrainConfig(3, 1));
        y.square().sum().backward();
        return (y.detach().to(ScalarType.Float64, CPU), x.grad!.to(ScalarType.Float64, CPU));
    }
}
