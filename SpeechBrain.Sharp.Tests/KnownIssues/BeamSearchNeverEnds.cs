using NUnit.Framework;
using SpeechBrain.Sharp.Tests.Decoding;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.KnownIssues;

/// <summary>
/// https://github.com/speechbrain/speechbrain/blob/v1.1.0/speechbrain/decoders/transducer.py, transducer_beam_search_decode: <c>while True</c> ends
/// a frame only when enough hypotheses took blank, which one never does whose blank is not among the <c>beam_size</c> likeliest outputs.
/// </summary>
[TestFixture]
public sealed class BeamSearchNeverEnds
{
    [Test]
    public void ANetworkThatNeverSaysBlankStopsAtTheCap([Values(1, 2, 4)] int beamSize, [Values(1, 5)] int maxSymbols)
    {
        using var scope = NewDisposeScope();
        using var nets = new ToyTransducer(blankBias: -100, vocabulary: 9);
        int before = nets.Steps;
        var found = nets.BeamSearcher(new() { BeamSize = beamSize, MaxSymbolsPerStep = maxSymbols })
            .Search(ToyTransducer.Encoded(2, 4, seed: 6));
        Assert.That(found.SelectMany(u => u).Select(h => h.Tokens.Count), Is.All.InRange(1, 4 * maxSymbols));
        Assert.That(found.Select(u => u[0].LogProbability), Is.All.LessThan(-90 * 4), "each frame ends with a blank");
        // At most the square of the beam hypotheses of each number of labels.
        Assert.That(nets.Steps - before, Is.LessThanOrEqualTo(2 * 4 * (maxSymbols + 1) * beamSize * beamSize));
    }
}
