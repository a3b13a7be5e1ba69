using NUnit.Framework;
using SpeechBrain.Sharp.Conformer;
using SpeechBrain.Sharp.Tests.Testing;
using SpeechBrain.Sharp.Transducer;

namespace SpeechBrain.Sharp.Tests.Transducer;

[TestFixture]
public sealed class ConformerTransducerShapesTests
{
    /// <summary>Every number that a shape shows is another one.</summary>
    private static readonly ConformerTransducerOptions Odd = new()
    {
        NMels = 30,
        FrontEndChannels = [4, 3, 2],
        FrontEndKernelSizes = [5, 3, 1],
        FrontEndStrides = [1, 3, 2],
        DModel = 24,
        NHead = 6,
        NumEncoderLayers = 11,
        DFfn = 28,
        KernelSize = 7,
        JointDim = 13,
        OutputNeurons = 9,
        DecDim = 10,
        MaxLength = 40,
    };

    private static Dictionary<string, long[]> Shapes(ConformerTransducerOptions options)
    {
        using var model = new ConformerTransducer(options);
        return new(ConformerTransducerShapes.Of(model.state_dict()));
    }

    [TestCase(AttentionType.RoPEMHA, 6L)]
    [TestCase(AttentionType.RegularMHA, 6L)]
    [TestCase(AttentionType.RelPosMHAXL, null)]
    public void SizesAreThoseThatTheModelWasMadeWith(AttentionType attention, long? nHead)
    {
        var options = Odd with { AttentionType = attention };
        var sizes = ConformerTransducerShapes.Sizes(Shapes(options), 30, nHead);
        Assert.That(sizes.FrontEndChannels, Is.EqualTo(options.FrontEndChannels));
        Assert.That(sizes.FrontEndKernelSizes, Is.EqualTo(options.FrontEndKernelSizes));
        Assert.That(sizes.FrontEndStrides, Is.EqualTo(options.FrontEndStrides));
        Assert.That(
            sizes with
            {
                FrontEndChannels = options.FrontEndChannels,
                FrontEndKernelSizes = options.FrontEndKernelSizes,
                FrontEndStrides = options.FrontEndStrides,
            },
            Is.EqualTo(options));
    }

    [Test]
    public void WhatShapesDoNotShowIsAskedFor()
    {
        var rotary = Shapes(Odd);
        Refusal.Of(() => ConformerTransducerShapes.Sizes(rotary, 30), "nHead");
        Refusal.Of(() => ConformerTransducerShapes.Sizes(rotary, 0, 6), "nMels");
        Refusal.Of(() => ConformerTransducerShapes.Sizes(rotary, 80, 6), "no stride");
        Refusal.Of(() => ConformerTransducerShapes.Sizes(Shapes(Odd with { AttentionType = AttentionType.RelPosMHAXL }), 30, 8), "6 heads");
    }

    [TestCase("4.w.weight")]
    [TestCase("3.rnn.weight_hh_l0")]
    [TestCase("0.convblock_1.convs.norm_0.norm.weight")]
    [TestCase("1.transformer.encoder.layers.0.convolution_module.conv.weight")]
    public void AMissingWeightAndOneOfAnotherRankAreNamed(string key)
    {
        var shapes = Shapes(Odd);
        shapes[key] = [2, 2, 2, 2, 2];
        Refusal.Of(() => ConformerTransducerShapes.Sizes(shapes, 30, 6), $"'{key}' is [2, 2, 2, 2, 2]");
        shapes.Remove(key);
        Refusal.Of(() => ConformerTransducerShapes.Sizes(shapes, 30, 6), $"'{key}'");
    }

    [Test]
    public void AnotherModelIsNamed()
    {
        Refusal.Of(() => ConformerTransducerShapes.Sizes(new Dictionary<string, long[]> { ["weight"] = [2, 3] }, 80, 8), "(weight...)");
        var shapes = Shapes(Odd);
        shapes.Remove("1.transformer.encoder.layers.0.mha_layer.in_proj_weight");
        Refusal.Of(() => ConformerTransducerShapes.Sizes(shapes, 30, 6), "kind of attention");
    }
}
