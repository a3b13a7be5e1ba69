using NUnit.Framework;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Testing;

/// <summary>The checks themselves must be able to fail.</summary>
[TestFixture]
public sealed class ChecksTests
{
    [Test]
    public void ATensorLeftAliveIsFound()
    {
        var kept = new List<Tensor>();
        Assert.That(() => LeakCheck.IsClean(() => kept.Add(ones(1))), Throws.InstanceOf<AssertionException>());
        kept.ForEach(t => t.Dispose());
        LeakCheck.IsClean(() => ones(1).Dispose());
    }

    [Test]
    public void AnOperationMayLeaveItsResultAlone()
    {
        Assert.That(
            () => LeakCheck.IsClean(() =>
            {
                var first = ones(1);
                return first + 1;
            }),
            Throws.InstanceOf<AssertionException>());
        LeakCheck.IsClean(() => ones(1));
    }

    [Test]
    public void RightGradientsPass()
    {
        using var scope = NewDisposeScope();
        GradCheck.Check(a => a[0].sin() * a[1], tensor([0.3, -1.2]), tensor([2.0, 0.5]));
    }

    [Test]
    public void AWrongGradientIsFound()
    {
        using var scope = NewDisposeScope();
        // x * constant(x) has half the gradient of x^2.
        Assert.That(() => GradCheck.Check(a => a[0] * a[0].detach(), tensor([0.3, -1.2])), Throws.InstanceOf<AssertionException>());
        Assert.That(() => GradCheck.Check(a => a[0] + a[1].detach(), tensor([0.3]), tensor([1.0])), Throws.InstanceOf<AssertionException>());
    }
}
