using NUnit.Framework;
using SpeechBrain.Sharp.Conformer;
using SpeechBrain.Sharp.Masks;
using static SpeechBrain.Sharp.Tests.Conformer.ConformerTesting;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.KnownIssues;

/// <summary>
/// https://github.com/speechbrain/speechbrain/blob/v1.1.0/speechbrain/lobes/models/transformer/TransformerASR.py, encode_streaming:
/// the absolute positions of regularMHA are made for left context and chunk together and added to the chunk alone, which raises as soon as there
/// is left context; without any, each chunk begins at position 0.
/// </summary>
[TestFixture]
public sealed class StreamingAbsolutePositions
{
    [Test]
    public void TheyGoOnFromChunkToChunk([Values(0, 1)] int left)
    {
        using var scope = NewDisposeScope();
        using var encoder = new TransformerASR(6, 8, 2, 1, 10, 0, kernelSize: 1, attentionType: AttentionType.RegularMHA, maxLength: 10).Prepared();
        using var context = encoder.MakeStreamingContext(new DynChunkTrainConfig(3, left));
        var chunk = Noise(1, 1, 3, 6);
        var x = cat([chunk, chunk], 1);
        var first = encoder.EncodeStreaming(chunk, context);
        var second = encoder.EncodeStreaming(chunk, context);
        AssertClose(cat([first, second], 1), encoder.Encode(x, null, new DynChunkTrainConfig(3, left)), 1e-11);
        Assert.That((second - first).abs().max().item<double>(), Is.GreaterThan(1e-3), "the same frames at other positions");
    }
}
