using NUnit.Framework;
using SpeechBrain.Sharp.Decoding;
using SpeechBrain.Sharp.Tests.Testing;
using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Decoding;

[TestFixture]
public sealed class TransducerBeamSearcherTests
{
    private static readonly TransducerBeamSearchOptions Everything = new()
    {
        BeamSize = 100_000,
        NBest = 100_000,
        StateBeam = double.PositiveInfinity,
        ExpandBeam = double.PositiveInfinity,
        NormalizeByLength = false,
    };

    /// <summary>Every text has the probability of all its alignments, and the first is the likeliest of all.</summary>
    [TestCase(3, 2, 3)]
    [TestCase(2, 3, 3)]
    [TestCase(4, 1, 4)]
    public void ABeamThatPrunesNothingFindsTheTrueProbabilities(int frames, int maxSymbols, int vocabulary)
    {
        using var scope = NewDisposeScope();
        using var nets = new ToyTransducer(vocabulary: vocabulary);
        var encoded = ToyTransducer.Encoded(2, frames, seed: 21);
        var found = nets.BeamSearcher(Everything with { MaxSymbolsPerStep = maxSymbols }).Search(encoded);
        for (int b = 0; b < 2; b++)
        {
            var expected = nets.Exhaustive(encoded[b], maxSymbols);
            Assert.That(expected, Has.Count.GreaterThan(20), "a test of nothing");
            var actual = found[b].ToDictionary(h => string.Concat(h.Tokens), h => Math.Exp(h.LogProbability));
            Assert.That(actual.Keys, Is.EquivalentTo(expected.Keys));
            foreach (var (text, probability) in expected)
                Assert.That(actual[text], Is.EqualTo(probability).Within(1e-9).Percent, text);
            Assert.That(string.Concat(found[b][0].Tokens), Is.EqualTo(expected.MaxBy(e => e.Value).Key));
            Assert.That(found[b].Select(h => h.Score), Is.Ordered.Descending.And.EqualTo(found[b].Select(h => h.LogProbability)));
        }
    }

    /// <summary>The transducer loss is the negative log-probability of a text; no alignment of so few labels exceeds the limit of a frame.</summary>
    [Test]
    public void TheProbabilitiesAreThoseOfTheTransducerLoss()
    {
        using var scope = NewDisposeScope();
        using var nets = new ToyTransducer(vocabulary: 3);
        var encoded = ToyTransducer.Encoded(1, 4, seed: 22);
        var found = nets.BeamSearcher(Everything with { MaxSymbolsPerStep = 2 }).Search(encoded)[0].Where(h => h.Tokens.Count == 2).ToList();
        Assert.That(found, Has.Count.EqualTo(4));
        foreach (var hypothesis in found)
        {
            using var noGrad = no_grad();
            var targets = tensor(hypothesis.Tokens.Select(t => (long)t).ToArray()).reshape(1, -1);
            var loss = Functional.TransducerLoss(nets.Logits(encoded[0], hypothesis.Tokens), targets, [4], [2], 0, LossReduction.Sum);
            Assert.That(hypothesis.LogProbability, Is.EqualTo(-loss.item<double>()).Within(1e-9));
        }
    }

    [Test]
    public void AWiderBeamFindsBetterTexts()
    {
        using var scope = NewDisposeScope();
        using var nets = new ToyTransducer();
        var encoded = ToyTransducer.Encoded(8, 8, seed: 23);
        double[] best =
        [
            .. ((int[])[1, 4, 64]).Select(size =>
                nets.BeamSearcher(Everything with { BeamSize = size, MaxSymbolsPerStep = 3 }).Search(encoded).Average(u => u[0].LogProbability)),
        ];
        Assert.That(best, Is.Ordered.Ascending);
        Assert.That(best[0], Is.LessThan(best[2]));
    }

    [Test]
    public void ABeamOfOneIsGreedySearch([Values(1, 3)] int maxSymbols)
    {
        using var scope = NewDisposeScope();
        using var nets = new ToyTransducer();
        var encoded = ToyTransducer.Encoded(4, 12, seed: 3);
        long[] lengths = [12, 7, 0, 9];
        var found = nets.BeamSearcher(new() { BeamSize = 1, MaxSymbolsPerStep = maxSymbols }).Search(encoded, lengths);
        Assert.That(found.Select(u => u[0].Tokens), Is.EqualTo(nets.Searcher(maxSymbols).Search(encoded, lengths).Select(h => h.Tokens)));
        Assert.That(found[2], Has.Count.EqualTo(1).And.All.EqualTo(found[2][0]), "no frames: one text, the empty one");
        Assert.That((found[2][0].LogProbability, found[2][0].Score), Is.EqualTo((0.0, 0.0)));
    }

    [Test]
    public void ABatchFindsWhatEachUtteranceFindsAlone([Values(2, 4)] int beamSize, [Values] bool languageModel)
    {
        using var scope = NewDisposeScope();
        using var nets = new ToyTransducer();
        var searcher = nets.BeamSearcher(new() { BeamSize = beamSize, LmWeight = languageModel ? 0.5 : 0 }, new TrigramTable(5));
        var encoded = ToyTransducer.Encoded(4, 12, seed: 3);
        long[] lengths = [12, 7, 0, 9];
        var found = searcher.Search(encoded, lengths);
        for (int b = 0; b < 4; b++)
        {
            var alone = searcher.Search(encoded.narrow(0, b, 1).narrow(1, 0, lengths[b]))[0];
            Assert.That(found[b].Select(h => h.Tokens), Is.EqualTo(alone.Select(h => h.Tokens)), $"utterance {b}");
            Numbers.AssertClose([.. found[b].Select(h => h.Score)], [.. alone.Select(h => h.Score)], 0, 1e-10);
        }
    }

    /// <summary>All utterances move together: the networks run about as often for eight as for the slowest of them.</summary>
    [Test]
    public void TheNetworksRunForTheWholeBatchAtOnce()
    {
        using var scope = NewDisposeScope();
        using var nets = new ToyTransducer();
        var searcher = nets.BeamSearcher(new());
        var encoded = ToyTransducer.Encoded(8, 12, seed: 3);
        int Steps(Tensor frames)
        {
            int before = nets.Steps;
            searcher.Search(frames);
            return nets.Steps - before;
        }

        int slowest = Enumerable.Range(0, 8).Max(b => Steps(encoded.narrow(0, b, 1)));
        Assert.That(Steps(encoded), Is.EqualTo(slowest));
    }

    [Test]
    public void EqualTextsAreOne([Values(2, 4, 8)] int beamSize)
    {
        using var scope = NewDisposeScope();
        using var nets = new ToyTransducer(vocabulary: 3);
        var found = nets.BeamSearcher(new() { BeamSize = beamSize, NBest = 100, StateBeam = 100, ExpandBeam = 100 })
            .Search(ToyTransducer.Encoded(4, 10, seed: 24));
        foreach (var texts in found)
            Assert.That(texts.Select(h => string.Join(' ', h.Tokens)), Is.Unique);
    }

    /// <summary>Scores of a table are added to labels, never to blanks, by its weight.</summary>
    [Test]
    public void TheLanguageModelCountsByItsWeight()
    {
        using var scope = NewDisposeScope();
        using var nets = new ToyTransducer(vocabulary: 3);
        var table = new TrigramTable(3);
        var encoded = ToyTransducer.Encoded(1, 3, seed: 25);
        var expected = nets.Exhaustive(encoded[0], 2);
        var found = nets.BeamSearcher(Everything with { MaxSymbolsPerStep = 2, LmWeight = 0.7 }, table).Search(encoded)[0];
        Assert.That(found, Has.Count.EqualTo(expected.Count));
        foreach (var h in found)
        {
            double language = table.LogProbability(h.Tokens);
            Assert.That(h.LogProbability, Is.EqualTo(Math.Log(expected[string.Concat(h.Tokens)])).Within(1e-9));
            Assert.That(h.LanguageModelLogProbability, Is.EqualTo(language).Within(1e-9));
            Assert.That(h.Score, Is.EqualTo(h.LogProbability + 0.7 * language).Within(1e-9));
        }
        Assert.That(found.Select(h => h.Score), Is.Ordered.Descending);
        var without = nets.BeamSearcher(Everything with { MaxSymbolsPerStep = 2 }).Search(encoded)[0];
        Assert.That(found.Select(h => h.Tokens), Is.Not.EqualTo(without.Select(h => h.Tokens)), "the order is another");
    }

    [Test]
    public void WhatTheLanguageModelForbidsIsNotSaid()
    {
        using var scope = NewDisposeScope();
        using var nets = new ToyTransducer(vocabulary: 3);
        var found = nets.BeamSearcher(new() { LmWeight = 0.1 }, new TrigramTable(3, forbidden: 2)).Search(ToyTransducer.Encoded(3, 8, seed: 26));
        Assert.That(found.SelectMany(u => u).SelectMany(h => h.Tokens), Does.Contain(1).And.Not.Contain(2));
    }

    [Test]
    public void ScoresAreNormalizedByLength()
    {
        using var scope = NewDisposeScope();
        using var nets = new ToyTransducer();
        foreach (var h in nets.BeamSearcher(new()).Search(ToyTransducer.Encoded(3, 8, seed: 27)).SelectMany(u => u))
            Assert.That(h.Score, Is.EqualTo(h.LogProbability / (h.Tokens.Count + 1)).Within(1e-12));
    }

    [TestCaseSource(typeof(Devices), nameof(Devices.All))]
    public void EveryDeviceFindsTheSame(DeviceType type)
    {
        var device = Devices.Require(type);
        using var scope = NewDisposeScope();
        using var nets = new ToyTransducer(layers: 2);
        var searcher = nets.BeamSearcher(new() { LmWeight = 0.3 }, new TrigramTable(5));
        var encoded = ToyTransducer.Encoded(3, 12, seed: 3);
        var expected = searcher.Search(encoded, [12, 7, 9]);
        nets.To(device);
        var found = searcher.Search(encoded.to(device), [12, 7, 9]);
        for (int b = 0; b < 3; b++)
            Assert.That(found[b].Select(h => h.Tokens), Is.EqualTo(expected[b].Select(h => h.Tokens)));
    }

    [Test]
    public void NothingLeaks()
    {
        using var scope = NewDisposeScope();
        using var nets = new ToyTransducer();
        var searcher = nets.BeamSearcher(new() { LmWeight = 0.3 }, new TrigramTable(5));
        var encoded = ToyTransducer.Encoded(2, 6, seed: 7);
        LeakCheck.IsClean(() => { searcher.Search(encoded); });
        var broken = encoded.clone();
        broken[1, 5].fill_(double.NaN);
        LeakCheck.IsClean(() => Refusal.Of(() => searcher.Search(broken), "frame 5 of utterance 1"));
    }

    [Test]
    public void WrongArgumentsAreNamed()
    {
        using var scope = NewDisposeScope();
        using var nets = new ToyTransducer();
        var searcher = nets.BeamSearcher(new());
        var encoded = ToyTransducer.Encoded(2, 6, seed: 7);
        Refusal.Of(() => searcher.Search(encoded[0]), "[batch, time, joint]");
        Refusal.Of(() => searcher.Search(encoded, [6]), "2 utterances");
        Refusal.Of(() => searcher.Search(encoded, [6, 7]), "[0, 6]");
        Refusal.Of(() => nets.BeamSearcher(new() { BeamSize = 0 }), "BeamSize");
        Refusal.Of(() => nets.BeamSearcher(new() { NBest = 0 }), "NBest");
        Refusal.Of(() => nets.BeamSearcher(new() { MaxSymbolsPerStep = 0 }), "MaxSymbolsPerStep");
        Refusal.Of(() => nets.BeamSearcher(new() { StateBeam = -1 }), "StateBeam");
        Refusal.Of(() => nets.BeamSearcher(new() { ExpandBeam = double.NaN }), "ExpandBeam");
        Refusal.Of(() => nets.BeamSearcher(new() { LmWeight = 0.5 }), "no language model");
        Refusal.Of(() => nets.BeamSearcher(new() { LmWeight = 1 }, new TrigramTable(4)).Search(encoded), "as wide as the outputs");
        Refusal.Of(() => nets.BeamSearcher(new() { LmWeight = 1 }, new TrigramTable(5, rows: 1)).Search(encoded), "a row a text");
        Assert.That(searcher.Search(encoded.narrow(0, 0, 0)), Is.Empty);
    }
}
