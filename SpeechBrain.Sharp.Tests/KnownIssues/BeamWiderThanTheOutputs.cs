using NUnit.Framework;
using SpeechBrain.Sharp.Tests.Decoding;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.KnownIssues;

/// <summary>
/// https://github.com/speechbrain/speechbrain/blob/v1.1.0/speechbrain/decoders/transducer.py, transducer_beam_search_decode: it asks topk for
/// <c>beam_size</c> outputs, which raises where there are fewer.
/// </summary>
[TestFixture]
public sealed class BeamWiderThanTheOutputs
{
    [Test]
    public void TakesAllThereAre()
    {
        using var scope = NewDisposeScope();
        using var nets = new ToyTransducer(vocabulary: 3);
        var found = nets.BeamSearcher(new() { BeamSize = 10, NBest = 10 }).Search(ToyTransducer.Encoded(1, 6, seed: 6))[0];
        Assert.That(found, Has.Count.InRange(2, 10));
    }
}
