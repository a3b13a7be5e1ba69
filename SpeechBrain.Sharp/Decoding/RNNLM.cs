using SpeechBrain.Sharp.Conformer;
using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Decoding;

/// <summary>A recurrent language model: embedding, LSTM, linear blocks, output layer.</summary>
/// <remarks>
/// Source: SpeechBrain 1.1.0, <c>lobes/models/RNNLM.py</c>, with an LSTM; the defaults are its own. State-dict keys
/// <c>embedding.Embedding.weight</c>, <c>rnn.rnn.*</c>, <c>dnn.linear.w.*</c>, <c>dnn.norm.norm.*</c> (further blocks: <c>dnn.linear_0</c> and
/// so on), <c>out.w.*</c>, so that the recipe's <c>lm.ckpt</c> fits. SpeechBrain's keeps on squeezing its output after one call with
/// tokens <c>[batch]</c>; here each call's output has the shape of its own tokens.
/// <code>
/// using var lm = new RNNLM(1000);
/// lm.eval();
/// var searcher = TransducerBeamSearcher.For(model, new() { BeamSize = 10, LmWeight = 0.5 }, lm);
/// </code>
/// </remarks>
public sealed class RNNLM : nn.Module<Tensor, (Tensor Hidden, Tensor Cell)?, (Tensor Logits, Tensor Hidden, Tensor Cell)>, ILanguageModel
{
    private readonly Embedding embedding;
    private readonly Lstm rnn;
    private readonly LinearBlocks dnn;

    [ComponentName(Name = "out")]
    private readonly Projection output;

    private readonly double dropout;

    /// <param name="outputNeurons">Tokens.</param>
    /// <param name="embeddingDim">Width of a token's vector.</param>
    /// <param name="activation">Of the linear blocks; LeakyReLU by default.</param>
    /// <param name="dropout">Probability of dropping behind the embedding, between LSTM layers and behind each block, 0 or more, below 1.</param>
    /// <param name="rnnLayers">Layers of the LSTM.</param>
    /// <param name="rnnNeurons">Width of the LSTM.</param>
    /// <param name="rnnReInit">Initialise the recurrent weights orthogonally.</param>
    /// <param name="dnnBlocks">Linear blocks, 0 or more.</param>
    /// <param name="dnnNeurons">Width of the blocks.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public RNNLM(
        long outputNeurons, long embeddingDim = 128, Activation? activation = null, double dropout = 0.15, long rnnLayers = 2,
        long rnnNeurons = 1024, bool rnnReInit = false, int dnnBlocks = 1, long dnnNeurons = 512)
        : base(nameof(RNNLM))
    {
        ModuleInput.Dropout(dropout, nameof(dropout));
        Require.Range(rnnLayers, nameof(rnnLayers), 1);
        Require.Range(dnnBlocks, nameof(dnnBlocks), 0);
        this.dropout = dropout;
        embedding = new Embedding(outputNeurons, embeddingDim);
        rnn = new Lstm(rnnNeurons, embeddingDim, rnnLayers, dropout: rnnLayers > 1 ? dropout : 0, reInit: rnnReInit);
        dnn = new LinearBlocks(dnnBlocks, rnnNeurons, dnnNeurons, activation ?? Activation.LeakyReLU, dropout);
        output = new Projection(dnnBlocks == 0 ? rnnNeurons : dnnNeurons, outputNeurons);
        RegisterComponents();
    }

    /// <summary>Runs over tokens from the beginning of the texts, or from <paramref name="hx"/>.</summary>
    /// <param name="tokens"><c>[batch, time]</c>, or one token of each text <c>[batch]</c>; int64 or int32.</param>
    /// <param name="hx">Hidden and cell state of the LSTM, <c>[layers, batch, rnnNeurons]</c>; null: zeros.</param>
    /// <returns>
    /// Logits of the token that follows each, <c>[batch, time, outputNeurons]</c> or <c>[batch, outputNeurons]</c>, and the LSTM's state at the end.
    /// </returns>
    /// <exception cref="ArgumentException">Shape, dtype or device do not fit, or (on the CPU) a token is out of range.</exception>
    public override (Tensor Logits, Tensor Hidden, Tensor Cell) forward(Tensor tokens, (Tensor Hidden, Tensor Cell)? hx)
    {
        Require.Rank(tokens, nameof(tokens), "[batch, time] or [batch]", 1, 2);
        using var scope = NewDisposeScope();
        var vectors = nn.functional.dropout(embedding.call(tokens.dim() == 1 ? tokens.unsqueeze(1) : tokens)!, dropout, training);
        var (states, hidden, cell) = rnn.call(vectors, hx);
        var logits = output.call(dnn.call(states)!)!;
        return scope.MoveToOuter(tokens.dim() == 1 ? logits.squeeze(1) : logits, hidden, cell);
    }

    /// <summary>As <see cref="forward"/> with hooks, from the beginning of the texts.</summary>
    /// <param name="tokens">As there.</param>
    /// <returns>As there.</returns>
    public (Tensor Logits, Tensor Hidden, Tensor Cell) call(Tensor tokens) => call(tokens, null);

    /// <inheritdoc/>
    (Tensor LogProbabilities, IReadOnlyList<Tensor> States) ILanguageModel.Next(Tensor tokens, IReadOnlyList<Tensor>? states)
    {
        using var scope = NewDisposeScope();
        // The search keeps a row a text, the LSTM its layers in front.
        var (logits, hidden, cell) = states is [var h, var c]
            ? call(tokens, (h.transpose(0, 1).contiguous(), c.transpose(0, 1).contiguous()))
            : call(tokens);
        return (
            logits.log_softmax(-1).MoveToOuterDisposeScope(),
            [hidden.transpose(0, 1).MoveToOuterDisposeScope(), cell.transpose(0, 1).MoveToOuterDisposeScope()]);
    }

    /// <summary>Blocks of linear layer, layer normalization, activation and dropout, under the names of SpeechBrain's container.</summary>
    private sealed class LinearBlocks : nn.Module<Tensor, Tensor>
    {
        private readonly List<(Projection Linear, Norm Norm)> blocks = [];
        private readonly Activation activation;
        private readonly double dropout;

        public LinearBlocks(int count, long inputSize, long neurons, Activation activation, double dropout)
            : base(nameof(LinearBlocks))
        {
            (this.activation, this.dropout) = (activation, dropout);
            for (int i = 0; i < count; i++)
            {
                var block = (new Projection(i == 0 ? inputSize : neurons, neurons), new Norm([neurons]));
                blocks.Add(block);
                // The first has no number, the second 0.
                string number = i == 0 ? "" : $"_{i - 1}";
                register_module("linear" + number, block.Item1);
                register_module("norm" + number, block.Item2);
            }
        }

        public override Tensor forward(Tensor x)
        {
            using var scope = NewDisposeScope();
            foreach (var (linear, norm) in blocks)
                x = nn.functional.dropout(activation.Apply(norm.call(linear.call(x)!)!), dropout, training);
            return x.alias().MoveToOuterDisposeScope();
        }
    }
}
