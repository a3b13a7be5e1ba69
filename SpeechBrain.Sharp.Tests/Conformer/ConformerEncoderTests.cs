using NUnit.Framework;
using SpeechBrain.Sharp.Conformer;
using SpeechBrain.Sharp.Masks;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static SpeechBrain.Sharp.Tests.Conformer.ConformerTesting;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Conformer;

[TestFixture]
public sealed class ConformerEncoderTests
{
    private const int Model = 8;

    [Test]
    public void AnItemIsTheSameAloneAndPadded(
        [Values] AttentionType type, [Values(0, 4)] int chunk, [Values(ScalarType.Float32, ScalarType.Float64)] ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using var encoder = Make(type, 3).Prepared(dtype: dtype);
        var config = chunk > 0 ? new DynChunkTrainConfig(chunk, 1) : null;
        long[] lengths = [17, 11, 5, 1];
        var x = Noise(1, dtype, lengths.Length, 17, Model);
        var together = Encode(encoder, type, x, Padding(17, lengths), config);
        for (int b = 0; b < lengths.Length; b++)
        {
            var own = x[b..(b + 1), ..(int)lengths[b]];
            var alone = Encode(encoder, type, own, null, config);
            AssertClose(together[b..(b + 1), ..(int)lengths[b]], alone, dtype == ScalarType.Float32 ? 1e-5 : 1e-11, $"item {b}");
        }
    }

    [Test]
    public void AChunkDoesNotDependOnWhatFollowsIt([Values] AttentionType type, [Values(null, 0L, 2L)] long? leftContext)
    {
        using var scope = NewDisposeScope();
        using var encoder = Make(type, 2).Prepared();
        var config = new DynChunkTrainConfig(3, leftContext);
        var x = Noise(2, 1, 11, Model);
        var y = Encode(encoder, type, x, null, config);
        for (int end = 3; end < 11; end += 3)
        {
            var changed = x.clone();
            Disturb(changed[.., end..]);
            var other = Encode(encoder, type, changed, null, config);
            AssertClose(other[.., ..end], y[.., ..end], 0, $"frames before {end}");
            Assert.That((other[.., end] - y[.., end]).abs().max().item<double>(), Is.GreaterThan(1e-6), "the change is seen by its own chunk");
        }
    }

    [Test]
    public void ALimitedLeftContextForgets([Values] AttentionType type)
    {
        using var scope = NewDisposeScope();
        // A kernel of one frame: the convolution keeps its whole past, the attention does not.
        using var encoder = new ConformerEncoder(1, Model, 10, 2, 1, attentionType: type).Prepared();
        var config = new DynChunkTrainConfig(2, 1);
        var x = Noise(3, 1, 8, Model);
        var changed = x.clone();
        Disturb(changed[.., ..2]);
        var (y, other) = (Encode(encoder, type, x, null, config), Encode(encoder, type, changed, null, config));
        AssertClose(other[.., 4..], y[.., 4..], 1e-12);
        Assert.That((other[.., 2..4] - y[.., 2..4]).abs().max().item<double>(), Is.GreaterThan(1e-6));
    }

    [Test]
    public void ACausalEncoderSeesNoLaterFrame([Values] AttentionType type)
    {
        using var scope = NewDisposeScope();
        using var encoder = new ConformerEncoder(2, Model, 10, 2, 3, causal: true, attentionType: type).Prepared();
        var x = Noise(4, 1, 7, Model);
        var mask = Functional.MakeTransformerSrcMask(x, causal: true);
        using var encoding = new RelPosEncXL(Model);
        var positions = type == AttentionType.RelPosMHAXL ? encoding.call(x) : null;
        var y = encoder.call(x, mask, null, positions, null, null)!;
        for (int t = 1; t < 7; t++)
        {
            var changed = x.clone();
            Disturb(changed[.., t..]);
            AssertClose(encoder.call(changed, mask, null, positions, null, null)![.., ..t], y[.., ..t], 0);
        }
    }

    [Test]
    public void GradientsAreRight([Values] AttentionType type)
    {
        using var scope = NewDisposeScope();
        using var encoder = new ConformerEncoder(1, 4, 6, 2, 3, attentionType: type).Prepared();
        var config = new DynChunkTrainConfig(2, 0);
        // Item 1 has chunks that are all padding: queries without a key.
        var padding = Padding(5, 5, 1);
        GradCheck.Check(x => Encode(encoder, type, x[0], padding, config), Noise(5, 2, 5, 4));
        var input = Noise(6, 2, 5, 4);
        CheckParameterGradients(encoder, () => Encode(encoder, type, input, padding, config), 3);
    }

    [Test]
    public void PaddingHasNoNan([Values] AttentionType type, [Values] bool compatible)
    {
        using var scope = NewDisposeScope();
        using var encoder = new ConformerEncoder(2, Model, 10, 2, 3, attentionType: type, speechBrainCompatible: compatible).Prepared(
            dtype: ScalarType.Float32);
        var x = Noise(7, ScalarType.Float32, 2, 9, Model).requires_grad_();
        var y = Encode(encoder, type, x, Padding(9, 9, 0), new DynChunkTrainConfig(2, 0));
        y.sum().backward();
        Assert.That(y.isfinite().all().item<bool>() && x.grad!.isfinite().all().item<bool>());
        Assert.That(encoder.parameters().All(p => p.grad!.isfinite().all().item<bool>()));
    }

    [Test]
    public void HiddenStatesAreTheInputAndTheLayersOutputs([Values] AttentionType type)
    {
        using var scope = NewDisposeScope();
        using var encoder = Make(type, 3).Prepared();
        using var encoding = new RelPosEncXL(Model);
        var x = Noise(8, 2, 6, Model);
        var positions = type == AttentionType.RelPosMHAXL ? encoding.call(x) : null;
        var states = encoder.ForwardWithStates(x, posEmbs: positions);
        Assert.That(states.HiddenStates, Has.Count.EqualTo(4));
        Assert.That(states.Attention, Has.Count.EqualTo(3).And.All.Matches<Tensor?>(a => a is null == (type == AttentionType.RoPEMHA)));
        AssertClose(states.HiddenStates[0], x, 0);
        AssertClose(states.Output, Encode(encoder, type, x, null, null), 1e-12);
        var w = encoder.state_dict();
        var normalized = nn.functional.layer_norm(states.HiddenStates[3], [Model], w["norm.norm.weight"], w["norm.norm.bias"], 1e-6);
        AssertClose(normalized, states.Output, 1e-12);
    }

    [Test]
    public void LayersAreDroppedAsDrawnAndInTrainingAlone()
    {
        using var scope = NewDisposeScope();
        using var encoder = new ConformerEncoder(3, Model, 10, 2, 3, attentionType: AttentionType.RoPEMHA, layerdropProb: 0.5).Prepared();
        var x = Noise(9, 2, 6, Model);
        var full = encoder.ForwardWithStates(x);
        Assert.That(full.HiddenStates, Has.Count.EqualTo(4), "evaluation uses every layer");

        encoder.train();
        Assert.That(() => encoder.call(x, null, null, null, null, null), Throws.ArgumentNullException.With.Message.Contains("SampleLayerDrop"));
        Assert.That(() => encoder.call(x, null, null, null, null, new LayerDrop([true])), Throws.ArgumentException.With.Message.Contains("3 layers"));
        var some = encoder.ForwardWithStates(x, layerDrop: new LayerDrop([true, false, false]));
        Assert.That(some.HiddenStates, Has.Count.EqualTo(2));
        AssertClose(some.HiddenStates[1], full.HiddenStates[1], 1e-12);
        var none = encoder.ForwardWithStates(x, layerDrop: new LayerDrop([false, false, false]));
        AssertClose(none.HiddenStates[^1], x, 0);
    }

    [Test]
    public void LayerDropFollowsItsGenerator()
    {
        using var encoder = new ConformerEncoder(5, Model, 10, 2, 3, layerdropProb: 0.4);
        using var first = new Generator(7, CPU);
        using var again = new Generator(7, CPU);
        var draws = Enumerable.Range(0, 400).Select(_ => encoder.SampleLayerDrop(first)).ToArray();
        Assert.That(draws.Select(d => d.Keep), Is.EqualTo(Enumerable.Range(0, 400).Select(_ => LayerDrop.Sample(5, 0.4, again).Keep)));
        Assert.That(draws.Average(d => d.Keep.Count(k => k)), Is.EqualTo(3).Within(0.2));
        Assert.That(LayerDrop.Sample(4, 0, first).Keep, Is.All.True);
        Assert.That(LayerDrop.Sample(4, 1, first).Keep, Is.All.False);
    }

    [Test]
    public void LeavesNothingBehind([Values] AttentionType type)
    {
        using var encoder = Make(type, 2);
        using var encoding = new RelPosEncXL(Model);
        using var x = zeros(2, 6, Model);
        using var padding = Padding(6, 6, 4);
        LeakCheck.IsClean(() => Encode(encoder, type, x, padding, new DynChunkTrainConfig(2)));
        LeakCheck.IsClean(() =>
        {
            using var scope = NewDisposeScope();
            encoder.ForwardWithStates(x, null, padding, type == AttentionType.RelPosMHAXL ? encoding.call(x) : null);
        });
    }

    [Test]
    public void RefusesWhatDoesNotFit()
    {
        using var scope = NewDisposeScope();
        using var encoder = Make(AttentionType.RelPosMHAXL, 1);
        var x = zeros(2, 6, Model);
        Assert.That(() => encoder.call(x, null, null, null, null, null), Throws.ArgumentNullException.With.Message.Contains("RelPosEncXL"));
        using var rotary = Make(AttentionType.RoPEMHA, 1);
        Assert.That(() => rotary.call(zeros(2, 6, Model + 1), null, null, null, null, null), Throws.ArgumentException);
        Assert.That(() => rotary.call(x, null, Padding(6, 6, 5, 4), null, null, null), Throws.ArgumentException.With.Message.Contains("2 items"));
        Assert.That(() => rotary.call(x, zeros([5, 5], ScalarType.Bool), null, null, null, null),
            Throws.ArgumentException.With.Message.Contains("5 frames"));
        using var causal = new ConformerEncoder(1, Model, 10, 2, 3, causal: true, attentionType: AttentionType.RoPEMHA);
        Assert.That(
            () => causal.call(x, null, null, null, new DynChunkTrainConfig(2), null), Throws.ArgumentException.With.Message.Contains("causal"));
        Assert.That(() => new ConformerEncoder(0, 8, 8, 2), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new ConformerEncoder(1, 9, 8, 2), Throws.ArgumentException.With.Message.Contains("2 heads"));
        Assert.That(() => new ConformerEncoder(1, 8, 8, 2, layerdropProb: 1.5), Throws.InstanceOf<ArgumentException>());
    }

    private static ConformerEncoder Make(AttentionType type, int layers) => new(layers, Model, 10, 2, 5, attentionType: type);

    /// <summary>The encoder with the masks and positions that TransformerASR would give it; the result belongs to the caller's scope.</summary>
    private static Tensor Encode(ConformerEncoder encoder, AttentionType type, Tensor x, Tensor? padding, DynChunkTrainConfig? config)
    {
        using var scope = NewDisposeScope();
        using var encoding = new RelPosEncXL(x.size(2));
        var mask = Functional.MakeTransformerSrcMask(x, false, config);
        return encoder.call(x, mask, padding, type == AttentionType.RelPosMHAXL ? encoding.call(x) : null, config, null)!.MoveToOuterDisposeScope();
    }
}
