using NUnit.Framework;
using SpeechBrain.Sharp.Augment;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.KnownIssues;

/// <summary>
/// https://github.com/speechbrain/speechbrain/blob/v1.1.0/speechbrain/augment/freq_domain.py, SpectrogramDrop:
/// drop_length_high is never drawn, and equal bounds, a fixed length, raise.
/// </summary>
[TestFixture]
public sealed class SpectrogramDropBounds
{
    [Test]
    public void AFixedLengthIsALength()
    {
        using var drop = new SpectrogramDrop(dropLengthLow: 7, dropLengthHigh: 7);
        using var generator = new Generator(1);
        var draw = drop.Sample(generator, new BatchShape([20, 100, 8], [.. Enumerable.Repeat(100L, 20)]));
        Assert.That(draw.Spans.SelectMany(spans => spans).Select(span => span.Length), Is.All.EqualTo(7));
    }
}
