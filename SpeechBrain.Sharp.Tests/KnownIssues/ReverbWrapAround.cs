using NUnit.Framework;
using static SpeechBrain.Sharp.Tests.Augment.Signal.Signals;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.KnownIssues;

/// <summary>
/// https://github.com/speechbrain/speechbrain/blob/v1.1.0/speechbrain/processing/signal_processing.py, reverberate: the convolution is circular, so the reverberation of the
/// end is heard at the beginning, before anything was said.
/// </summary>
[TestFixture]
public sealed class ReverbWrapAround
{
    [Test]
    public void NothingIsHeardBeforeTheFirstSound()
    {
        using var scope = NewDisposeScope();
        var x = zeros(100, dtype: ScalarType.Float64);
        x.narrow(0, 80, 20).fill_(1);
        var rir = (arange(50, dtype: ScalarType.Float64) * -0.1).exp();
        Assert.That(Values(Functional.Reverberate(x, rir)).Take(80), Is.All.EqualTo(0).Within(1e-12));
        Assert.That(Values(Functional.Reverberate(x, rir, circular: true)).Take(20), Is.All.GreaterThan(0.01));
    }
}
