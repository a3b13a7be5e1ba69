using NUnit.Framework;
using SpeechBrain.Sharp.Conformer;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static SpeechBrain.Sharp.Tests.Conformer.ConformerTesting;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Conformer;

[TestFixture]
public sealed class PositionalTests
{
    [Test]
    public void AbsoluteTableHoldsTheSinusoids()
    {
        using var scope = NewDisposeScope();
        using var encoding = new PositionalEncoding(6, 50);
        var pe = encoding.call(zeros(2, 30, 4));
        Assert.That(pe.shape, Is.EqualTo(new long[] { 1, 30, 6 }));
        for (int t = 0; t < 30; t++)
            for (int i = 0; i < 3; i++)
            {
                double angle = t * Math.Pow(10000, -2.0 * i / 6);
                Assert.That(pe[0, t, 2 * i].item<float>(), Is.EqualTo(Math.Sin(angle)).Within(5e-6));
                Assert.That(pe[0, t, 2 * i + 1].item<float>(), Is.EqualTo(Math.Cos(angle)).Within(5e-6));
            }
    }

    [Test]
    public void RelativeTableIsTheAbsoluteOneMirrored([Values(1, 2, 17)] int time)
    {
        using var scope = NewDisposeScope();
        using var relative = new RelPosEncXL(8);
        using var absolute = new PositionalEncoding(8, 20);
        var pe = relative.MakePe(time);
        Assert.That(pe.shape, Is.EqualTo(new long[] { 1, 2 * time - 1, 8 }));
        var one = absolute.call(zeros(1, time, 1));
        AssertClose(pe[.., (time - 1)..], one, 0);
        AssertClose(pe.flip(1), pe, 0);
    }

    [Test]
    public void AShorterRelativeTableIsTheMiddleOfALongerOne()
    {
        using var scope = NewDisposeScope();
        using var relative = new RelPosEncXL(12);
        var small = relative.MakePe(5).clone();
        AssertClose(relative.MakePe(400)[.., 395..404], small, 0);
        AssertClose(relative.MakePe(5), small, 0);
    }

    [Test]
    public void RelativeTableHasTheTypeOfTheInput([Values(ScalarType.Float32, ScalarType.Float64, ScalarType.BFloat16)] ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using var relative = new RelPosEncXL(4);
        Assert.That(relative.call(zeros([1, 3, 4], dtype)).dtype, Is.EqualTo(dtype));
    }

    [Test]
    public void BuffersHaveSpeechBrainsNames()
    {
        using var scope = NewDisposeScope();
        using var relative = new RelPosEncXL(10);
        using var absolute = new PositionalEncoding(10, 7);
        Assert.That(relative.state_dict().Select(e => (e.Key, e.Value.shape)), Is.EqualTo(new[] { ("inv_freq", new long[] { 5 }) }));
        Assert.That(absolute.state_dict().Select(e => (e.Key, e.Value.shape)), Is.EqualTo(new[] { ("pe", new long[] { 1, 7, 10 }) }));
    }

    [Test]
    public void TheTableSurvivesTheScopeItWasMadeIn()
    {
        PositionalEncoding absolute;
        RelPosEncXL relative;
        using (NewDisposeScope())
        {
            absolute = new PositionalEncoding(4, 3);
            relative = new RelPosEncXL(4);
        }
        using (absolute)
        using (relative)
        using (var x = zeros(1, 3, 4))
        using (var pe = absolute.call(x))
            Assert.That(pe.shape[1], Is.EqualTo(3));
    }

    [Test]
    public void LeavesNothingBehind()
    {
        using var relative = new RelPosEncXL(4);
        using var absolute = new PositionalEncoding(4, 9);
        using var x = zeros(1, 9, 4);
        relative.call(x)!.Dispose();
        LeakCheck.IsClean(() => relative.call(x)!);
        LeakCheck.IsClean(() => absolute.call(x)!);
    }

    [Test]
    public void RefusesWhatItCantEncode()
    {
        Assert.That(() => new RelPosEncXL(7), Throws.InstanceOf<ArgumentException>().With.Message.Contains("even"));
        Assert.That(() => new PositionalEncoding(0), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new PositionalEncoding(4, 0), Throws.InstanceOf<ArgumentException>());
        using var absolute = new PositionalEncoding(4, 3);
        using var x = zeros(1, 4, 4);
        Assert.That(() => absolute.call(x), Throws.ArgumentException.With.Message.Contains("4 frames").And.Message.Contains("3"));
        using var relative = new RelPosEncXL(4);
        using var vector = zeros(4);
        Assert.That(() => relative.call(vector), Throws.ArgumentException);
        using var none = zeros(1, 0, 4);
        Assert.That(() => relative.call(none), Throws.InstanceOf<ArgumentException>());
    }
}
