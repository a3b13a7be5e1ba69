using NUnit.Framework;
using SpeechBrain.Sharp.Decoding;
using SpeechBrain.Sharp.Tests.Testing;
using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Decoding;

[TestFixture]
public sealed class TransducerGreedySearcherTests
{
    [TestCase(1)]
    [TestCase(3)]
    public void ABatchFindsWhatEachUtteranceFindsAlone(int maxSymbols)
    {
        using var scope = NewDisposeScope();
        using var nets = new ToyTransducer();
        var searcher = nets.Searcher(maxSymbols);
        var encoded = ToyTransducer.Encoded(4, 12, seed: 3);
        long[] lengths = [12, 7, 0, 9];
        var found = searcher.Search(encoded, lengths);
        Assert.That(found.Sum(h => h.Tokens.Count), Is.GreaterThan(10), "a test of nothing");
        for (int b = 0; b < 4; b++)
        {
            var (tokens, score) = nets.Naive(encoded[b].narrow(0, 0, lengths[b]), maxSymbols);
            Assert.That(found[b].Tokens, Is.EqualTo(tokens), $"utterance {b}");
            Assert.That(found[b].LogProbability, Is.EqualTo(score).Within(1e-10));
        }
    }

    [Test]
    public void PaddingIsNotDecoded()
    {
        using var scope = NewDisposeScope();
        using var nets = new ToyTransducer();
        var encoded = ToyTransducer.Encoded(2, 10, seed: 4);
        var garbage = encoded.clone();
        garbage[1].narrow(0, 4, 6).fill_(1e3);
        var searcher = nets.Searcher(2);
        Assert.That(searcher.Search(garbage, [10, 4])[1].Tokens, Is.EqualTo(searcher.Search(encoded, [10, 4])[1].Tokens));
    }

    [Test]
    public void AStreamFindsWhatOnePassFinds([Values(1, 3, 5)] int chunk)
    {
        using var scope = NewDisposeScope();
        using var nets = new ToyTransducer();
        var encoded = ToyTransducer.Encoded(2, 11, seed: 5);
        var searcher = nets.Searcher(3);
        var whole = searcher.Search(encoded);
        List<int>[] streamed = [[], []];
        double[] scores = new double[2];
        using var state = new GreedySearchState();
        for (long t = 0; t < 11; t += chunk)
        {
            var found = searcher.SearchChunk(encoded.narrow(1, t, Math.Min(chunk, 11 - t)), state);
            for (int b = 0; b < 2; b++)
            {
                streamed[b].AddRange(found[b].Tokens);
                scores[b] += found[b].LogProbability;
            }
        }
        for (int b = 0; b < 2; b++)
        {
            Assert.That(streamed[b], Is.EqualTo(whole[b].Tokens));
            Assert.That(scores[b], Is.EqualTo(whole[b].LogProbability).Within(1e-12));
        }
    }

    [Test]
    public void ANetworkThatNeverSaysBlankStopsAtTheCap([Values(1, 2, 5)] int maxSymbols)
    {
        using var scope = NewDisposeScope();
        using var nets = new ToyTransducer(blankBias: -100);
        Assert.That(
            nets.Searcher(maxSymbols).Search(ToyTransducer.Encoded(2, 3, seed: 6)).Select(h => h.Tokens.Count), Is.All.EqualTo(3 * maxSymbols));
    }

    [Test]
    public void ANetworkThatAlwaysSaysBlankFindsNothing()
    {
        using var scope = NewDisposeScope();
        using var nets = new ToyTransducer(blankBias: 100);
        var found = nets.Searcher(5).Search(ToyTransducer.Encoded(2, 3, seed: 6));
        Assert.That(found.SelectMany(h => h.Tokens), Is.Empty);
        Assert.That(found.Select(h => h.LogProbability), Is.All.Zero);
    }

    [Test]
    public void NothingLeaks()
    {
        using var scope = NewDisposeScope();
        using var nets = new ToyTransducer();
        var searcher = nets.Searcher(2);
        var encoded = ToyTransducer.Encoded(2, 6, seed: 7);
        LeakCheck.IsClean(() => { searcher.Search(encoded); });
        LeakCheck.IsClean(() =>
        {
            using var state = new GreedySearchState();
            searcher.SearchChunk(encoded, state);
            searcher.SearchChunk(encoded, state);
        });
    }

    [Test]
    public void WrongArgumentsAreNamed()
    {
        using var scope = NewDisposeScope();
        using var nets = new ToyTransducer();
        var searcher = nets.Searcher(2);
        var encoded = ToyTransducer.Encoded(2, 6, seed: 7);
        using var state = new GreedySearchState();
        searcher.SearchChunk(encoded, state);
        Refusal.Of(() => searcher.Search(encoded[0]), "[batch, time, joint]");
        Refusal.Of(() => searcher.Search(encoded, [6]), "2 utterances");
        Refusal.Of(() => searcher.Search(encoded, [6, 7]), "[0, 6]");
        Refusal.Of(() => searcher.SearchChunk(encoded.narrow(0, 0, 1), state), "streams it began with");
        using var fresh = new GreedySearchState();
        Refusal.Of(() => searcher.SearchChunk(zeros(7, 2, encoded.size(2) + 1, dtype: encoded.dtype), fresh), "one width");
        Assert.That(fresh.Batch, Is.Null, "a refused chunk begins no stream");
        Refusal.Of(() => nets.Searcher(0), "at least 1");
    }
}
