using NUnit.Framework;
using SpeechBrain.Sharp.Decoding;
using SpeechBrain.Sharp.Serialization;
using SpeechBrain.Sharp.Tests.Testing;
using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Decoding;

[TestFixture]
public sealed class TransducerGreedySearcherTests
{
    [Test]
    public void ABatchFindsWhatEachUtteranceFindsAlone([Values(1, 3)] int maxSymbols, [Values(1, 2, 4, 50)] int framesPerStep)
    {
        using var scope = NewDisposeScope();
        using var nets = new ToyTransducer();
        var searcher = nets.Searcher(maxSymbols, framesPerStep);
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

    /// <summary>Label looping: utterances do not wait for one another, and blanks cost a step for each window of frames.</summary>
    [Test]
    public void StepsAreThoseOfTheSlowestUtterance()
    {
        using var scope = NewDisposeScope();
        using var nets = new ToyTransducer(blankBias: 2);
        var encoded = ToyTransducer.Encoded(6, 40, seed: 9);
        int before = nets.Steps;
        var found = nets.Searcher(3, framesPerStep: 8).Search(encoded);
        int steps = nets.Steps - before;
        int most = found.Max(h => h.Tokens.Count);
        Assert.That(most, Is.GreaterThan(5), "a test of nothing");
        Assert.That(steps, Is.InRange(most, most + 40 / 8));
    }

    [Test]
    public void AStreamFindsWhatOnePassFinds([Values(1, 3, 5)] int chunk, [Values(1, 2)] int layers)
    {
        using var scope = NewDisposeScope();
        using var nets = new ToyTransducer(layers: layers);
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

    /// <summary>Streams of a batch may bring chunks of different lengths, and none at all.</summary>
    [Test]
    public void StreamsMayGoAtTheirOwnPace()
    {
        using var scope = NewDisposeScope();
        using var nets = new ToyTransducer();
        var encoded = ToyTransducer.Encoded(2, 11, seed: 5);
        var searcher = nets.Searcher(3);
        var whole = searcher.Search(encoded);
        using var state = new GreedySearchState();
        List<int>[] streamed = [[], []];
        long[] at = [0, 0];
        foreach (long[] next in (long[][])[[0, 4], [5, 0], [6, 7], [0, 0]])
        {
            var chunk = zeros(2, 7, encoded.size(2), dtype: encoded.dtype);
            for (int b = 0; b < 2; b++)
                chunk[b].narrow(0, 0, next[b]).copy_(encoded[b].narrow(0, at[b], next[b]));
            foreach (var (b, heard) in searcher.SearchChunk(chunk, state, next).Index())
            {
                streamed[b].AddRange(heard.Tokens);
                at[b] += next[b];
            }
        }
        Assert.That(streamed, Is.EqualTo(whole.Select(h => h.Tokens)));
    }

    [Test]
    public void AStreamCanBeSavedAndTakenUpLater()
    {
        using var scope = NewDisposeScope();
        using var folder = new TestFolder();
        using var nets = new ToyTransducer(layers: 2);
        var encoded = ToyTransducer.Encoded(2, 12, seed: 5);
        var searcher = nets.Searcher(3);
        using var state = new GreedySearchState();
        Assert.That(state.StateDict(), Is.Empty);
        searcher.SearchChunk(encoded.narrow(1, 0, 6), state);
        Safetensors.Save(folder["stream.safetensors"], state.StateDict());
        var rest = searcher.SearchChunk(encoded.narrow(1, 6, 6), state);
        Assert.That(rest.Sum(h => h.Tokens.Count), Is.Positive, "a test of nothing");

        using var again = GreedySearchState.FromStateDict(Safetensors.Load(folder["stream.safetensors"]));
        Assert.That(again.Batch, Is.EqualTo(2));
        var taken = searcher.SearchChunk(encoded.narrow(1, 6, 6), again);
        Assert.That(taken.Select(h => h.Tokens), Is.EqualTo(rest.Select(h => h.Tokens)));
        Assert.That(taken.Select(h => h.LogProbability), Is.EqualTo(rest.Select(h => h.LogProbability)));
        using var none = GreedySearchState.FromStateDict(new Dictionary<string, Tensor>());
        Assert.That(none.Batch, Is.Null);
    }

    [Test]
    public void ARefusedChunkLeavesTheStreamAsItWas()
    {
        using var scope = NewDisposeScope();
        using var nets = new ToyTransducer();
        var encoded = ToyTransducer.Encoded(2, 12, seed: 5);
        var searcher = nets.Searcher(3, framesPerStep: 1);
        using var state = new GreedySearchState();
        searcher.SearchChunk(encoded.narrow(1, 0, 6), state);
        var before = state.StateDict();
        var broken = encoded.narrow(1, 6, 6).clone();
        broken[1, 5].fill_(double.NaN);
        Refusal.Of(() => searcher.SearchChunk(broken, state), "frame 5 of utterance 1");
        foreach (var (key, tensor) in state.StateDict())
            Assert.That(Numbers.Values(tensor), Is.EqualTo(Numbers.Values(before[key])), key);
        Assert.That(searcher.SearchChunk(broken, state, [6, 5]), Has.Count.EqualTo(2), "what lies behind the end may be anything");
    }

    [TestCaseSource(typeof(Devices), nameof(Devices.All))]
    public void EveryDeviceFindsTheSame(DeviceType type)
    {
        var device = Devices.Require(type);
        using var scope = NewDisposeScope();
        using var nets = new ToyTransducer(layers: 2);
        var encoded = ToyTransducer.Encoded(3, 12, seed: 3);
        long[] lengths = [12, 7, 9];
        var expected = nets.Searcher(3).Search(encoded, lengths);
        nets.To(device);
        using var state = new GreedySearchState();
        var found = nets.Searcher(3).SearchChunk(encoded.to(device), state, lengths);
        Assert.That(found.Select(h => h.Tokens), Is.EqualTo(expected.Select(h => h.Tokens)));
        using var moved = GreedySearchState.FromStateDict(state.StateDict(), device);
        Assert.That(moved.StateDict()["hidden"].device_type, Is.EqualTo(type));
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
            using var copies = NewDisposeScope();
            using var again = GreedySearchState.FromStateDict(state.StateDict());
        });
        using var kept = new GreedySearchState();
        searcher.SearchChunk(encoded, kept);
        var saved = kept.StateDict();
        LeakCheck.IsClean(() => GreedySearchState.FromStateDict(saved).Dispose());
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
        Refusal.Of(() => nets.Searcher(1, framesPerStep: 0), "at least 1");
        Refusal.Of(() => GreedySearchState.FromStateDict(new Dictionary<string, Tensor> { ["hidden"] = encoded }), "predicted, hidden, cell");
        Refusal.Of(() => GreedySearchState.FromStateDict(Spoiled(state.StateDict(), d => d["cell"] = d["cell"].narrow(2, 0, 1))), "one shape");
        Refusal.Of(() => GreedySearchState.FromStateDict(Spoiled(state.StateDict(), d => d["cell"] = d["cell"].narrow(0, 0, 1))), "the batch");
    }

    private static Dictionary<string, Tensor> Spoiled(Dictionary<string, Tensor> tensors, Action<Dictionary<string, Tensor>> spoil)
    {
        spoil(tensors);
        return tensors;
    }
}
