using NUnit.Framework;
using SpeechBrain.Sharp.Conformer;
using SpeechBrain.Sharp.Masks;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static SpeechBrain.Sharp.Tests.Conformer.ConformerTesting;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Conformer;

[TestFixture]
public sealed class TransformerASRTests
{
    [Test]
    public void TheWrapperAddsItsPrefixToTheKeys()
    {
        using var encoder = new EncoderWrapper(Make(AttentionType.RoPEMHA));
        Assert.That(encoder.state_dict().Keys, Is.EquivalentTo(encoder.Transformer.state_dict().Keys.Select(key => "transformer." + key)));
    }

    [Test]
    public void LengthsInFramesEqualRelativeOnes([Values] AttentionType type)
    {
        using var scope = NewDisposeScope();
        using var transformer = Make(type);
        var x = Noise(1, 3, 10, 6);
        var relative = tensor(new[] { 1f, 0.45f, 0.25f });
        // 4.5 and 2.5 round to the even neighbour.
        AssertClose(transformer.Encode(x, tensor(new long[] { 10, 4, 2 })), transformer.Encode(x, relative), 0);
    }

    [Test]
    public void AnItemIsTheSameAloneAndPadded([Values] AttentionType type, [Values(0, 3)] int chunk)
    {
        using var scope = NewDisposeScope();
        using var transformer = Make(type);
        var config = chunk > 0 ? new DynChunkTrainConfig(chunk, 1) : null;
        var x = Noise(2, 2, 10, 6);
        var together = transformer.Encode(x, tensor(new long[] { 10, 7 }), config);
        AssertClose(together[1.., ..7], transformer.Encode(x[1.., ..7], null, config), 1e-11);
        // No item need fill the batch (https://github.com/speechbrain/speechbrain/issues/2344).
        var narrow = transformer.Encode(x, tensor(new long[] { 6, 7 }), config);
        AssertClose(narrow[1.., ..7], together[1.., ..7], 1e-11);
    }

    [Test]
    public void ACausalEncoderSeesNoLaterFrame([Values] AttentionType type)
    {
        using var scope = NewDisposeScope();
        using var transformer = Make(type, causal: true);
        var x = Noise(3, 1, 6, 6);
        var changed = x.clone();
        Disturb(changed[.., 4..]);
        AssertClose(transformer.Encode(changed)[.., ..4], transformer.Encode(x)[.., ..4], 0);
        Assert.That(() => transformer.Encode(x, null, new DynChunkTrainConfig(2)), Throws.ArgumentException.With.Message.Contains("causal"));
    }

    [Test]
    public void ChannelsAreFlattenedAfterFeatures()
    {
        using var scope = NewDisposeScope();
        using var transformer = Make(AttentionType.RoPEMHA);
        var x = Noise(4, 2, 5, 3, 2);
        AssertClose(transformer.Encode(x), transformer.Encode(x.reshape(2, 5, 6)), 0);
    }

    [Test]
    public void StatesEndInTheOutput()
    {
        using var scope = NewDisposeScope();
        using var transformer = Make(AttentionType.RelPosMHAXL);
        var x = Noise(5, 2, 5, 6);
        var states = transformer.EncodeWithStates(x, tensor(new long[] { 5, 3 }));
        AssertClose(states.Output, transformer.Encode(x, tensor(new long[] { 5, 3 })), 1e-12);
        Assert.That(states.HiddenStates, Has.Count.EqualTo(3));
    }

    [TestCase(AttentionType.RelPosMHAXL, "positional_encoding.inv_freq [4]; positional_encoding_decoder.pe [1, 20, 8]")]
    [TestCase(AttentionType.RoPEMHA, "positional_encoding.pe [1, 20, 8]; positional_encoding_decoder.pe [1, 20, 8]")]
    [TestCase(AttentionType.RegularMHA, "positional_encoding.pe [1, 20, 8]")]
    public void StateDictHasSpeechBrainsKeys(AttentionType type, string positions)
    {
        using var transformer = Make(type);
        string[] keys = SelfAttentionTests.Keys(transformer).Split("; ");
        Assert.That(string.Join("; ", keys.Where(k => k.StartsWith("positional"))), Is.EqualTo(positions));
        Assert.That(keys.Where(k => !k.StartsWith("positional") && !k.Contains("layers.1.") && !k.Contains("mha_layer")), Is.EqualTo(new[]
        {
            "custom_src_module.layers.0.w.bias [8]", "custom_src_module.layers.0.w.weight [8, 6]",
            "encoder.layers.0.convolution_module.after_conv.0.bias [8]", "encoder.layers.0.convolution_module.after_conv.0.weight [8]",
            "encoder.layers.0.convolution_module.after_conv.2.bias [8]", "encoder.layers.0.convolution_module.after_conv.2.weight [8, 8]",
            "encoder.layers.0.convolution_module.bottleneck.0.bias [16]", "encoder.layers.0.convolution_module.bottleneck.0.weight [16, 8, 1]",
            "encoder.layers.0.convolution_module.conv.bias [8]", "encoder.layers.0.convolution_module.conv.weight [8, 1, 5]",
            "encoder.layers.0.convolution_module.layer_norm.bias [8]", "encoder.layers.0.convolution_module.layer_norm.weight [8]",
            "encoder.layers.0.ffn_module1.0.bias [8]", "encoder.layers.0.ffn_module1.0.weight [8]",
            "encoder.layers.0.ffn_module1.1.ffn.0.bias [10]", "encoder.layers.0.ffn_module1.1.ffn.0.weight [10, 8]",
            "encoder.layers.0.ffn_module1.1.ffn.3.bias [8]", "encoder.layers.0.ffn_module1.1.ffn.3.weight [8, 10]",
            "encoder.layers.0.ffn_module2.0.bias [8]", "encoder.layers.0.ffn_module2.0.weight [8]",
            "encoder.layers.0.ffn_module2.1.ffn.0.bias [10]", "encoder.layers.0.ffn_module2.1.ffn.0.weight [10, 8]",
            "encoder.layers.0.ffn_module2.1.ffn.3.bias [8]", "encoder.layers.0.ffn_module2.1.ffn.3.weight [8, 10]",
            "encoder.layers.0.norm1.norm.bias [8]", "encoder.layers.0.norm1.norm.weight [8]", "encoder.layers.0.norm2.norm.bias [8]",
            "encoder.layers.0.norm2.norm.weight [8]",
            "encoder.norm.norm.bias [8]", "encoder.norm.norm.weight [8]",
        }));
    }

    [Test]
    public void MatricesBeginXavierNormal()
    {
        using var transformer = new TransformerASR(300, 64, 4, 1, 500, attentionType: AttentionType.RoPEMHA, kernelSize: 3);
        var weights = transformer.state_dict();
        (string, int, int)[] matrices = [("custom_src_module.layers.0.w.weight", 64, 300), ("encoder.layers.0.ffn_module1.1.ffn.0.weight", 500, 64)];
        foreach (var (key, rows, columns) in matrices)
        {
            using var deviation = weights[key].std();
            Assert.That(deviation.item<float>(), Is.EqualTo(Math.Sqrt(2.0 / (rows + columns))).Within(5).Percent, key);
        }
    }

    [Test]
    public void TrainsInFloat32()
    {
        using var scope = NewDisposeScope();
        using var transformer = new TransformerASR(6, 8, 2, 2, 10, 0.1, kernelSize: 5, attentionType: AttentionType.RelPosMHAXL, layerdropProb: 0.5);
        var optimizer = optim.AdamW(transformer.parameters(), 1e-2);
        using var generator = new Generator(3, CPU);
        var x = Noise(6, ScalarType.Float32, 2, 10, 6);
        var target = Noise(7, ScalarType.Float32, 2, 10, 8);
        var losses = new List<float>();
        for (int step = 0; step < 30; step++)
        {
            optimizer.zero_grad();
            var dropped = transformer.Encoder.SampleLayerDrop(generator);
            var y = transformer.Encode(x, tensor(new long[] { 10, 6 }), new DynChunkTrainConfig(4, 1), dropped);
            var loss = (y - target).square().mean();
            loss.backward();
            optimizer.step();
            losses.Add(loss.item<float>());
        }
        Assert.That(losses.TakeLast(5).Average(), Is.LessThan(losses.Take(5).Average() * 0.9f));
    }

    [Test]
    public void MasksOfARepeatedShapeComeFromTheCache([Values] AttentionType type)
    {
        using var scope = NewDisposeScope();
        using var transformer = Make(type);
        using var meter = new OperatorMeter();
        var (x, config) = (Noise(9, 2, 20, 6), new DynChunkTrainConfig(3, 2));
        transformer.Encode(x, null, config);
        long missed = MaskCache.Shared.Misses, operators = meter.Count(() => transformer.Encode(x, null, config)).Operators;
        Assert.That(MaskCache.Shared.Misses, Is.EqualTo(missed), "both the mask and its additive form were there");
        var shorter = x[.., ..18].contiguous();
        Assert.That(meter.Count(() => transformer.Encode(shorter, null, config)).Operators, Is.EqualTo(operators), "nor does a shorter one make any");
    }

    [Test]
    public void LeavesNothingBehind([Values] AttentionType type)
    {
        using var transformer = Make(type);
        using var x = Noise(8, 2, 6, 6);
        using var lengths = tensor(new[] { 1f, 0.5f });
        LeakCheck.IsClean(() => transformer.Encode(x, lengths, new DynChunkTrainConfig(2)));
        LeakCheck.IsClean(() =>
        {
            using var scope = NewDisposeScope();
            transformer.EncodeWithStates(x, lengths);
        });
    }

    [Test]
    public void TheModelSurvivesTheScopeItWasMadeIn()
    {
        TransformerASR transformer;
        using (NewDisposeScope())
            transformer = new TransformerASR(6, 8, 2, 1, 10, attentionType: AttentionType.RelPosMHAXL, kernelSize: 3);
        using (transformer)
        using (var x = zeros(1, 4, 6))
        using (var y = transformer.Encode(x))
            Assert.That(y.shape, Is.EqualTo(new long[] { 1, 4, 8 }));
    }

    [Test]
    public void RefusesWhatDoesNotFit()
    {
        using var scope = NewDisposeScope();
        using var transformer = Make(AttentionType.RegularMHA);
        var x = zeros([2, 10, 6], ScalarType.Float64);
        Assert.That(() => transformer.Encode(zeros([2, 10, 7], ScalarType.Float64)), Throws.ArgumentException.With.Message.Contains("6"));
        Assert.That(() => transformer.Encode(zeros([2, 21, 6], ScalarType.Float64)),
            Throws.ArgumentException.With.Message.Contains("21 frames").And.Message.Contains("20"));
        Assert.That(() => transformer.Encode(zeros(2, 10, 6)), Throws.ArgumentException);
        Assert.That(
            () => transformer.Encode(zeros([2, 0, 6], ScalarType.Float64)),
            Throws.ArgumentException.With.Message.Contains("src").And.Message.Contains("one frame"));
        Assert.That(() => transformer.Encode(x, tensor(new[] { 1f, 1.1f })), Throws.InstanceOf<ArgumentException>().With.Message.Contains("[0, 1]"));
        Assert.That(() => transformer.Encode(x, tensor(new[] { 1f })), Throws.ArgumentException.With.Message.Contains("2 items"));
        Assert.That(() => transformer.Encode(x, tensor(new long[] { 10, 11 })), Throws.InstanceOf<ArgumentException>().With.Message.Contains("11"));
        Assert.That(() => new TransformerASR(6, 8, 2, 1, 10, positionalEncoding: false),
            Throws.ArgumentException.With.Message.Contains("positionalEncoding"));
        Assert.That(() => new TransformerASR(6, 9, 3, 1, 10, attentionType: AttentionType.RelPosMHAXL),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains("even"));
        Assert.That(() => new EncoderWrapper(null!), Throws.ArgumentNullException);
    }

    private static TransformerASR Make(AttentionType type, bool causal = false) =>
        new TransformerASR(6, 8, 2, 2, 10, 0, kernelSize: 5, attentionType: type, maxLength: 20, causal: causal).Prepared();
}
