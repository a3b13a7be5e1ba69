using NUnit.Framework;
using SpeechBrain.Sharp.Tests.Testing;
using SpeechBrain.Sharp.Tests.Training;
using SpeechBrain.Sharp.Training;

namespace SpeechBrain.Sharp.Tests.KnownIssues;

/// <summary>
/// SpeechBrain 1.1.0: the help of <c>--max_grad_norm</c> says that a negative number switches clipping off. It goes to <c>clip_grad_norm_</c> all
/// the same, which multiplies gradients by a negative number, and the model walks uphill.
/// </summary>
[TestFixture]
public sealed class NegativeMaxGradNorm
{
    [Test]
    public void ItIsRefusedAndZeroSwitchesClippingOff()
    {
        Refusal.Of(() => _ = new WeightUpdateOptions { MaxGradNorm = -1 }, "MaxGradNorm must be a finite number in [0");
        using var slope = new Slope(new() { MaxGradNorm = 0 });
        slope.Batch(1000);
        Assert.That(slope.Weights, Is.All.EqualTo(-1000));
    }
}
