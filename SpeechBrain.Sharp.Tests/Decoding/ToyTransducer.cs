using SpeechBrain.Sharp.Conformer;
using SpeechBrain.Sharp.Decoding;
using SpeechBrain.Sharp.Tests.Testing;
using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Decoding;

/// <summary>A tiny transducer in float64 with weights from a seed, which emits labels and blanks in turn, and a naive search through it.</summary>
internal sealed class ToyTransducer : IDisposable
{
    private const int Vocabulary = 5, Width = 6;
    private readonly Embedding embedding = new(Vocabulary, considerAsOneHot: true, dtype: ScalarType.Float64);
    private readonly Lstm decoder = new(4, Vocabulary - 1, dtype: ScalarType.Float64);
    private readonly Projection projection = new(4, Width, bias: false, dtype: ScalarType.Float64);
    private readonly TransducerJoint joint = new(nonlinearity: Activation.GELU);
    private readonly Projection output = new(Width, Vocabulary, dtype: ScalarType.Float64);

    /// <param name="blankBias">Added to blank's logit.</param>
    public ToyTransducer(double blankBias = 1)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var generator = new Generator(1);
        foreach (var module in (nn.Module[])[decoder, projection, output])
            foreach (var parameter in module.parameters())
                parameter.copy_(randn(parameter.shape, dtype: ScalarType.Float64, generator: generator) * 1.5);
        output.state_dict()["w.bias"].fill_(0);
        output.state_dict()["w.bias"][0] = tensor(blankBias, dtype: ScalarType.Float64);
    }

    public static Tensor Encoded(long batch, long time, ulong seed)
    {
        using var generator = new Generator(seed);
        return randn([batch, time, Width], dtype: ScalarType.Float64, generator: generator);
    }

    public TransducerGreedySearcher Searcher(int maxSymbols) => new(embedding, decoder, projection, joint, output, blankId: 0, maxSymbols);

    /// <summary>One utterance, with the whole prefix given to the predictor again for each symbol.</summary>
    public (List<int> Tokens, double Score) Naive(Tensor encoded, int maxSymbols)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var tokens = new List<int>();
        double score = 0;
        for (long t = 0; t < encoded.size(0); t++)
        {
            for (int n = 0; n < maxSymbols; n++)
            {
                var prefix = tensor((long[])[0, .. tokens.Select(k => (long)k)]).reshape(1, -1);
                var predicted = projection.call(decoder.call(embedding.call(prefix)!).Output)!.narrow(1, tokens.Count, 1);
                double[] log = Numbers.Values(output.call(joint.call(encoded[t].reshape(1, 1, -1), predicted)!)!.log_softmax(-1));
                int best = Array.IndexOf(log, log.Max());
                if (best == 0)
                    break;
                tokens.Add(best);
                score += log[best];
            }
        }
        return (tokens, score);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var module in (IDisposable[])[embedding, decoder, projection, joint, output])
            module.Dispose();
    }
}
