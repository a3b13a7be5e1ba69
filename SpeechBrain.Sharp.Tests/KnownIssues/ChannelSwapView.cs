using NUnit.Framework;
using SpeechBrain.Sharp.Augment;
using SpeechBrain.Sharp.Tests.Testing;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.KnownIssues;

/// <summary>
/// https://github.com/speechbrain/speechbrain/blob/v1.1.0/speechbrain/augment/time_domain.py, ChannelSwap: keeps a view of the channel that it then
/// overwrites, so one channel is doubled and the other lost.
/// </summary>
[TestFixture]
public sealed class ChannelSwapView
{
    [Test]
    public void NoChannelIsLost()
    {
        using var scope = NewDisposeScope();
        using var op = new ChannelSwap(1, 3);
        using var batch = new AugmentedBatch(arange(6, ScalarType.Float32).expand(4, 10, 6));
        bool moved = false;
        for (ulong seed = 0; seed < 20; seed++)
        {
            var y = op.Apply(batch, op.Sample(new Generator(seed), batch)).Data;
            for (int i = 0; i < 4; i++)
            {
                double[] channels = Numbers.Values(y[i][0]);
                Assert.That(channels, Is.EquivalentTo(new double[] { 0, 1, 2, 3, 4, 5 }));
                moved |= !channels.SequenceEqual([0, 1, 2, 3, 4, 5]);
            }
        }
        Assert.That(moved);
    }

    [Test]
    public void SwapsFollowEachOther() =>
        Assert.That(ChannelSwap.Order([0, 1, 2, 3], [1, 2, 3, 0], 2), Is.EqualTo(new[] { 1, 2, 0, 3 }), "0 with 1, then 1 with 2");
}
