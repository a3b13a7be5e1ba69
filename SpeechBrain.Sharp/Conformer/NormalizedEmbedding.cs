using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Conformer;

/// <summary>Token embedding times the square root of its width: what a Transformer decoder takes.</summary>
/// <remarks>
/// SpeechBrain 1.1.0, <c>speechbrain/lobes/models/transformer/Transformer.py</c>; the state-dict key is <c>emb.Embedding.weight</c>.
/// </remarks>
public sealed class NormalizedEmbedding : nn.Module<Tensor, Tensor>
{
    private readonly Layers emb;
    private readonly long vocab;
    private readonly double scale;

    /// <summary>Makes the embedding, drawn from a normal distribution.</summary>
    /// <param name="dModel">Features of an embedding.</param>
    /// <param name="vocab">Number of tokens.</param>
    /// <exception cref="ArgumentException">A value below 1.</exception>
    public NormalizedEmbedding(long dModel, long vocab)
        : base(nameof(NormalizedEmbedding))
    {
        Require.Range(dModel, nameof(dModel), 1);
        Require.Range(vocab, nameof(vocab), 1);
        this.vocab = vocab;
        scale = Math.Sqrt(dModel);
        emb = new Layers(vocab, dModel);
        RegisterComponents();
    }

    /// <summary>Embeds tokens.</summary>
    /// <param name="x">Token numbers from 0 to vocab - 1, int64, any shape; their range is checked on the CPU, not on a GPU.</param>
    /// <returns>The shape of <paramref name="x"/> and one dimension more, of dModel features.</returns>
    /// <exception cref="ArgumentException">Not int64, another device, or (on the CPU) a number out of range.</exception>
    public override Tensor forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.dtype != ScalarType.Int64)
            throw new ArgumentException($"x is {Require.Describe(x)}; token numbers must be int64.", nameof(x));
        Require.SameDevice(x, nameof(x), emb.Weight, "the embedding");
        using var scope = NewDisposeScope();
        if (x.device_type == DeviceType.CPU && x.numel() > 0)
        {
            long least = x.min().item<long>(), most = x.max().item<long>();
            if (least < 0 || most >= vocab)
                throw new ArgumentException($"x holds tokens from {least} to {most}; the embedding has 0 to {vocab - 1}.", nameof(x));
        }
        return emb.Weight.index_select(0, x.flatten()).mul(scale).view([.. x.shape, emb.Weight.size(1)]).MoveToOuterDisposeScope();
    }

    private sealed class Layers : nn.Module
    {
        [ComponentName(Name = "Embedding")]
        private readonly Table embedding;

        public Layers(long vocab, long width)
            : base(nameof(Layers))
        {
            embedding = new Table(vocab, width);
            RegisterComponents();
        }

        public Tensor Weight => embedding.Weight;
    }

    private sealed class Table : nn.Module
    {
        [ComponentName(Name = "weight")]
        public readonly Parameter Weight;

        public Table(long vocab, long width)
            : base(nameof(Table))
        {
            Weight = ModuleParameter.Own(randn(vocab, width));
            RegisterComponents();
        }
    }
}
