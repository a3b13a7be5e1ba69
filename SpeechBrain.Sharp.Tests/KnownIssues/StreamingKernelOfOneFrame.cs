using NUnit.Framework;
using SpeechBrain.Sharp.Conformer;
using SpeechBrain.Sharp.Masks;
using static SpeechBrain.Sharp.Tests.Conformer.ConformerTesting;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.KnownIssues;

/// <summary>
/// https://github.com/speechbrain/speechbrain/blob/v1.1.0/speechbrain/lobes/models/transformer/Conformer.py, forward_streaming:
/// a kernel of one frame needs no frame of the past, and its context, x[..., -0:, :], keeps all of them.
/// </summary>
[TestFixture]
public sealed class StreamingKernelOfOneFrame
{
    [Test]
    public void KeepsNoFrame()
    {
        using var scope = NewDisposeScope();
        using var encoder = new TransformerASR(6, 8, 2, 1, 10, 0, kernelSize: 1, attentionType: AttentionType.RoPEMHA).Prepared();
        using var context = encoder.MakeStreamingContext(new DynChunkTrainConfig(3, 1));
        encoder.EncodeStreaming(Noise(1, 1, 3, 6), context);
        Assert.That(context.EncoderContext.Layers[0].DcconvLeftContext, Is.Null);
    }
}
