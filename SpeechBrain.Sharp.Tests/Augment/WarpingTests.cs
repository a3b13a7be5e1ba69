using NUnit.Framework;
using SpeechBrain.Sharp.Augment;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Augment;

[TestFixture]
public sealed class WarpingTests
{
    // The definition, by torch's own interpolation of each part: [batch, time, features] of one centre and target.
    private static Tensor Reference(Tensor x, long center, long target, WarpMode mode)
    {
        var resize = mode == WarpMode.Bicubic ? InterpolationMode.Bicubic : InterpolationMode.Bilinear;
        var rows = x.unsqueeze(1);
        long time = x.shape[1], features = x.shape[2];
        var before = nn.functional.interpolate(rows.narrow(2, 0, center), [target, features], mode: resize, align_corners: true);
        var behind = nn.functional.interpolate(rows.narrow(2, center, time - center), [time - target, features], mode: resize, align_corners: true);
        return cat([before, behind], 2).squeeze(1);
    }

    private static Tensor Long(params long[] values) => tensor(values, ScalarType.Int64);

    [TestCase(20, 17)]
    [TestCase(20, 24)]
    [TestCase(20, 20)]
    [TestCase(1, 30)]
    [TestCase(39, 1)]
    [TestCase(1, 1)]
    [TestCase(2, 39)]
    public void EqualsTorchsInterpolationOfBothParts(int center, int target)
    {
        using var scope = NewDisposeScope();
        foreach (var mode in Enum.GetValues<WarpMode>())
        {
            var x = Noise.Normal([2, 40, 5], 3, ScalarType.Float64);
            var expected = Numbers.Values(Reference(x, center, target, mode));
            Assert.That(Numbers.Values(Functional.Warping(x, Long(center), Long(target), warpMode: mode)), Is.EqualTo(expected).Within(1e-12));
            var turned = Functional.Warping(x.transpose(1, 2), Long(center), Long(target), warpMode: mode, dim: 2).transpose(1, 2);
            Assert.That(Numbers.Values(turned), Is.EqualTo(expected).Within(1e-12), "along frequency");
            // With gradient another way through the code.
            var leaf = x.clone().requires_grad_();
            Assert.That(Numbers.Values(Functional.Warping(leaf, Long(center), Long(target), warpMode: mode)), Is.EqualTo(expected).Within(1e-12));
            var turnedLeaf = Functional.Warping(leaf.transpose(1, 2), Long(center), Long(target), warpMode: mode, dim: 2).transpose(1, 2);
            Assert.That(Numbers.Values(turnedLeaf), Is.EqualTo(expected).Within(1e-12));
            var single = Functional.Warping(x.to(ScalarType.Float32), Long(center), Long(target), warpMode: mode);
            Assert.That(Numbers.Values(single), Is.EqualTo(expected).Within(1e-5));
            var flat = Functional.Warping(ones(1, 40, 2), Long(center), Long(target), warpMode: mode);
            Assert.That(Numbers.Values(flat), Is.All.EqualTo(1).Within(1e-6));
        }
    }

    [Test]
    public void EachExampleIsWarpedWithinItsLength([Values] WarpMode mode)
    {
        using var scope = NewDisposeScope();
        long[] lengths = [40, 25, 33, 12], centers = [10, 20, 0, 9], targets = [14, 3, 0, 12];
        var x = Noise.Normal([4, 40, 3], 3, ScalarType.Float64);
        var y = Functional.Warping(x, Long(centers), Long(targets), Long(lengths), mode);
        var withGradient = Functional.Warping(x.clone().requires_grad_(), Long(centers), Long(targets), Long(lengths), mode);
        Assert.That(Numbers.Values(withGradient), Is.EqualTo(Numbers.Values(y)).Within(1e-12));
        for (int i = 0; i < 4; i++)
        {
            // The last two stay: one has no draw, the other is no longer than its target.
            var alone = x.narrow(0, i, 1).narrow(1, 0, lengths[i]);
            var expected = i < 2 ? Reference(alone, centers[i], targets[i], mode) : alone;
            var row = y.narrow(0, i, 1).narrow(1, 0, lengths[i]);
            Assert.That(Numbers.Values(row), Is.EqualTo(Numbers.Values(expected)).Within(1e-12), $"example {i}");
            Assert.That(Numbers.Values(y[i, (int)lengths[i]..]), Is.EqualTo(Numbers.Values(x[i, (int)lengths[i]..])), "padding");
        }
    }

    [Test]
    public void CentresKeepTheirDistanceAndTargetsReachBothEnds()
    {
        using var warp = new Warping(3);
        using var generator = new Generator(1);
        var draw = warp.Sample(generator, new BatchShape([300, 20, 4], [6, .. Enumerable.Repeat(10L, 299)]));
        Assert.That((draw.Center[0], draw.Target[0]), Is.EqualTo((0, 0)), "an example of twice the window is too short");
        Assert.That(draw.Center.Skip(1).Distinct().Order(), Is.EqualTo(new[] { 3, 4, 5, 6 }));
        Assert.That(draw.Center.Zip(draw.Target, (c, w) => w - c).Skip(1).Distinct().Order(), Is.EqualTo(new[] { -2, -1, 0, 1, 2, 3 }));
        using var shared = new Warping(3, perBatch: true);
        Assert.That(shared.Sample(generator, new BatchShape([3, 20, 4], [6, 10, 10])).Center, Has.Count.EqualTo(1).And.All.GreaterThan(2));
    }

    [Test]
    public void BadArgumentsAreRefused()
    {
        using var scope = NewDisposeScope();
        Refusal.Of(() => _ = new Warping(0), "warpWindow must lie in [1,");
        Refusal.Of(() => _ = new Warping(dim: 0), "dim must lie in [1, 2]");
        Refusal.Of(() => _ = new Warping(warpMode: (WarpMode)7), "Bicubic");
        using var warp = new Warping();
        using var batch = new AugmentedBatch(zeros(2, 30, 4));
        Refusal.Of(() => warp.Apply(batch, new WarpingParameters([1, 2, 3], [1])), "3 values for a batch of 2");
        Refusal.Of(() => warp.Apply(batch, new WarpingParameters([1], [1, 2])), "1 centres and 2 targets");
        Refusal.Of(() => Functional.Warping(zeros(2, 30), Long(1), Long(1)), "[batch, time, features]");
        Refusal.Of(() => Functional.Warping(zeros(2, 30, 4), Long(1, 2, 3), Long(1)), "center");
        Refusal.Of(() => Functional.Warping(zeros(2, 30, 4), Long(1), ones(1)), "int64");
        Refusal.Of(() => Functional.Warping(zeros(2, 30, 4), Long(1), Long(1), Long(1)), "lengths");
    }
}
