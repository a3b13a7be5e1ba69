using SpeechBrain.Sharp.Conformer;
using SpeechBrain.Sharp.Decoding;
using SpeechBrain.Sharp.Tests.Testing;
using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Decoding;

/// <summary>A tiny transducer in float64 with weights from a seed, which emits labels and blanks in turn, and naive searches through it.</summary>
internal sealed class ToyTransducer : IDisposable
{
    private const int Width = 6;
    private readonly Embedding embedding;
    private readonly Lstm decoder;
    private readonly Projection projection = new(4, Width, bias: false, dtype: ScalarType.Float64);
    private readonly TransducerJoint joint = new(nonlinearity: Activation.GELU);
    private readonly Projection output;
    private readonly CountedCalls counted;

    /// <param name="blankBias">Added to blank's logit.</param>
    /// <param name="vocabulary">Outputs; blank is 0.</param>
    /// <param name="layers">Of the prediction network.</param>
    public ToyTransducer(double blankBias = 1, int vocabulary = 5, int layers = 1)
    {
        embedding = new(vocabulary, considerAsOneHot: true, dtype: ScalarType.Float64);
        decoder = new(4, vocabulary - 1, layers, dtype: ScalarType.Float64);
        output = new(Width, vocabulary, dtype: ScalarType.Float64);
        counted = new(output);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var generator = new Generator(1);
        foreach (var module in (nn.Module[])[decoder, projection, output])
            foreach (var parameter in module.parameters())
                parameter.copy_(randn(parameter.shape, dtype: ScalarType.Float64, generator: generator) * 1.5);
        output.state_dict()["w.bias"].fill_(0);
        output.state_dict()["w.bias"][0] = tensor(blankBias, dtype: ScalarType.Float64);
    }

    /// <summary>How often the output layer ran since the toy was made: once for each step of a search.</summary>
    public int Steps => counted.Calls;

    public static Tensor Encoded(long batch, long time, ulong seed)
    {
        using var generator = new Generator(seed);
        return randn([batch, time, Width], dtype: ScalarType.Float64, generator: generator);
    }

    public TransducerGreedySearcher Searcher(int maxSymbols, int framesPerStep = 4) =>
        new(embedding, decoder, projection, joint, counted, blankId: 0, maxSymbols, framesPerStep);

    public TransducerBeamSearcher BeamSearcher(TransducerBeamSearchOptions options, ILanguageModel? languageModel = null) =>
        new(embedding, decoder, projection, joint, counted, blankId: 0, options, languageModel);

    public void To(Device device)
    {
        foreach (var module in (nn.Module[])[embedding, decoder, projection, joint, output])
            module.to(device);
    }

    /// <summary>The logits <c>[1, time, labels + 1, outputs]</c> of one utterance with some labels.</summary>
    public Tensor Logits(Tensor encoded, IReadOnlyList<int> labels)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var prefix = tensor((long[])[0, .. labels.Select(k => (long)k)]).reshape(1, -1);
        var predicted = projection.call(decoder.call(embedding.call(prefix)!).Output)!;
        return output.call(joint.call(encoded.reshape(1, -1, 1, Width), predicted.unsqueeze(1))!)!.MoveToOuterDisposeScope();
    }

    /// <summary>The outputs' log-probabilities in one frame after some labels; all labels are given to the predictor again.</summary>
    public double[] LogProbabilities(Tensor frame, IReadOnlyList<int> labels)
    {
        using var logits = Logits(frame.unsqueeze(0), labels);
        using var last = logits[0, 0, labels.Count].log_softmax(-1);
        return Numbers.Values(last);
    }

    /// <summary>Greedy search in one utterance <c>[time, width]</c>.</summary>
    public (List<int> Tokens, double Score) Naive(Tensor encoded, int maxSymbols)
    {
        using var scope = NewDisposeScope();
        var tokens = new List<int>();
        double score = 0;
        for (long t = 0; t < encoded.size(0); t++)
        {
            for (int n = 0; n < maxSymbols; n++)
            {
                double[] log = LogProbabilities(encoded[t], tokens);
                int best = Array.IndexOf(log, log.Max());
                if (best == 0)
                    break;
                tokens.Add(best);
                score += log[best];
            }
        }
        return (tokens, score);
    }

    /// <summary>
    /// The probability of every text of one utterance <c>[time, width]</c>, summed over all its alignments with at most so many labels a frame:
    /// each is walked by itself.
    /// </summary>
    public Dictionary<string, double> Exhaustive(Tensor encoded, int maxSymbols)
    {
        using var scope = NewDisposeScope();
        var sums = new Dictionary<string, double>();
        Walk(0, 0, [], 0);
        return sums;

        void Walk(long t, int symbols, int[] labels, double log)
        {
            if (t == encoded.size(0))
            {
                string text = string.Concat(labels);
                sums[text] = sums.GetValueOrDefault(text) + Math.Exp(log);
                return;
            }
            double[] next = LogProbabilities(encoded[t], labels);
            Walk(t + 1, 0, labels, log + next[0]);
            for (int k = 1; symbols < maxSymbols && k < next.Length; k++)
                Walk(t, symbols + 1, [.. labels, k], log + next[k]);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var module in (IDisposable[])[embedding, decoder, projection, joint, counted])
            module.Dispose();
    }

    private sealed class CountedCalls : nn.Module<Tensor, Tensor>
    {
        private readonly Projection layer;

        public CountedCalls(Projection layer)
            : base(nameof(CountedCalls))
        {
            this.layer = layer;
            RegisterComponents();
        }

        public int Calls { get; private set; }

        public override Tensor forward(Tensor x)
        {
            Calls++;
            return layer.call(x)!;
        }
    }
}
