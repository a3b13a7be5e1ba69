using NUnit.Framework;
using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Transducer;

/// <summary>
/// The recipe's own model: 12 layers of 512 with rotary positions. The figures are those of SpeechBrain 1.1.0, whose modules were made with the
/// recipe's sizes and asked for their state dict.
/// </summary>
[TestFixture]
public sealed class FullSizeModelTests
{
    private const int LayerCount = 12;

    // Everything but the layers, and a layer.
    private static readonly (string Key, long[] Shape)[] Around =
    [
        ("0.convblock_0.convs.conv_0.conv.weight", [64, 1, 3, 3]), ("0.convblock_0.convs.conv_0.conv.bias", [64]),
        ("0.convblock_0.convs.norm_0.norm.weight", [40, 64]), ("0.convblock_0.convs.norm_0.norm.bias", [40, 64]),
        ("0.convblock_1.convs.conv_0.conv.weight", [32, 64, 3, 3]), ("0.convblock_1.convs.conv_0.conv.bias", [32]),
        ("0.convblock_1.convs.norm_0.norm.weight", [20, 32]), ("0.convblock_1.convs.norm_0.norm.bias", [20, 32]),
        ("1.transformer.positional_encoding.pe", [1, 2500, 512]), ("1.transformer.positional_encoding_decoder.pe", [1, 2500, 512]),
        ("1.transformer.custom_src_module.layers.0.w.weight", [512, 640]), ("1.transformer.custom_src_module.layers.0.w.bias", [512]),
        ("1.transformer.encoder.norm.norm.weight", [512]), ("1.transformer.encoder.norm.norm.bias", [512]),
        ("2.Embedding.weight", [1000, 999]),
        ("3.rnn.weight_ih_l0", [2048, 999]), ("3.rnn.weight_hh_l0", [2048, 512]), ("3.rnn.bias_ih_l0", [2048]), ("3.rnn.bias_hh_l0", [2048]),
        ("4.w.weight", [640, 512]), ("5.w.weight", [640, 512]), ("6.w.weight", [1000, 640]), ("6.w.bias", [1000]), ("7.w.weight", [1000, 640]),
    ];

    private static readonly (string Key, long[] Shape)[] Layer =
    [
        ("mha_layer.in_proj_weight", [1536, 512]), ("mha_layer.out_proj.weight", [512, 512]), ("mha_layer.out_proj.bias", [512]),
        ("convolution_module.layer_norm.weight", [512]), ("convolution_module.layer_norm.bias", [512]),
        ("convolution_module.bottleneck.0.weight", [1024, 512, 1]), ("convolution_module.bottleneck.0.bias", [1024]),
        ("convolution_module.conv.weight", [512, 1, 31]), ("convolution_module.conv.bias", [512]),
        ("convolution_module.after_conv.0.weight", [512]), ("convolution_module.after_conv.0.bias", [512]),
        ("convolution_module.after_conv.2.weight", [512, 512]), ("convolution_module.after_conv.2.bias", [512]),
        .. FeedForward("ffn_module1"), .. FeedForward("ffn_module2"),
        ("norm1.norm.weight", [512]), ("norm1.norm.bias", [512]), ("norm2.norm.weight", [512]), ("norm2.norm.bias", [512]),
    ];

    private ConformerTransducer model = null!;

    private static (string Key, long[] Shape)[] FeedForward(string name) =>
    [
        ($"{name}.0.weight", [512]), ($"{name}.0.bias", [512]), ($"{name}.1.ffn.0.weight", [2048, 512]), ($"{name}.1.ffn.0.bias", [2048]),
        ($"{name}.1.ffn.3.weight", [512, 2048]), ($"{name}.1.ffn.3.bias", [512]),
    ];

    [OneTimeSetUp]
    public void MakeTheModel()
    {
        random.manual_seed(1);
        model = new ConformerTransducer();
    }

    [OneTimeTearDown]
    public void Remove() => model.Dispose();

    [Test]
    public void KeysAndShapesAreThoseOfSpeechBrain()
    {
        var expected = Around.Concat(Enumerable.Range(0, LayerCount)
                .SelectMany(n => Layer.Select(entry => (Key: $"1.transformer.encoder.layers.{n}.{entry.Key}", entry.Shape))))
            .Select(Line).Order(StringComparer.Ordinal).ToList();
        var actual = model.state_dict().Select(entry => Line((entry.Key, entry.Value.shape))).Order(StringComparer.Ordinal).ToList();
        Assert.That(expected, Has.Count.EqualTo(372));
        Assert.That(actual, Is.EqualTo(expected));
        Assert.That(model.state_dict().Values.Select(tensor => tensor.dtype), Is.All.EqualTo(ScalarType.Float32));

        static string Line((string Key, long[] Shape) entry) => $"{entry.Key} [{string.Join(", ", entry.Shape)}]";
    }

    [Test]
    public void ItHasAsManyParameters()
    {
        Assert.That(model.parameters().Sum(p => p.numel()), Is.EqualTo(79_096_800));
        Assert.That(model.parameters().Where(p => p.requires_grad).Sum(p => p.numel()), Is.EqualTo(78_097_800), "without the one-hot table");
    }

    [Test]
    public void ItsSizesAreReadOffItsShapes()
    {
        var (recipe, read) = (new ConformerTransducerOptions(), ConformerTransducerShapes.Sizes(Shapes(), nMels: 80, nHead: 8));
        Assert.That(read.FrontEndChannels, Is.EqualTo(recipe.FrontEndChannels));
        Assert.That(read.FrontEndKernelSizes, Is.EqualTo(recipe.FrontEndKernelSizes));
        Assert.That(read.FrontEndStrides, Is.EqualTo(recipe.FrontEndStrides));
        read = read with
        {
            FrontEndChannels = recipe.FrontEndChannels,
            FrontEndKernelSizes = recipe.FrontEndKernelSizes,
            FrontEndStrides = recipe.FrontEndStrides,
        };
        Assert.That(read, Is.EqualTo(recipe));

        IReadOnlyDictionary<string, long[]> Shapes() => ConformerTransducerShapes.Of(model.state_dict());
    }

    /// <summary>Two utterances of half a second: every trainable weight moves, none becomes NaN.</summary>
    [Test]
    public void ItTakesATrainingStep()
    {
        using var scope = NewDisposeScope();
        var weights = model.parameters().Where(p => p.requires_grad).ToList();
        var before = weights.Select(w => w.detach().norm().item<float>()).ToList();
        using var optimizer = optim.AdamW(weights, lr: 8e-4, beta2: 0.98, eps: 1e-8, weight_decay: 0.01);
        using var generator = new Generator(2);
        var features = randn([2, 51, 80], generator: generator);
        long[] frames = [51, 39], tokenLengths = [4, 3];
        var tokens = tensor(new long[,] { { 7, 999, 1, 42 }, { 3, 512, 8, 0 } });

        model.train();
        using (NewDisposeScope())
        {
            var losses = model.Loss(model.Encode(features, tensor(frames)), model.EncodedLengths(frames), tokens, tokenLengths);
            Assert.That(losses.Total.item<float>(), Is.InRange(5f, 500f));
            losses.Total.backward();
        }
        Assert.That(nn.utils.clip_grad_norm_(weights, 5), Is.GreaterThan(0).And.LessThan(1e5));
        optimizer.step();
        optimizer.zero_grad();

        var after = weights.Select(w => w.detach().norm().item<float>()).ToList();
        Assert.That(after, Is.All.Matches<float>(float.IsFinite));
        Assert.That(after.Zip(before).Count(pair => pair.First != pair.Second), Is.EqualTo(weights.Count), "every weight moves");
    }
}
