using NUnit.Framework;
using SpeechBrain.Sharp.Conformer;
using static SpeechBrain.Sharp.Tests.Conformer.ConformerTesting;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.KnownIssues;

/// <summary>
/// https://github.com/speechbrain/speechbrain/blob/v1.1.0/speechbrain/nnet/CNN.py, Conv2d: with padding="causal" the zeros are put on the frequency
/// axis, because time and frequency were swapped before; time gets none, so the sequence is shorter and each frame sees later ones.
/// </summary>
[TestFixture]
public sealed class Conv2dCausalAxis
{
    [Test]
    public void TimeIsCausalAndFrequencyIsNot()
    {
        using var scope = NewDisposeScope();
        using var module = new ConvolutionFrontEnd(
            [1, 1, 6], 1, 1, [2], [3], [1], residuals: [false], activation: Activation.Identity, norm: false, padding: ConvPadding.Causal).Prepared();
        var x = Noise(1, 1, 5, 6);
        var y = module.call(x);
        Assert.That(y.shape, Is.EqualTo(new long[] { 1, 5, 6, 2 }), "as many frames, and as many features, as went in");

        var later = x.clone();
        Disturb(later[.., 3..]);
        AssertClose(module.call(later)[.., ..3], y[.., ..3], 0);

        var higher = x.clone();
        Disturb(higher[.., .., 3..]);
        Assert.That((module.call(higher) - y)[0, .., 2].abs().min().item<double>(), Is.GreaterThan(1e-6), "a feature sees the one above it");

        // The first frame sees two frames of zeros and itself.
        var first = zeros_like(x);
        first[.., 0] = x[.., 0];
        AssertClose(module.call(first)[.., 0], y[.., 0], 1e-12);
    }
}
