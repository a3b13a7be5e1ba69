using NUnit.Framework;
using static SpeechBrain.Sharp.Tests.Augment.Signal.Signals;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.KnownIssues;

/// <summary>
/// https://github.com/speechbrain/speechbrain/blob/v1.1.0/speechbrain/processing/signal_processing.py, notch_filter: f + w - w in float32 is 0 below about 2e-9, and sin(0) / 0
/// makes every tap NaN. DropFreq's epsilon of 1e-12 does not protect from that: one draw of exactly 0 poisons the batch.
/// </summary>
[TestFixture]
public sealed class NotchFilterNan
{
    [TestCase(1e-6)]
    [TestCase(1e-9)]
    [TestCase(1e-12)]
    [TestCase(1e-14)]
    [TestCase(double.Epsilon)]
    public void TheLowestFrequenciesHaveAFilter(double notchFreq)
    {
        using var scope = NewDisposeScope();
        double[] taps = Values(Functional.NotchFilter(notchFreq));
        Assert.That(taps, Has.None.NaN);
        Assert.That(taps.Sum(), Is.EqualTo(1).Within(1e-5));
    }
}
