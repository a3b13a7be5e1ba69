using NUnit.Framework;
using SpeechBrain.Sharp.Conformer;
using SpeechBrain.Sharp.Data;
using SpeechBrain.Sharp.Samples.LibriSpeech;
using SpeechBrain.Sharp.Transducer;
using YamlDotNet.RepresentationModel;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Samples;

/// <summary>
/// The file by which SpeechBrain makes a model of ours. That it does was tried by hand: SpeechBrain 1.1.0, with a stand-in for its YAML reader, loaded
/// folders of all three kinds of attention and transcribed as we do. Here: the file's parts fit together, and to the weights.
/// </summary>
public sealed class SpeechBrainYamlTests
{
    private static readonly ConformerTransducerOptions Small = new()
    {
        OutputNeurons = 29,
        NMels = 30,
        FrontEndChannels = [4, 3],
        FrontEndStrides = [2, 3],
        DModel = 16,
        NHead = 4,
        NumEncoderLayers = 1,
        DFfn = 24,
        KernelSize = 5,
        JointDim = 12,
        DecDim = 10,
    };

    private static (YamlMappingNode File, IReadOnlyDictionary<string, long[]> Shapes) Write(ConformerTransducerOptions options)
    {
        using var scope = NewDisposeScope();
        using var recognizer = new Recognizer(new FeatureRecipe { NMels = (int)options.NMels }, options, new CharacterTokenizer(), CPU);
        var yaml = new YamlStream();
        yaml.Load(new StringReader(SpeechBrainYaml.Of(recognizer)));
        return ((YamlMappingNode)yaml.Documents.Single().RootNode, ConformerTransducerShapes.Of(recognizer.Model.state_dict()));
    }

    private static string Text(YamlNode node) => ((YamlScalarNode)node).Value!;

    [Test]
    public void EveryReferenceLeadsToAKeyAboveIt()
    {
        HashSet<string> keys = [];
        int references = 0;
        foreach (var (key, value) in Write(Small).File)
        {
            foreach (var node in value.AllNodes.OfType<YamlScalarNode>().Where(node => !node.Tag.IsEmpty && node.Tag.Value == "!ref"))
            {
                Assert.That(keys, Does.Contain(node.Value!.Trim('<', '>')), Text(key));
                references++;
            }
            Assert.That(keys.Add(Text(key)), $"'{key}' is there once");
        }
        Assert.That(references, Is.GreaterThan(40));
        Assert.That(keys, Is.SupersetOf(new[] { "modules", "pretrainer", "tokenizer", "transducer_beam_search" }), "what EncoderDecoderASR needs");
    }

    /// <summary>The order gives the keys of the state dict their first number.</summary>
    [Test]
    public void PartsHaveTheirPlacesAndSizes()
    {
        var (file, shapes) = Write(Small);
        var list = (YamlSequenceNode)((YamlSequenceNode)file["model"]).Single();
        Assert.That(
            list.Select(part => Text(part).Trim('<', '>')),
            Is.EqualTo(new[] { "cnn", "enc", "emb", "dec", "proj_enc", "proj_dec", "proj_ctc", "transducer_lin" }));
        Assert.That(Text(file["transformer"]["input_size"]), Is.EqualTo($"{shapes["1.transformer.custom_src_module.layers.0.w.weight"][1]}"));
        Assert.That(Text(file["dec"]["input_size"]), Is.EqualTo($"{shapes["3.rnn.weight_ih_l0"][1]}"));
        Assert.That(((YamlSequenceNode)file["cnn"]["strides"]).Select(Text), Is.EqualTo(new[] { "2", "3" }));
        Assert.That((Text(file["kernel_size"]), Text(file["max_length"]), Text(file["dec_dim"])), Is.EqualTo(("5", "2500", "10")));
    }

    /// <summary>PyTorch has no class of that name.</summary>
    [TestCase("GELU", "!name:torch.nn.GELU")]
    [TestCase("Swish", "!name:speechbrain.nnet.activations.Swish")]
    public void TheActivationIsAClassOfPython(string name, string tag)
    {
        var file = Write(Small with { JointActivation = Activation.Parse(name) }).File;
        Assert.That(file["activation"].Tag.Value, Is.EqualTo(tag));
    }

    [TestCase(AttentionType.RoPEMHA, "RoPEMHA")]
    [TestCase(AttentionType.RelPosMHAXL, "RelPosMHAXL")]
    [TestCase(AttentionType.RegularMHA, "regularMHA")]
    public void AttentionHasSpeechBrainsName(AttentionType attention, string name) =>
        Assert.That(Text(Write(Small with { AttentionType = attention }).File["attention_type"]), Is.EqualTo(name));
}
