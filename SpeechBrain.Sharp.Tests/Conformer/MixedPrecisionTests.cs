using NUnit.Framework;
using SpeechBrain.Sharp.Conformer;
using SpeechBrain.Sharp.Masks;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static SpeechBrain.Sharp.Tests.Conformer.ConformerTesting;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Conformer;

/// <summary>Products in half precision, all else in float32.</summary>
[TestFixture]
public sealed class MixedPrecisionTests
{
    private const int Features = 12, Model = 32;

    private static IEnumerable<TestCaseData> DevicesAndTypes =>
        from device in Devices.All
        from type in device.Arguments[0] is DeviceType.CUDA ? [ScalarType.BFloat16, ScalarType.Float16] : new[] { ScalarType.BFloat16 }
        from attention in Enum.GetValues<AttentionType>()
        from chunk in (int[])[0, 3]
        select WithCategories(new TestCaseData(device.Arguments[0], type, attention, chunk), device);

    [TestCaseSource(nameof(DevicesAndTypes))]
    public void IsNearFloat32(DeviceType deviceType, ScalarType type, AttentionType attention, int chunk)
    {
        var device = Devices.Require(deviceType);
        using var scope = NewDisposeScope();
        var config = chunk > 0 ? new DynChunkTrainConfig(chunk, 1) : null;
        var expected = Run(attention, null, config, device);
        var actual = Run(attention, type, config, device);
        Assert.That((actual.Output.dtype, actual.Input.dtype), Is.EqualTo((ScalarType.Float32, ScalarType.Float32)));
        AssertNear(actual.Output, expected.Output, "output");
        AssertNear(actual.Input, expected.Input, "gradient of the input");
        Assert.That(
            (actual.Output - expected.Output).abs().max().item<float>(), Is.GreaterThan(1e-4), "products in half precision differ by their rounding");
        foreach (var (name, gradient) in expected.Weights)
        {
            Assert.That(actual.Weights[name].dtype, Is.EqualTo(ScalarType.Float32), name);
            // A bias of all keys moves every score of a row alike, which softmax does not see: its gradient is rounding.
            if (!name.EndsWith("in_proj_bias", StringComparison.Ordinal))
                AssertNear(actual.Weights[name], gradient, name);
        }
    }

    [Test]
    public void WeightsAndStateStayFloat32([Values] AttentionType attention)
    {
        using var scope = NewDisposeScope();
        using var encoder = Make(attention).ComputeIn(ScalarType.BFloat16);
        Assert.That(encoder.state_dict().Values.Select(t => t.dtype), Is.All.EqualTo(ScalarType.Float32));
        var states = encoder.EncodeWithStates(Input(), tensor(new long[] { 14, 9 }));
        Assert.That(states.HiddenStates.Select(t => t.dtype), Is.All.EqualTo(ScalarType.Float32), "the sums of the layers");
        foreach (var weights in states.Attention)
        {
            Assert.That(weights is null, Is.EqualTo(attention == AttentionType.RoPEMHA));
            if (weights is null)
                continue;
            // In bfloat16 14 numbers would add up to 1 within 1e-2 at best.
            Assert.That(weights.dtype, Is.EqualTo(ScalarType.Float32));
            Assert.That(Numbers.Values(weights.sum(-1)), Is.All.EqualTo(1).Within(1e-5), "softmax is in float32");
        }
    }

    [Test]
    public void NullBringsTheWeightsTypeBack([Values] AttentionType attention)
    {
        using var scope = NewDisposeScope();
        using var encoder = Make(attention);
        var before = encoder.Encode(Input());
        encoder.ComputeIn(ScalarType.BFloat16).ComputeIn(null);
        AssertClose(encoder.Encode(Input()), before, 0);
        encoder.ComputeIn(ScalarType.BFloat16).to(ScalarType.Float64);
        Assert.That(encoder.Encode(Input().to(ScalarType.Float64)).dtype, Is.EqualTo(ScalarType.Float64), "weights may have any type");
    }

    [Test]
    public void TheFrontEndIsNearFloat32()
    {
        using var scope = NewDisposeScope();
        using var frontEnd = new ConvolutionFrontEnd(
            [1, 1, Features], 2, 1, [8, 6], [3, 3], [2, 2], residuals: [true, false]).Prepared(dtype: ScalarType.Float32);
        var x = Noise(4, ScalarType.Float32, 2, 21, Features).requires_grad_();
        var lengths = tensor(new long[] { 21, 13 });
        var expected = frontEnd.call(x, lengths)!;
        var actual = frontEnd.ComputeIn(ScalarType.BFloat16).call(x, lengths)!;
        AssertNear(actual, expected, "output");
        actual.square().sum().backward();
        Assert.That(frontEnd.parameters().Select(p => p.grad!.dtype), Is.All.EqualTo(ScalarType.Float32));
    }

    /// <summary>A model that is bfloat16 altogether, without padding, where libtorch 1.13 has no reflection of its own.</summary>
    [Test]
    public void AFrontEndMayBeBFloat16Altogether([Values(1, 2)] int channels)
    {
        using var scope = NewDisposeScope();
        using var frontEnd = new ConvolutionFrontEnd([1, 1, Features, channels], 2, 1, [8, 6], [3, 3], [2, 2]).Prepared(dtype: ScalarType.Float32);
        var x = Noise(4, ScalarType.Float32, 2, 21, Features, channels);
        var expected = frontEnd.call(x);
        var actual = frontEnd.to(ScalarType.BFloat16).call(x.to(ScalarType.BFloat16));
        Assert.That(actual.dtype, Is.EqualTo(ScalarType.BFloat16));
        AssertNear(actual.to(ScalarType.Float32), expected, "output");
    }

    [Test]
    public void StreamsLikeTheWholePass([Values] AttentionType attention)
    {
        using var scope = NewDisposeScope();
        using var encoder = Make(attention).ComputeIn(ScalarType.BFloat16);
        var config = new DynChunkTrainConfig(4, 1);
        var x = Input();
        using var context = encoder.MakeStreamingContext(config);
        var parts = Enumerable.Range(0, 4).Select(n => encoder.EncodeStreaming(x.narrow(1, 4 * n, Math.Min(4, 14 - 4 * n)), context));
        var streamed = cat([.. parts], 1);
        Assert.That(streamed.dtype, Is.EqualTo(ScalarType.Float32));
        AssertNear(streamed, encoder.Encode(x, null, config), "stream");
        context.Dispose();
        encoder.EncodeStreaming(x[.., ..4], context);
        encoder.ComputeIn(null);
        AssertNear(encoder.EncodeStreaming(x[.., 4..8], context), streamed[.., 4..8], "a stream that goes on in another type");
    }

    [Test]
    public void NothingLeaks([Values] AttentionType attention)
    {
        using var encoder = Make(attention).ComputeIn(ScalarType.BFloat16);
        using var x = Input();
        using var lengths = tensor(new long[] { 14, 9 });
        LeakCheck.IsClean(() => encoder.Encode(x, lengths, new DynChunkTrainConfig(4)));
    }

    /// <summary>float16 products are a GPU's; libtorch's message on the CPU would be "addmm_impl_cpu_" not implemented for 'Half'.</summary>
    [Test]
    public void Float16OnTheCpuIsRefusedWithTheFix([Values] AttentionType attention)
    {
        using var scope = NewDisposeScope();
        using var encoder = Make(attention).ComputeIn(ScalarType.Float16);
        Refusal.Of(() => encoder.Encode(Input()), "ComputeIn(ScalarType.BFloat16)");
        Refusal.Of(() => encoder.EncodeStreaming(Input()[.., ..4], encoder.MakeStreamingContext(new(4))), "ComputeIn(ScalarType.BFloat16)");
        using var frontEnd = new ConvolutionFrontEnd([1, 1, Features], 1, 1).ComputeIn(ScalarType.Float16);
        Refusal.Of(() => frontEnd.call(zeros(1, 9, Features)), "need a GPU");
        encoder.ComputeIn(null).to(ScalarType.Float16);
        Refusal.Of(() => encoder.Encode(Input().to(ScalarType.Float16)), "bfloat16 or float32");
    }

    [Test]
    public void OtherTypesAreRefused([Values(ScalarType.Float64, ScalarType.Float32, ScalarType.Int64)] ScalarType type)
    {
        using var encoder = Make(AttentionType.RoPEMHA);
        Refusal.Of(() => encoder.ComputeIn(type), "BFloat16, in Float16, or with null");
    }

    [Test]
    public void MasksOfALayerByItselfHaveTheTypeOfTheProducts([Values] AttentionType attention)
    {
        using var scope = NewDisposeScope();
        using var layer = new ConformerEncoderLayer(Model, 48, 4, 5, attentionType: attention).Prepared(dtype: ScalarType.Float32);
        layer.ComputeIn(ScalarType.BFloat16);
        using var encoding = new RelPosEncXL(Model);
        var x = Noise(1, ScalarType.Float32, 2, 6, Model);
        var positions = attention == AttentionType.RelPosMHAXL ? encoding.call(x) : null;
        Refusal.Of(() => layer.call(x, AttentionMask.From(null, Padding(6, 6, 4)), positions, null), "BFloat16");
        var y = layer.call(x, AttentionMask.From(null, Padding(6, 6, 4), ScalarType.BFloat16), positions, null);
        Assert.That(y.dtype, Is.EqualTo(ScalarType.Float32));
    }

    private static (Tensor Output, Tensor Input, Dictionary<string, Tensor> Weights) Run(
        AttentionType attention, ScalarType? type, DynChunkTrainConfig? config, Device device)
    {
        using var encoder = Make(attention).to(device).ComputeIn(type);
        var x = Input().to(device).requires_grad_();
        var y = encoder.Encode(x, tensor(new long[] { 14, 9 }, device: device), config);
        // Only frames that have a meaning.
        (y[0].square().sum() + y[1, ..9].pow(3).sum()).backward();
        var gradients = encoder.named_parameters().ToDictionary(p => p.Item1, p => p.Item2.grad!.detach().cpu());
        return (cat([y[0], y[1, ..9]]).detach().cpu(), x.grad!.cpu(), gradients);
    }

    /// <summary>The difference is small beside the whole: bfloat16 keeps 8 bits, of which a few are lost on the way through the layers.</summary>
    private static void AssertNear(Tensor actual, Tensor expected, string what) => Assert.That(
        Numbers.Values((actual - expected).norm() / expected.norm())[0], Is.LessThan(0.05), what);

    private static Tensor Input() => Noise(2, ScalarType.Float32, 2, 14, Features);

    private static TransformerASR Make(AttentionType attention)
    {
        random.manual_seed(5);
        var encoder = new TransformerASR(Features, Model, 4, 2, 48, 0, kernelSize: 5, attentionType: attention, maxLength: 40);
        encoder.eval();
        return encoder;
    }

    private static TestCaseData WithCategories(TestCaseData row, TestCaseData like)
    {
        foreach (object category in like.Properties["Category"])
            row.SetCategory((string)category);
        return row;
    }
}
