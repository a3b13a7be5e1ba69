using NUnit.Framework;
using SpeechBrain.Sharp.Tests.Decoding;
using SpeechBrain.Sharp.Tests.Golden;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.KnownIssues;

/// <summary>
/// https://github.com/speechbrain/speechbrain/blob/v1.1.0/speechbrain/decoders/transducer.py, transducer_greedy_decode: <c>while count &lt;=
/// max_symbols_per_step</c>
/// emits up to 6 labels a frame where 5 are asked for.
/// </summary>
[TestFixture]
public sealed class GreedyOneSymbolTooMany
{
    [Test]
    public void FiveMeansFive()
    {
        using var scope = NewDisposeScope();
        using var nets = new ToyTransducer(blankBias: -100);
        Assert.That(nets.Searcher(5).Search(ToyTransducer.Encoded(1, 4, seed: 6))[0].Tokens, Has.Count.EqualTo(20));
    }

    /// <summary>
    /// The recorded case decode/1 has a run of six within a frame: with a cap of 6 the search equals SpeechBrain's, with 5 it does not.
    /// </summary>
    [Test]
    public void SpeechBrainsDefaultIsSix()
    {
        using var scope = NewDisposeScope();
        var c = GoldenSet.Shipped.Open("decode/1", CPU);
        using var nets = new RecordedTransducer(c);
        int[] recorded = c.Data["greedy"].Items[0].AsInts();
        Assert.That(nets.Searcher(6).Search(c.Input("enc"))[0].Tokens, Is.EqualTo(recorded));
        Assert.That(nets.Searcher(5).Search(c.Input("enc"))[0].Tokens, Is.Not.EqualTo(recorded));
    }
}
