using NUnit.Framework;
using SpeechBrain.Sharp.Decoding;
using SpeechBrain.Sharp.Tests.Golden;
using static SpeechBrain.Sharp.Tests.Testing.Numbers;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Decoding;

/// <summary>
/// What the golden <c>decode/N</c> cases hold of the prediction network and of greedy search; their beam search and language model have no
/// counterpart yet, so no golden adapter handles them.
/// </summary>
[TestFixture]
public sealed class RecordedGreedySearchTests
{
    private static IEnumerable<string> Cases() =>
        GoldenSet.Shipped.Names.Where(n => GoldenSet.Shipped.Info(n).Module == "speechbrain.decoders.transducer.TransducerBeamSearcher");

    [TestCaseSource(nameof(Cases))]
    public void ThePredictionNetworkIsSpeechBrains(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var c = GoldenSet.Shipped.Open(name, CPU);
        using var nets = new RecordedTransducer(c);
        var vectors = nets.Embedding.call(c.Input("ids"))!;
        var (output, hidden, cell) = nets.Decoder.call(vectors);
        (string, Tensor)[] all =
        [
            ("out.emb", vectors), ("out.dec", output), ("out.dec_hn", hidden), ("out.dec_cn", cell), ("out.proj_dec", nets.Projection.call(output)!),
        ];
        foreach (var (recorded, actual) in all)
            Assert.That(TensorComparison.Difference(c.Recorded(recorded), actual, c.RelativeTolerance, c.AbsoluteTolerance), Is.Null, recorded);
    }

    [TestCaseSource(nameof(Cases))]
    public void GreedySearchIsSpeechBrainsWithItsCap(string name)
    {
        using var scope = NewDisposeScope();
        var c = GoldenSet.Shipped.Open(name, CPU);
        using var nets = new RecordedTransducer(c);
        var searcher = nets.Searcher(6);
        var found = searcher.Search(c.Input("enc"));
        Assert.That(found.Select(h => h.Tokens), Is.EqualTo(c.Data["greedy"].Items.Select(i => i.AsInts())));
        Assert.That(found.Average(h => Math.Exp(h.LogProbability)), Is.EqualTo(c.Data.Double("greedy_score")).Within(1e-4).Percent);
    }

    [TestCaseSource(nameof(Cases))]
    public void StreamingIsSpeechBrains(string name)
    {
        using var scope = NewDisposeScope();
        var c = GoldenSet.Shipped.Open(name, CPU);
        using var nets = new RecordedTransducer(c);
        using var state = new GreedySearchState();
        var (encoded, cut) = (c.Input("enc"), c.Data.Long("stream_cut"));
        var first = nets.Searcher(6).SearchChunk(encoded.narrow(1, 0, cut), state);
        var second = nets.Searcher(6).SearchChunk(encoded.narrow(1, cut, encoded.size(1) - cut), state);
        Assert.That(first.Zip(second, (a, b) => a.Tokens.Concat(b.Tokens)), Is.EqualTo(c.Data["streamed"].Items.Select(i => i.AsInts())));
    }
}
