using NUnit.Framework;
using SpeechBrain.Sharp.Conformer;
using SpeechBrain.Sharp.Tests.Testing;
using SpeechBrain.Sharp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Training;

[TestFixture]
public sealed class PrecisionTests
{
    [Test]
    public void EachHasSpeechBrainsNameItsTypeAndItsScaler()
    {
        Assert.That(Precision.All.Select(p => $"{p} {p.ProductType} {p.NewGradScaler()?.Scale}"),
            Is.EqualTo(new[] { "fp32  ", "bf16 BFloat16 ", "fp16 Float16 65536" }));
        foreach (var precision in Precision.All)
            Assert.That(Precision.Parse(precision.Name), Is.SameAs(precision));
        Refusal.Of(() => Precision.Parse("float16"), "precision is 'float16'; it must be one of fp32, bf16, fp16.");
    }

    [Test]
    public void Float16NeedsAGpu()
    {
        Refusal.Of(() => Precision.Fp16.Check(CPU), "precision fp16 needs a GPU");
        Precision.Bf16.Check(CPU);
        Precision.Fp32.Check(CPU);
        Precision.Fp16.Check(new Device(DeviceType.CUDA, 0));
    }

    [Test]
    public void ItsTypeIsOneThatLayersComputeIn()
    {
        using var scope = NewDisposeScope();
        using var layer = new PositionalwiseFeedForward(8, 4);
        var x = Noise.Normal([2, 3, 4]);
        var exact = layer.call(x);
        Assert.That(layer.ComputeIn(Precision.Bf16.ProductType).call(x).allclose(exact, 0, 1e-6), Is.False, "rounded");
        Assert.That(layer.ComputeIn(Precision.Fp32.ProductType).call(x).equal(exact).all().item<bool>(), Is.True, "and back");
    }
}
