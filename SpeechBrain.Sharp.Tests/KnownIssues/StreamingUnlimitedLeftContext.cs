using NUnit.Framework;
using SpeechBrain.Sharp.Conformer;
using SpeechBrain.Sharp.Masks;
using static SpeechBrain.Sharp.Tests.Conformer.ConformerTesting;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.KnownIssues;

/// <summary>
/// https://github.com/speechbrain/speechbrain/blob/v1.1.0/speechbrain/lobes/models/transformer/Conformer.py, ConformerEncoder.make_streaming_context:
/// a DynChunkTrainConfig without left context size, which training offers, raises a TypeError at the first chunk (None &gt; 0).
/// </summary>
[TestFixture]
public sealed class StreamingUnlimitedLeftContext
{
    [Test]
    public void TheWholePastIsSeen([Values] AttentionType type)
    {
        using var scope = NewDisposeScope();
        using var encoder = new TransformerASR(6, 8, 2, 1, 10, 0, kernelSize: 3, attentionType: type, maxLength: 40).Prepared();
        var config = new DynChunkTrainConfig(2);
        using var context = encoder.MakeStreamingContext(config);
        var x = Noise(1, 1, 20, 6);
        Tensor last = x;
        for (int t = 0; t < 20; t += 2)
            last = encoder.EncodeStreaming(x.narrow(1, t, 2), context);
        AssertClose(last, encoder.Encode(x, null, config).narrow(1, 18, 2), 1e-11);
        Assert.That(context.EncoderContext.Layers[0].MhaLeftContext!.size(1), Is.EqualTo(20));
    }
}
