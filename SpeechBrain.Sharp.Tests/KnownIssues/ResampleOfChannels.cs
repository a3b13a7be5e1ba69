using NUnit.Framework;
using SpeechBrain.Sharp.Resampling;
using SpeechBrain.Sharp.Tests.Testing;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.KnownIssues;

/// <summary>
/// https://github.com/speechbrain/speechbrain/pull/2410 moved SpeechBrain's Resample to torchaudio, whose <c>view</c> raises on the transposed
/// tensor of a batch of several items with several channels.
/// </summary>
[TestFixture]
public sealed class ResampleOfChannels
{
    [Test]
    public void WorksForSeveralItemsWithSeveralChannels()
    {
        using var resample = new Resample(16000, 8000);
        using var x = Noise.Normal([3, 64, 2]);
        using var y = resample.call(x);
        Assert.That(y.shape, Is.EqualTo(new long[] { 3, 32, 2 }));
        for (long item = 0; item < 3; item++)
        {
            using var alone = resample.call(x.narrow(0, item, 1));
            Assert.That(Numbers.Values(y.narrow(0, item, 1)), Is.EqualTo(Numbers.Values(alone)).Within(1e-6));
        }
    }
}
