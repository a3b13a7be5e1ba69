using NUnit.Framework;
using SpeechBrain.Sharp.Conformer;
using SpeechBrain.Sharp.Masks;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static SpeechBrain.Sharp.Tests.Conformer.ConformerTesting;
using static SpeechBrain.Sharp.Tests.Conformer.NaiveAttention;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Conformer;

[TestFixture]
public sealed class ConvolutionModuleTests
{
    private const int Batch = 2, Size = 4;

    [Test]
    public void EqualsTheLoops(
        [Values(1, 2, 3, 5)] int kernel, [Values] bool causal, [Values(1, 2, 3)] int dilation, [Values(1, 6, 9)] int time,
        [Values(0, 1, 2, 4, 20)] int chunk)
    {
        if ((!causal && kernel % 2 == 0) || (chunk > 0 && (causal || dilation > 1)))
            return;
        using var scope = NewDisposeScope();
        using var module = new ConvolutionModule(Size, kernel, causal: causal, dilation: dilation).Prepared();
        var x = Noise(kernel, Batch, time, Size);
        var y = module.call(x, null, chunk > 0 ? new DynChunkTrainConfig(chunk, 1) : null)!;
        AssertClose(y, Loops(module, x, kernel, dilation, causal, chunk, (_, _) => true), 1e-10);
    }

    [Test]
    public void PaddingIsZeroBeforeTheConvolution([Values(0, 3)] int chunk)
    {
        using var scope = NewDisposeScope();
        using var module = new ConvolutionModule(Size, 5).Prepared();
        var x = Noise(1, Batch, 9, Size);
        var padding = Padding(9, 9, 5);
        var y = module.call(x, padding.unsqueeze(-1), chunk > 0 ? new DynChunkTrainConfig(chunk) : null)!;
        var expected = Loops(module, x, 5, 1, false, chunk, (b, t) => b == 0 || t < 5);
        AssertClose(y, expected.masked_fill(padding.unsqueeze(-1), 0), 1e-10);
    }

    [Test]
    public void AnItemIsTheSameAloneAndPadded(
        [Values] bool causal, [Values(0, 4)] int chunk, [Values(ScalarType.Float32, ScalarType.Float64)] ScalarType dtype)
    {
        if (causal && chunk > 0)
            return;
        using var scope = NewDisposeScope();
        using var module = new ConvolutionModule(Size, 7, causal: causal).Prepared(dtype: dtype);
        var x = Noise(2, dtype, Batch, 12, Size);
        var config = chunk > 0 ? new DynChunkTrainConfig(chunk) : null;
        var together = module.call(x, Padding(12, 12, 5).unsqueeze(-1), config)!;
        AssertClose(together[1.., ..5], module.call(x[1.., ..5], null, config)!, dtype == ScalarType.Float32 ? 1e-5 : 1e-12);
    }

    [Test]
    public void GradientsAreRight([Values(0, 2)] int chunk)
    {
        using var scope = NewDisposeScope();
        using var module = new ConvolutionModule(Size, 3).Prepared();
        var mask = Padding(5, 5, 3).unsqueeze(-1);
        var config = chunk > 0 ? new DynChunkTrainConfig(chunk) : null;
        GradCheck.Check(x => module.call(x[0], mask, config)!, Noise(3, Batch, 5, Size));
        var input = Noise(4, Batch, 5, Size);
        CheckParameterGradients(module, () => module.call(input, mask, config)!);
    }

    [Test]
    public void StateDictHasSpeechBrainsKeys([Values] bool bias)
    {
        using var module = new ConvolutionModule(Size, 5, bias);
        string keys = string.Join("; ", new[]
        {
            "after_conv.0.bias [4]", "after_conv.0.weight [4]", bias ? "after_conv.2.bias [4]" : "", "after_conv.2.weight [4, 4]",
            bias ? "bottleneck.0.bias [8]" : "",
            "bottleneck.0.weight [8, 4, 1]", bias ? "conv.bias [4]" : "", "conv.weight [4, 1, 5]", "layer_norm.bias [4]", "layer_norm.weight [4]",
        }.Where(k => k.Length > 0));
        Assert.That(SelfAttentionTests.Keys(module), Is.EqualTo(keys));
    }

    [Test]
    public void LeavesNothingBehind([Values(0, 4)] int chunk)
    {
        using var module = new ConvolutionModule(Size, 5, dropout: 0.1);
        using var x = zeros(Batch, 9, Size);
        using var mask = zeros([Batch, 9, 1], ScalarType.Bool);
        LeakCheck.IsClean(() => module.call(x, mask, chunk > 0 ? new DynChunkTrainConfig(chunk) : null)!);
    }

    [Test]
    public void RefusesWhatDoesNotFit()
    {
        using var scope = NewDisposeScope();
        Assert.That(() => new ConvolutionModule(Size, 4), Throws.InstanceOf<ArgumentException>().With.Message.Contains("odd"));
        Assert.That(() => new ConvolutionModule(Size, 3, dilation: 0), Throws.InstanceOf<ArgumentException>());
        using var module = new ConvolutionModule(Size, 3);
        using var causal = new ConvolutionModule(Size, 3, causal: true);
        using var dilated = new ConvolutionModule(Size, 3, dilation: 2);
        var x = zeros(Batch, 6, Size);
        var chunks = new DynChunkTrainConfig(2);
        Assert.That(() => causal.call(x, null, chunks), Throws.ArgumentException.With.Message.Contains("causal"));
        Assert.That(() => dilated.call(x, null, chunks), Throws.ArgumentException.With.Message.Contains("dilation 2"));
        Assert.That(() => module.call(zeros(Batch, 6, Size + 1), null, null), Throws.ArgumentException);
        Assert.That(() => module.call(zeros(Batch, 0, Size), null, null), Throws.ArgumentException);
        Assert.That(() => module.call(x, zeros([Batch, 6], ScalarType.Bool), null),
            Throws.ArgumentException.With.Message.Contains("[batch, time, 1]"));
        Assert.That(() => module.call(x, zeros([Batch, 5, 1], ScalarType.Bool), null), Throws.ArgumentException);
        Assert.That(() => module.call(x, zeros(Batch, 6, 1), null), Throws.ArgumentException.With.Message.Contains("bool"));
    }

    /// <summary>Normalization, linear layer, gate, convolution, normalization, Swish, linear layer: one frame and one channel after the
    /// other.</summary>
    private static Tensor Loops(ConvolutionModule module, Tensor x, int kernel, int dilation, bool causal, int chunk, Func<int, int, bool> valid)
    {
        var w = module.state_dict();
        int batch = (int)x.size(0), time = (int)x.size(1);
        var normalized = nn.functional.layer_norm(x, [Size], w["layer_norm.weight"], w["layer_norm.bias"]);
        var gates = nn.functional.linear(normalized, w["bottleneck.0.weight"].squeeze(-1), w["bottleneck.0.bias"]);
        double[] g = Values(gates), taps = Values(w["conv.weight"]), bias = Values(w["conv.bias"]);
        var y = new double[batch, time, Size];
        for (int b = 0; b < batch; b++)
            for (int t = 0; t < time; t++)
                for (int c = 0; c < Size; c++)
                {
                    y[b, t, c] = bias[c];
                    for (int k = 0; k < kernel; k++)
                    {
                        int s = t + dilation * (causal ? k - (kernel - 1) : k - (kernel - 1) / 2);
                        int end = chunk == 0 ? time : Math.Min(time, (t / chunk + 1) * chunk);
                        if (s < 0 || s >= end || !valid(b, s))
                            continue;
                        int at = (b * time + s) * 2 * Size + c;
                        y[b, t, c] += taps[c * kernel + k] * g[at] / (1 + Math.Exp(-g[at + Size]));
                    }
                }
        var convolved = tensor(y.Cast<double>().ToArray(), dtype: ScalarType.Float64).view(batch, time, Size);
        var z = nn.functional.layer_norm(convolved, [Size], w["after_conv.0.weight"], w["after_conv.0.bias"]);
        return nn.functional.linear(z.mul(z.sigmoid()), w["after_conv.2.weight"], w["after_conv.2.bias"]);
    }
}
