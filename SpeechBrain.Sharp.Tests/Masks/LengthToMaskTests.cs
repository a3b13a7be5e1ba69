using NUnit.Framework;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Masks;

[TestFixture]
public sealed class LengthToMaskTests
{
    [TestCaseSource(typeof(Devices), nameof(Devices.All))]
    public void EqualsADoubleLoop(DeviceType type)
    {
        var device = Devices.Require(type);
        for (int width = 0; width < 20; width++)
        {
            long[] lengths = [.. Enumerable.Range(0, width + 3).Select(i => (long)i)];
            using var length = tensor(lengths, device: device);
            using var valid = Functional.LengthToMask(length, width, ScalarType.Bool);
            using var padding = Functional.GetMaskFromLengths(length, width);
            bool[] expected = [.. from l in lengths from t in Enumerable.Range(0, width) select t < l];
            Assert.That(valid.shape, Is.EqualTo(new[] { lengths.Length, (long)width }));
            Assert.That(Noise.Bools(valid), Is.EqualTo(expected));
            Assert.That(Noise.Bools(padding), Is.EqualTo(expected.Select(v => !v)), "the opposite");
        }
    }

    [Test]
    public void FractionsCountUpwards()
    {
        using var length = tensor(new[] { 2.5f, 0.01f, 3f });
        using var mask = Functional.LengthToMask(length, 4);
        Assert.That(Numbers.Values(mask), Is.EqualTo(new double[] { 1, 1, 1, 0, 1, 0, 0, 0, 1, 1, 1, 0 }));
    }

    [TestCase(ScalarType.Float32)]
    [TestCase(ScalarType.Float64)]
    [TestCase(ScalarType.Int64)]
    [TestCase(ScalarType.Int32)]
    [TestCase(ScalarType.Byte)]
    [TestCase(ScalarType.BFloat16)]
    [TestCase(ScalarType.Float16)]
    public void HasTheTypeOfTheLengthsAndExactPositions(ScalarType dtype)
    {
        // 251 positions: bfloat16 counts only to 256, so positions in that type would be wrong soon after.
        using var length = tensor(new long[] { 250, 3 }).to_type(dtype);
        using var mask = Functional.LengthToMask(length, 251);
        Assert.That(mask.dtype, Is.EqualTo(dtype));
        Assert.That(Numbers.Values(mask.to_type(ScalarType.Float32).sum(1)), Is.EqualTo(new double[] { 250, 3 }));
        using var wide = Functional.LengthToMask(length, 100_000, ScalarType.Int64);
        Assert.That(Numbers.Values(wide.sum(1)), Is.EqualTo(new double[] { 250, 3 }));
    }

    [Test]
    public void WithoutAWidthItIsTheLargestLengthTruncated()
    {
        Assert.That(Functional.LengthToMask(tensor(new[] { 2.5f, 3.7f })).shape, Is.EqualTo(new long[] { 2, 3 }));
        Assert.That(Functional.GetMaskFromLengths(tensor(new long[] { 1, 4 })).shape, Is.EqualTo(new long[] { 2, 4 }));
        Assert.That(Functional.LengthToMask(zeros([0], ScalarType.Int64)).shape, Is.EqualTo(new long[] { 0, 0 }));
    }

    [Test]
    public void WrongArgumentsAreRefused()
    {
        Assert.That(() => Functional.LengthToMask(zeros(2, 2), 3), Throws.ArgumentException.With.Message.Contains("[batch]"));
        Assert.That(() => Functional.GetMaskFromLengths(zeros(2), -1), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("maxLen"));
        Assert.That(() => Functional.LengthToMask(zeros([2], ScalarType.Bool), 3), Throws.ArgumentException.With.Message.Contains("integers"));
    }

    [Test]
    public void LeavesNothingBehind()
    {
        using var length = tensor(new[] { 3f, 1f });
        using var half = length.to_type(ScalarType.Float16);
        LeakCheck.IsClean(() => Functional.LengthToMask(length));
        LeakCheck.IsClean(() => Functional.LengthToMask(half, 4, ScalarType.Bool));
        LeakCheck.IsClean(() => Functional.GetMaskFromLengths(length, 4));
    }
}
