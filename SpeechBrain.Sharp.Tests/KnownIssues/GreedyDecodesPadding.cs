using NUnit.Framework;
using SpeechBrain.Sharp.Tests.Decoding;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.KnownIssues;

/// <summary>
/// https://github.com/speechbrain/speechbrain/blob/v1.1.0/speechbrain/decoders/transducer.py, transducer_greedy_decode: it takes no lengths, so a
/// short
/// utterance in a batch is decoded on into its padding, and its words depend on who shares the batch.
/// </summary>
[TestFixture]
public sealed class GreedyDecodesPadding
{
    [Test]
    public void AShortUtteranceSaysTheSameAloneAndInABatch()
    {
        using var scope = NewDisposeScope();
        using var nets = new ToyTransducer();
        var encoded = ToyTransducer.Encoded(2, 20, seed: 12);
        var searcher = nets.Searcher(3);
        var alone = searcher.Search(encoded.narrow(0, 1, 1).narrow(1, 0, 5))[0];
        Assert.That(searcher.Search(encoded, [20, 5])[1].Tokens, Is.EqualTo(alone.Tokens));
        Assert.That(
            searcher.Search(encoded)[1].Tokens, Has.Count.GreaterThan(alone.Tokens.Count), "without lengths the padding is decoded, as there");
    }
}
