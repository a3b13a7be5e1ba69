using NUnit.Framework;
using SpeechBrain.Sharp.Conformer;
using static SpeechBrain.Sharp.Tests.Conformer.ConformerTesting;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.KnownIssues;

/// <summary>
/// https://github.com/speechbrain/speechbrain/blob/v1.1.0/speechbrain/lobes/models/transformer/Conformer.py, ConvolutionModule:
/// a causal convolution cuts its last <c>padding</c> frames off with <c>out[..., :-padding]</c>; for a kernel of one frame that is <c>[:-0]</c>, and nothing is left.
/// </summary>
[TestFixture]
public sealed class CausalKernelOfOneFrame
{
    [Test]
    public void KeepsAllFrames()
    {
        using var scope = NewDisposeScope();
        using var causal = new ConvolutionModule(4, 1, causal: true).Prepared();
        using var plain = new ConvolutionModule(4, 1).Prepared();
        var x = Noise(1, 2, 5, 4);
        AssertClose(causal.call(x, null, null)!, plain.call(x, null, null)!, 1e-12);
    }
}
