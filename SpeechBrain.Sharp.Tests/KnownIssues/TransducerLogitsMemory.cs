using NUnit.Framework;
using SpeechBrain.Sharp.Transducer;

namespace SpeechBrain.Sharp.Tests.KnownIssues;

/// <summary>
/// https://github.com/espnet/espnet/issues/2921: the logits of one batch, 16 x 471 x 20 x 4233, take 2.5 GB, and training runs out of memory in the
/// middle of an epoch; https://github.com/pytorch/audio/issues/3736: above 2^31 logits torchaudio's loss crashes.
/// </summary>
[TestFixture]
public sealed class TransducerLogitsMemory
{
    [TestCase(16, 471, 19, 4233)]
    [TestCase(64, 500, 80, 1024)] // 2.65e9 logits
    public void TheBytesAreKnownBeforehandAndSmall(int batch, int frames, int labels, int outputs)
    {
        long[] inputLens = [.. Enumerable.Repeat((long)frames, batch)], targetLens = [.. Enumerable.Repeat((long)labels, batch)];
        var plan = TransducerMemoryPlan.For(inputLens, targetLens, outputs, jointDim: 640);
        Assert.That(plan.UnfusedBytes, Is.GreaterThan(2L * batch * frames * (labels + 1) * outputs * sizeof(float)));
        Assert.That(plan.TotalBytes, Is.LessThan(plan.UnfusedBytes / 10));
        long budget = plan.TotalBytes * 2 / 3;
        Assert.That(TransducerMemoryPlan.For(inputLens, targetLens, outputs, 640, budget: budget).TotalBytes, Is.LessThanOrEqualTo(budget));
    }
}
