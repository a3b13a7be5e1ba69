using NUnit.Framework;
using SpeechBrain.Sharp.Augment;
using SpeechBrain.Sharp.Tests.Testing;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.KnownIssues;

/// <summary>
/// https://github.com/speechbrain/speechbrain/blob/v1.1.0/speechbrain/augment/time_domain.py, DoClip, RandAmp and DropBitResolution: divide by
/// the peak of a silent example.
/// </summary>
[TestFixture]
public sealed class SilenceMadeNan
{
    private static IEnumerable<TestCaseData> All()
    {
        yield return new TestCaseData((Func<Augmentation>)(() => new DoClip())).SetArgDisplayNames("DoClip");
        yield return new TestCaseData((Func<Augmentation>)(() => new RandAmp())).SetArgDisplayNames("RandAmp");
        yield return new TestCaseData((Func<Augmentation>)(() => new DropBitResolution(BitResolution.Int8))).SetArgDisplayNames("DropBitResolution");
    }

    [TestCaseSource(nameof(All))]
    public void SilenceStaysSilence(Func<Augmentation> make)
    {
        using var scope = NewDisposeScope();
        using var op = make();
        var data = zeros([2, 100], ScalarType.Float32, requires_grad: true);
        using var batch = new AugmentedBatch(data);
        var y = op.Apply(batch, op.Sample(new Generator(1), batch)).Data;
        Assert.That(Numbers.Values(y), Is.All.Zero);
        if (!op.IsDifferentiable)
            return;
        y.sum().backward();
        Assert.That(Numbers.Values(data.grad!), Has.None.NaN);
    }
}
