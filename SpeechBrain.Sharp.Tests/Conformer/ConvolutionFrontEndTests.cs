using NUnit.Framework;
using SpeechBrain.Sharp.Conformer;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static SpeechBrain.Sharp.Tests.Conformer.ConformerTesting;
using static SpeechBrain.Sharp.Tests.Conformer.NaiveAttention;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Conformer;

[TestFixture]
public sealed class ConvolutionFrontEndTests
{
    [Test]
    public void AConvolutionEqualsTheLoops(
        [Values] ConvPadding padding, [Values(1, 3, 5)] int kernel, [Values(1, 2, 3)] int stride, [Values(1, 2)] int dilation,
        [Values(1, 3)] int channels)
    {
        using var scope = NewDisposeScope();
        using var module = One(padding, kernel, stride, dilation, channels, features: 11).Prepared();
        var x = Noise(kernel, 2, 13, 11, channels);
        var y = module.call(x);
        var w = module.state_dict();
        AssertClose(y, Loops(x, w["convblock_0.convs.conv_0.conv.weight"], w["convblock_0.convs.conv_0.conv.bias"], padding, stride, dilation),
            1e-10);
        Assert.That(y.shape[1..], Is.EqualTo(new[] { module.OutputLength(13), module.OutputFeatures, module.OutputChannels }));
    }

    [Test]
    public void NormalizesOverFeaturesAndChannels()
    {
        using var scope = NewDisposeScope();
        using var plain = One(ConvPadding.Same, 3, 2, 1, 1, features: 8).Prepared();
        using var normalized = One(ConvPadding.Same, 3, 2, 1, 1, features: 8, norm: true).Prepared();
        normalized.load_state_dict(plain.state_dict(), strict: false);
        var x = Noise(2, 2, 9, 8);
        var w = normalized.state_dict();
        var expected = nn.functional.layer_norm(
            plain.call(x), [4, 2], w["convblock_0.convs.norm_0.norm.weight"], w["convblock_0.convs.norm_0.norm.bias"]);
        AssertClose(normalized.call(x), expected, 1e-12);
    }

    [Test]
    public void ABatchWithoutOneChannelEqualsOneWithout()
    {
        using var scope = NewDisposeScope();
        using var module = new ConvolutionFrontEnd([8, 10, 12], residuals: [false, true, true]).Prepared();
        var x = Noise(3, 2, 20, 12);
        AssertClose(module.call(x), module.call(x.unsqueeze(-1)), 0);
    }

    [TestCase(1, 1, 3)]
    [TestCase(2, 2, 3)]
    [TestCase(2, 2, 5)]
    public void AnItemIsTheSameAloneAndPadded(int numBlocks, int layers, long kernel)
    {
        using var scope = NewDisposeScope();
        using var module = new ConvolutionFrontEnd(
            [8, 10, 12], numBlocks, layers, outChannels: [3, 4], kernelSizes: [kernel, kernel], strides: [2, 2], residuals: [true, true]).Prepared();
        long[] lengths = [31, 23, 30, 29, 17];
        var x = Noise(4, lengths.Length, 31, 12);
        // What padding holds must not matter.
        var padded = x.masked_fill(Padding(31, lengths).unsqueeze(-1), 1e6);
        var together = module.call(padded, tensor(lengths))!;
        long[] output = module.OutputLengths(lengths);
        AssertClose(module.OutputLengths(tensor(lengths)), tensor(output), 0);
        for (int b = 0; b < lengths.Length; b++)
            AssertClose(together[b..(b + 1), ..(int)output[b]], module.call(x[b..(b + 1), ..(int)lengths[b]]), 1e-10, $"item {b}");
    }

    [Test]
    public void LengthsOfAFullBatchChangeNothing()
    {
        using var scope = NewDisposeScope();
        using var module = new ConvolutionFrontEnd([8, 10, 12], 2, 2, [3, 4], [3, 5], [1, 2], residuals: [true, false]).Prepared();
        var x = Noise(5, 2, 14, 12);
        AssertClose(module.call(x, tensor(new long[] { 14, 14 }))!, module.call(x), 1e-12);
    }

    [Test]
    public void CausalFramesSeeNoLaterFrame()
    {
        using var scope = NewDisposeScope();
        using var module = new ConvolutionFrontEnd(
            [8, 10, 12], 2, 1, [3, 4], [3, 3], [2, 1], dilations: [1, 2], residuals: [false, false], padding: ConvPadding.Causal).Prepared();
        var x = Noise(6, 1, 20, 12);
        var y = module.call(x);
        for (int t = 0; t < y.size(1); t++)
        {
            var changed = x.clone();
            Disturb(changed[.., (2 * t + 1)..]);
            AssertClose(module.call(changed)[.., ..(t + 1)], y[.., ..(t + 1)], 0);
        }
        Assert.That(module.GetFilterProperties().Causal);
    }

    [TestCase(ConvPadding.Same)]
    [TestCase(ConvPadding.Valid)]
    [TestCase(ConvPadding.Causal)]
    public void LengthsFollowTheFrames(ConvPadding padding)
    {
        using var scope = NewDisposeScope();
        using var module = new ConvolutionFrontEnd(
            [8, 10, 30], 2, 1, [2, 2], [3, 5], [2, 3], dilations: [2, 1], residuals: [false, false], padding: padding).Prepared();
        foreach (long time in Enumerable.Range(21, 20))
            Assert.That(module.call(zeros([1, time, 30], ScalarType.Float64)).size(1), Is.EqualTo(module.OutputLength(time)), $"{time} frames");
        Assert.That(module.OutputLength(0), Is.Zero);
        long[] lengths = [.. Enumerable.Range(0, 40)];
        AssertClose(module.OutputLengths(tensor(lengths)), tensor(module.OutputLengths(lengths)), 0);
    }

    [Test]
    public void GradientsAreRight([Values] bool withLengths)
    {
        using var scope = NewDisposeScope();
        using var module = new ConvolutionFrontEnd([8, 10, 5], 2, 1, [2, 3], [3, 3], [2, 1], residuals: [true, true]).Prepared();
        var lengths = withLengths ? tensor(new long[] { 7, 4 }) : null;
        GradCheck.Check(x => module.call(x[0], lengths)!, Noise(7, 2, 7, 5));
        var input = Noise(8, 2, 7, 5);
        CheckParameterGradients(module, () => module.call(input, lengths)!);
    }

    [Test]
    public void StateDictHasSpeechBrainsKeys()
    {
        using var module = new ConvolutionFrontEnd([8, 10, 80], 2, 1, [64, 32], [3, 3], [2, 2], residuals: [false, true]);
        Assert.That(SelfAttentionTests.Keys(module), Is.EqualTo(string.Join("; ",
            "convblock_0.convs.conv_0.conv.bias [64]", "convblock_0.convs.conv_0.conv.weight [64, 1, 3, 3]",
            "convblock_0.convs.norm_0.norm.bias [40, 64]", "convblock_0.convs.norm_0.norm.weight [40, 64]",
            "convblock_1.convs.conv_0.conv.bias [32]", "convblock_1.convs.conv_0.conv.weight [32, 64, 3, 3]",
            "convblock_1.convs.norm_0.norm.bias [20, 32]", "convblock_1.convs.norm_0.norm.weight [20, 32]",
            "convblock_1.reduce_conv.conv.conv.bias [32]", "convblock_1.reduce_conv.conv.conv.weight [32, 64, 1, 1]",
            "convblock_1.reduce_conv.norm.norm.bias [20, 32]", "convblock_1.reduce_conv.norm.norm.weight [20, 32]")));
        Assert.That(module.OutputSize, Is.EqualTo(640));
    }

    [Test]
    public void DefaultsAreSpeechBrains()
    {
        using var scope = NewDisposeScope();
        using var module = new ConvolutionFrontEnd([8, 30, 10]);
        using var x = zeros(1, 30, 10);
        Assert.That(module.call(x).shape, Is.EqualTo(new long[] { 1, 8, 3, 512 }));
    }

    [Test]
    public void LeavesNothingBehind([Values] bool withLengths)
    {
        using var module = new ConvolutionFrontEnd([8, 10, 12], 2, 1, [2, 3], [3, 3], [2, 2]);
        using var x = zeros(2, 13, 12);
        using var lengths = tensor(new long[] { 13, 9 });
        LeakCheck.IsClean(() => module.call(x, withLengths ? lengths : null)!);
        LeakCheck.IsClean(() => module.OutputLengths(lengths));
    }

    [Test]
    public void RefusesWhatDoesNotFit()
    {
        using var scope = NewDisposeScope();
        Assert.That(() => new ConvolutionFrontEnd([10, 12]), Throws.ArgumentException.With.Message.Contains("[batch, time, features]"));
        Assert.That(() => new ConvolutionFrontEnd([8, 10, 12], 2, kernelSizes: [3]),
            Throws.ArgumentException.With.Message.Contains("1 entries for 2 blocks"));
        Assert.That(() => new ConvolutionFrontEnd([8, 10, 12], 1, kernelSizes: [4]), Throws.ArgumentException.With.Message.Contains("odd"));
        Assert.That(() => new ConvolutionFrontEnd([8, 10, 2], 1, kernelSizes: [5]), Throws.ArgumentException.With.Message.Contains("2 features"));
        Assert.That(() => new ConvolutionFrontEnd([8, 10, 12], 1, kernelSizes: [3], padding: ConvPadding.Valid),
            Throws.ArgumentException.With.Message.Contains("residual"));
        Assert.That(() => new ConvolutionFrontEnd([8, 10, 12], 1, strides: [0]), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new ConvolutionFrontEnd([8, 10, 12], residuals: [true]), Throws.ArgumentException.With.Message.Contains("residuals"));

        using var module = new ConvolutionFrontEnd([8, 10, 12], 2, 1, [2, 3], [3, 3], [2, 2]);
        Assert.That(() => module.call(zeros(2, 10, 13)), Throws.ArgumentException.With.Message.Contains("12 features"));
        Assert.That(() => module.call(zeros(2, 10)), Throws.ArgumentException);
        Assert.That(() => module.call(zeros(2, 2, 12)), Throws.ArgumentException.With.Message.Contains("1 frames").And.Message.Contains("needs 2"));
        Assert.That(() => module.call(zeros([2, 10, 12], ScalarType.Float64)), Throws.ArgumentException);
        var x = zeros(2, 10, 12);
        Assert.That(() => module.call(x, tensor(new long[] { 10, 11 })), Throws.InstanceOf<ArgumentException>().With.Message.Contains("11"));
        Assert.That(() => module.call(x, tensor(new long[] { 10 })), Throws.ArgumentException);
        Assert.That(() => module.call(x, tensor(new[] { 1f, 0.5f })), Throws.ArgumentException.With.Message.Contains("int64"));
    }

    private static ConvolutionFrontEnd One(
        ConvPadding padding, int kernel, int stride, int dilation, int channels, int features, bool norm = false) =>
        new([8, 10, features, channels], 1, 1, [2], [kernel], [stride], [dilation], [false], Activation.Identity, norm, padding: padding);

    /// <summary>SpeechBrain's definition, one product after the other; weight <c>[out, in, frequency, time]</c>.</summary>
    private static Tensor Loops(Tensor x, Tensor weight, Tensor bias, ConvPadding padding, int stride, int dilation)
    {
        int batch = (int)x.size(0), time = (int)x.size(1), features = (int)x.size(2), channels = (int)x.size(3);
        int outChannels = (int)weight.size(0), kernel = (int)weight.size(2), reach = dilation * (kernel - 1);
        int reflected = padding == ConvPadding.Valid ? 0 : padding == ConvPadding.Same && stride > 1 ? kernel / 2 : reach / 2;
        var (before, after) = padding == ConvPadding.Causal ? (reach, 0) : (reflected, reflected);
        int outTime = (time + before + after - reach - 1) / stride + 1, outFeatures = (features + 2 * reflected - reach - 1) / stride + 1;
        double[] input = Values(x), w = Values(weight), b0 = Values(bias);
        var y = new double[batch, outTime, outFeatures, outChannels];
        for (int b = 0; b < batch; b++)
            for (int t = 0; t < outTime; t++)
                for (int f = 0; f < outFeatures; f++)
                    for (int o = 0; o < outChannels; o++)
                    {
                        double sum = b0[o];
                        for (int kt = 0; kt < kernel; kt++)
                            for (int kf = 0; kf < kernel; kf++)
                            {
                                int at = t * stride + kt * dilation - before;
                                if (padding == ConvPadding.Causal && at < 0)
                                    continue;
                                at = Mirror(at, time);
                                int feature = Mirror(f * stride + kf * dilation - reflected, features);
                                for (int c = 0; c < channels; c++)
                                {
                                    double tap = w[((o * channels + c) * kernel + kf) * kernel + kt];
                                    sum += tap * input[((b * time + at) * features + feature) * channels + c];
                                }
                            }
                        y[b, t, f, o] = sum;
                    }
        return tensor(y.Cast<double>().ToArray(), dtype: ScalarType.Float64).view(batch, outTime, outFeatures, outChannels);
    }

    [Test]
    public void ABatchOfNothingGivesNothing([Values] bool withLengths, [Values] ConvPadding padding)
    {
        using var scope = NewDisposeScope();
        using var frontEnd = new ConvolutionFrontEnd([1, 20, 8], 2, 1, [4, 5], [3, 3], [2, 2], residuals: [false, false], padding: padding);
        var y = frontEnd.call(zeros(0, 20, 8), withLengths ? zeros([0], ScalarType.Int64) : null)!;
        Assert.That(y.shape, Is.EqualTo(new[] { 0, frontEnd.OutputLength(20), frontEnd.OutputFeatures, 5 }));
        Assert.That(() => new ConvolutionFrontEnd([1, 20, 8], 1, 1, [4], [3], [1], [1L << 62]), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private static int Mirror(int i, int size) => i < 0 ? -i : i >= size ? 2 * (size - 1) - i : i;
}
