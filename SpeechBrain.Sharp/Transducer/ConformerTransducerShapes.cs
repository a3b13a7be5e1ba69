using System.Globalization;
using SpeechBrain.Sharp.Conformer;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Transducer;

/// <summary>
/// Reads the sizes of a <see cref="ConformerTransducer"/> off the shapes of its weights, so that a <c>model.ckpt</c> can be loaded without the
/// recipe that it was trained by.
/// </summary>
/// <remarks>
/// <para>
/// Three things leave no trace in shapes. The width of the features is that of the normalisation's <c>glob_mean</c>. The number of attention heads
/// is seen of <see cref="AttentionType.RelPosMHAXL"/> alone, whose position biases are <c>[features of a head, heads]</c>. The joint's activation is
/// left at the recipe's.
/// </para>
/// <code>
/// var weights = SpeechBrainCheckpoint.LoadStateDict("model.ckpt");
/// var sizes = ConformerTransducerShapes.Sizes(weights.ToDictionary(w => w.Key, w => w.Value.shape), nMels: 80, nHead: 8);
/// using var model = new ConformerTransducer(sizes with { SpeechBrainCompatible = true });
/// StateDict.LoadInto(model, weights);
/// </code>
/// </remarks>
public static class ConformerTransducerShapes
{
    private const string Layers = "1.transformer.encoder.layers.";

    /// <summary>The shapes of a state dict.</summary>
    /// <param name="weights">Tensors by name.</param>
    /// <returns>Their shapes by the same names.</returns>
    public static IReadOnlyDictionary<string, long[]> Of(IReadOnlyDictionary<string, Tensor> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return weights.ToDictionary(weight => weight.Key, weight => weight.Value.shape);
    }

    /// <summary>The sizes of the model that has weights of such shapes.</summary>
    /// <param name="shapes">Shapes by name, as in <c>model.ckpt</c>. That every weight is there and fits is left to loading.</param>
    /// <param name="nMels">Features of an input frame, at least 1.</param>
    /// <param name="nHead">
    /// Attention heads; null where the weights show them, see above. Where they do, another number is refused.
    /// </param>
    /// <returns>The sizes; what shapes do not show (dropout, losses) is as in <see cref="ConformerTransducerOptions"/>.</returns>
    /// <exception cref="ArgumentException">
    /// A weight that sizes are read off is missing or has another rank, or the number of heads is not known; the message names it.
    /// </exception>
    public static ConformerTransducerOptions Sizes(IReadOnlyDictionary<string, long[]> shapes, long nMels, long? nHead = null)
    {
        ArgumentNullException.ThrowIfNull(shapes);
        Require.Range(nMels, nameof(nMels), 1);
        int blocks = Count(shapes, "0.convblock_");
        if (blocks == 0 || Count(shapes, Layers) == 0)
            throw new ArgumentException(
                "The weights are not those of a Conformer transducer: there is no '0.convblock_0...' or no '" + Layers + "0...' among "
                + $"{shapes.Count} keys ({string.Join(", ", shapes.Keys.Take(3))}...). Give the model.ckpt of the LibriSpeech transducer recipe.",
                nameof(shapes));

        // A block of stride s makes ceil(F / s) of F features; its norm has a weight a feature.
        List<long> channels = [], kernels = [], strides = [];
        long features = nMels;
        for (int block = 0; block < blocks; block++)
        {
            long[] kernel = Shape(shapes, $"0.convblock_{block}.convs.conv_0.conv.weight", 4);
            long left = Shape(shapes, $"0.convblock_{block}.convs.norm_0.norm.weight", 2)[0];
            channels.Add(kernel[0]);
            kernels.Add(kernel[2]);
            strides.Add(Stride(features, left, block));
            features = left;
        }

        var attention = Attention(shapes);
        long width = Shape(shapes, "4.w.weight", 2)[1];
        return new()
        {
            NMels = nMels,
            FrontEndChannels = channels,
            FrontEndKernelSizes = kernels,
            FrontEndStrides = strides,
            DModel = width,
            NHead = Heads(shapes, attention, nHead),
            NumEncoderLayers = Count(shapes, Layers),
            DFfn = Shape(shapes, Layers + "0.ffn_module1.1.ffn.0.weight", 2)[0],
            KernelSize = Shape(shapes, Layers + "0.convolution_module.conv.weight", 3)[2],
            AttentionType = attention,
            MaxLength = Positions(shapes, attention),
            JointDim = Shape(shapes, "4.w.weight", 2)[0],
            OutputNeurons = Shape(shapes, "7.w.weight", 2)[0],
            DecDim = Shape(shapes, "3.rnn.weight_hh_l0", 2)[1],
        };
    }

    private static AttentionType Attention(IReadOnlyDictionary<string, long[]> shapes) =>
        shapes.ContainsKey(Layers + "0.mha_layer.pos_bias_u") ? AttentionType.RelPosMHAXL
        : shapes.ContainsKey(Layers + "0.mha_layer.att.in_proj_weight") ? AttentionType.RegularMHA
        : shapes.ContainsKey(Layers + "0.mha_layer.in_proj_weight") ? AttentionType.RoPEMHA
        : throw new ArgumentException(
            $"The kind of attention is not known: there is no '{Layers}0.mha_layer' with pos_bias_u, att.in_proj_weight or in_proj_weight. "
            + "RelPosMHAXL, regularMHA and RoPEMHA are read.", nameof(shapes));

    private static long Heads(IReadOnlyDictionary<string, long[]> shapes, AttentionType attention, long? given)
    {
        if (attention == AttentionType.RelPosMHAXL)
        {
            long heads = Shape(shapes, Layers + "0.mha_layer.pos_bias_u", 2)[1];
            return given is null || given == heads
                ? heads
                : throw new ArgumentException($"nHead is {given}; the weights have {heads} heads. Leave it out.", nameof(given));
        }
        return given ?? throw new ArgumentException(
            $"The weights of {attention} do not show the number of attention heads; give nHead (the recipe's nhead, 8 for 512 features).",
            nameof(given));
    }

    // The decoder's table is there for its own sake (nothing uses it), but where absolute positions are the encoder's, it has the only one.
    private static long Positions(IReadOnlyDictionary<string, long[]> shapes, AttentionType attention) => Shape(
        shapes, $"1.transformer.positional_encoding{(attention == AttentionType.RegularMHA ? "" : "_decoder")}.pe", 3)[1];

    private static long Stride(long features, long left, int block)
    {
        long stride = left < 1 ? 0 : (long)Math.Round((double)features / left, MidpointRounding.AwayFromZero);
        return stride >= 1 && (features + stride - 1) / stride == left
            ? stride
            : throw new ArgumentException(
                $"Block {block} of the front end makes {left} features of {features}, which no stride does; give the nMels it was trained with.",
                nameof(features));
    }

    /// <summary>How many numbers follow the prefix, from 0 on.</summary>
    private static int Count(IReadOnlyDictionary<string, long[]> shapes, string prefix)
    {
        var numbers = shapes.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal))
            .Select(key => key[prefix.Length..].Split('.')[0]).ToHashSet();
        int count = 0;
        while (numbers.Contains(count.ToString(CultureInfo.InvariantCulture)))
            count++;
        return count;
    }

    private static long[] Shape(IReadOnlyDictionary<string, long[]> shapes, string key, int rank) =>
        !shapes.TryGetValue(key, out var shape)
            ? throw new ArgumentException($"The weights have no '{key}', which sizes are read off.", nameof(shapes))
            : shape.Length == rank ? shape : throw new ArgumentException(
                $"'{key}' is [{string.Join(", ", shape)}]; a Conformer transducer's has {rank} dimensions.", nameof(shapes));
}
