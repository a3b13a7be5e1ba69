using SpeechBrain.Sharp.Conformer;
using SpeechBrain.Sharp.Decoding;
using SpeechBrain.Sharp.Tests.Golden;
using SpeechBrain.Sharp.Transducer;
using TorchSharp;

namespace SpeechBrain.Sharp.Tests.Decoding;

/// <summary>The transducer of a golden <c>decode/N</c> case.</summary>
internal sealed class RecordedTransducer : IDisposable
{
    private readonly TransducerJoint joint = new(nonlinearity: Activation.GELU);
    private readonly Projection output;
    private readonly long blank;

    public RecordedTransducer(GoldenCase c)
    {
        c.Constructor.Expect("networks", "Embedding(one-hot) -> LSTM -> Linear; joint sum, GELU; Linear");
        blank = c.Constructor.Long("blank_id");
        long[] outputShape = c.Recorded("w.transducer_lin.w.weight").shape, projectionShape = c.Recorded("w.proj_dec.w.weight").shape;
        Embedding = new Embedding(outputShape[0], considerAsOneHot: true, blankId: blank);
        Decoder = new Lstm(projectionShape[1], outputShape[0] - 1);
        Projection = new Projection(projectionShape[1], projectionShape[0], bias: false);
        output = new Projection(outputShape[1], outputShape[0], bias: false);
        long[] lmEmbedding = c.Recorded("w.lm.embedding.Embedding.weight").shape;
        LanguageModel = new RNNLM(
            lmEmbedding[0], lmEmbedding[1], rnnLayers: c.Names("w.lm.rnn.rnn.weight_hh_l").Count(),
            rnnNeurons: c.Recorded("w.lm.rnn.rnn.weight_hh_l0").shape[1], dnnBlocks: c.Names("w.lm.dnn.linear").Count(n => n.EndsWith("w.weight")),
            dnnNeurons: c.Recorded("w.lm.dnn.linear.w.weight").shape[0]);
        (string, torch.nn.Module)[] all =
        [
            ("emb.", Embedding), ("dec.", Decoder), ("proj_dec.", Projection), ("transducer_lin.", output), ("lm.", LanguageModel),
        ];
        foreach (var (prefix, module) in all)
        {
            module.to(c.Device);
            module.eval();
            c.LoadWeights(module, prefix);
        }
    }

    public Embedding Embedding { get; }

    public Lstm Decoder { get; }

    public Projection Projection { get; }

    public RNNLM LanguageModel { get; }

    public TransducerBeamSearcher BeamSearcher(TransducerBeamSearchOptions options) =>
        new(Embedding, Decoder, Projection, joint, output, blank, options, LanguageModel);

    public TransducerGreedySearcher Searcher(int maxSymbols) => new(Embedding, Decoder, Projection, joint, output, blank, maxSymbols);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var module in (IDisposable[])[Embedding, Decoder, Projection, joint, output, LanguageModel])
            module.Dispose();
    }
}
