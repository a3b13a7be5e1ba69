using NUnit.Framework;
using SpeechBrain.Sharp.Conformer;
using static SpeechBrain.Sharp.Tests.Conformer.ConformerTesting;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.KnownIssues;

/// <summary>
/// https://github.com/speechbrain/speechbrain/blob/v1.1.0/speechbrain/lobes/models/transformer/Conformer.py, ConvolutionModule:
/// the mask is applied to the output alone, so what lies in the padding reaches (kernel_size - 1) / 2 frames into an utterance, and its encoding depends on the batch it is in.
/// </summary>
[TestFixture]
public sealed class ConvolutionPaddingLeak
{
    [Test]
    public void PaddingReachesNoFrameUnlessAskedFor([Values] bool speechBrainCompatible)
    {
        using var scope = NewDisposeScope();
        using var module = new ConvolutionModule(4, 5, speechBrainCompatible: speechBrainCompatible).Prepared();
        var mask = Padding(9, 6).unsqueeze(-1);
        var x = Noise(1, 1, 9, 4);
        var changed = x.clone();
        Disturb(changed[.., 6..]);
        var difference = (module.call(changed, mask, null)! - module.call(x, mask, null)!).abs().amax(2).flatten().data<double>().ToArray();
        Assert.That(difference[..4], Is.All.Zero, "out of the kernel's reach");
        Assert.That(difference[4..6], speechBrainCompatible ? Is.All.GreaterThan(1e-6) : Is.All.Zero, "two frames beside the padding");
        Assert.That(difference[6..], Is.All.Zero, "padding comes out as 0");
    }
}
