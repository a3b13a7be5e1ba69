using NUnit.Framework;
using SpeechBrain.Sharp.Decoding;
using SpeechBrain.Sharp.Tests.Decoding;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.KnownIssues;

/// <summary>
/// https://github.com/speechbrain/speechbrain/blob/v1.1.0/speechbrain/decoders/transducer.py, transducer_beam_search_decode: hypotheses of the
/// same labels are kept apart, so that the n-best list holds one text several times, each with the probability of some of its alignments.
/// </summary>
[TestFixture]
public sealed class BeamSearchDuplicates
{
    private static readonly TransducerBeamSearchOptions Wide = new()
    {
        BeamSize = 1000,
        NBest = 1000,
        MaxSymbolsPerStep = 2,
        StateBeam = double.PositiveInfinity,
        ExpandBeam = double.PositiveInfinity,
    };

    [Test]
    public void MergedTheyHaveTheProbabilityOfAll()
    {
        using var scope = NewDisposeScope();
        using var nets = new ToyTransducer(vocabulary: 3);
        var encoded = ToyTransducer.Encoded(1, 3, seed: 24);
        var apart = nets.BeamSearcher(Wide with { MergeDuplicates = false }).Search(encoded)[0];
        var merged = nets.BeamSearcher(Wide).Search(encoded)[0];
        var sums = apart.GroupBy(h => string.Concat(h.Tokens)).ToDictionary(g => g.Key, g => g.Sum(h => Math.Exp(h.LogProbability)));
        Assert.That(apart, Has.Count.GreaterThan(sums.Count), "as there, one text comes several times");
        Assert.That(merged.Select(h => string.Concat(h.Tokens)), Is.Unique.And.EquivalentTo(sums.Keys));
        foreach (var h in merged)
            Assert.That(Math.Exp(h.LogProbability), Is.EqualTo(sums[string.Concat(h.Tokens)]).Within(1e-9).Percent);
    }
}
