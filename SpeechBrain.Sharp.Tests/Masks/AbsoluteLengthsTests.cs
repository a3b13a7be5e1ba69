using NUnit.Framework;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Masks;

[TestFixture]
public sealed class AbsoluteLengthsTests
{
    [Test]
    public void RoundsHalvesToEven()
    {
        using var lengths = tensor(new[] { 1f, 0.5f, 0.1f, 0.3f, 0.7f, 0.9f, 0f });
        using var absolute = Functional.AbsoluteLengths(lengths, 5);
        Assert.That(absolute.dtype, Is.EqualTo(ScalarType.Int64));
        Assert.That(Numbers.Values(absolute), Is.EqualTo(new double[] { 5, 2, 0, 2, 4, 4, 0 }));
    }

    [Test]
    public void GivesBackEveryLengthOfABatch()
    {
        // length / longest, as a padded batch makes it, and back: for all lengths up to a long utterance.
        foreach (long longest in (long[])[1, 7, 100, 1501, 240_001])
        {
            long[] lengths = [.. Enumerable.Range(0, 1000).Select(i => 1 + i * (longest - 1) / 999)];
            using var relative = tensor(Array.ConvertAll(lengths, l => (float)l / longest));
            using var absolute = Functional.AbsoluteLengths(relative, longest);
            Assert.That(Numbers.Values(absolute), Is.EqualTo(lengths));
        }
    }

    [TestCase(ScalarType.Float64)]
    [TestCase(ScalarType.Float16)]
    public void TakesOtherTypes(ScalarType dtype)
    {
        using var lengths = tensor(new[] { 1f, 0.5f, 0.25f }).to_type(dtype);
        Assert.That(Numbers.Values(Functional.AbsoluteLengths(lengths, 10)), Is.EqualTo(new double[] { 10, 5, 2 }));
    }

    [Test]
    public void LengthsOutsideZeroToOneAreRefused()
    {
        foreach (float wrong in (float[])[1.01f, -0.1f, float.NaN, float.PositiveInfinity, 5])
            Assert.That(() => Functional.AbsoluteLengths(tensor(new[] { 1f, wrong }), 5), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("lengths[1]"), $"{wrong}");
    }

    [Test]
    public void OtherWrongArgumentsAreRefused()
    {
        Assert.That(() => Functional.AbsoluteLengths(zeros(2, 2), 5), Throws.ArgumentException.With.Message.Contains("[batch]"));
        Assert.That(() => Functional.AbsoluteLengths(tensor(new[] { 1L }), 5), Throws.ArgumentException.With.Message.Contains("float32"));
        Assert.That(() => Functional.AbsoluteLengths(zeros(2), -1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => Functional.AbsoluteLengths(null!, 5), Throws.ArgumentNullException);
    }

    [TestCase((1L << 24) + 3)]      // as float32: 2^24 + 4
    [TestCase((1L << 25) + 7)]
    public void ALengthIsNeverBeyondThePaddedLength(long time)
    {
        using var scope = NewDisposeScope();
        Assert.That(Functional.AbsoluteLengths(ones(1), time).item<long>(), Is.EqualTo(time));
    }

    [Test]
    public void LeavesNothingBehind()
    {
        using var lengths = tensor(new[] { 1f, 0.5f });
        LeakCheck.IsClean(() => Functional.AbsoluteLengths(lengths, 5));
        LeakCheck.IsClean(() =>
        {
            try
            {
                using var tooLong = tensor(new[] { 2f });
                Functional.AbsoluteLengths(tooLong, 5);
            }
            catch (ArgumentOutOfRangeException)
            {
            }
        });
    }
}
