using NUnit.Framework;
using SpeechBrain.Sharp.Features;
using SpeechBrain.Sharp.Tests.Testing;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.KnownIssues;

/// <summary>
/// https://github.com/speechbrain/speechbrain (1.1.0, <c>processing/features.py, spectral_magnitude</c>): the squares are summed over the last
/// dimension, which is re/im for one channel and the channels for several. Features of two channels are then those of the energies of real
/// and imaginary parts.
/// </summary>
[TestFixture]
public sealed class SpectralMagnitudeOfChannels
{
    [Test]
    public void IsThatOfEachChannelAlone([Values(1, 2, 3)] long channels)
    {
        using var scope = NewDisposeScope();
        using var fbank = new Fbank();
        var x = Noise.Normal([2, 1600, channels]);
        var y = fbank.call(x);
        Assert.That(y.shape, Is.EqualTo(new long[] { 2, 11, 40, channels }));
        for (long c = 0; c < channels; c++)
            Assert.That(Numbers.Values(y.select(3, c)), Is.EqualTo(Numbers.Values(fbank.call(x.select(2, c)))).Within(1e-3));
    }
}
