using System.Numerics;
using System.Runtime.Intrinsics;
using NUnit.Framework;
using SpeechBrain.Sharp.Transducer;

namespace SpeechBrain.Sharp.Tests.Transducer;

[TestFixture]
public sealed unsafe class VectorMathTests
{
    [TestCase(true)]
    [TestCase(false)]
    public void ExpHasTheAccuracyThatItsDocStates(bool wide)
    {
        double worst = 0;
        for (double x = 0; x > -87.3; x -= 0.00037)
        {
            double exact = Math.Exp((float)x);
            worst = Math.Max(worst, Math.Abs(Exp((float)x, wide) - exact) / exact);
        }
        Assert.That(worst, Is.LessThan(1.5e-7));
        Assert.That(worst, Is.GreaterThan(3e-8), "float32 can't do better: the comparison is broken");
    }

    [TestCase(true)]
    [TestCase(false)]
    public void ExpOfTheEdges(bool wide)
    {
        Assert.That(Exp(0f, wide), Is.EqualTo(1f));
        Assert.That(Exp(-0f, wide), Is.EqualTo(1f));
        Assert.That(Exp(-float.Epsilon, wide), Is.EqualTo(1f));
        foreach (float x in (float[])[-87.7f, -88f, -100f, -1e30f, float.MinValue, float.NegativeInfinity])
            Assert.That(Exp(x, wide), Is.Zero);
        for (float x = -87.3f; x > -87.8f; x = MathF.BitDecrement(x))
            Assert.That(Exp(x, wide), Is.Zero.Or.InRange(8e-39f, 1.3e-38f));
        Assert.That(Exp(float.NaN, wide), Is.NaN);
        Assert.That(Exp(BitConverter.UInt32BitsToSingle(0x7FC00001), wide), Is.NaN, "NaN with a payload");
        Assert.That(Exp(BitConverter.UInt32BitsToSingle(0xFFFFFFFF), wide), Is.NaN, "NaN with a payload");
    }

    [Test]
    public void Log1PKeepsTheDigitsOfSmallNumbers()
    {
        foreach (double x in (double[])[0, 1e-300, 1e-17, 1e-16, 1e-12, 3e-9, 1e-5])
        {
            double series = x - x * x / 2 + x * x * x / 3;
            Assert.That(VectorMath.Log1P(new Vector<double>(x))[0], Is.EqualTo(series).Within(4e-16 * series));
        }
        foreach (double x in (double[])[0.1, 0.5, 1, 2, 999, 1e6, 1e300])
            Assert.That(VectorMath.Log1P(new Vector<double>(x))[0], Is.EqualTo(Math.Log(1 + x)).Within(2e-15 * Math.Log(1 + x)));
        Assert.That(VectorMath.Log1P(new Vector<double>(double.NaN))[0], Is.NaN);
    }

    [TestCase(0, 0, 0.6931471805599453)]
    [TestCase(-1, -3, -0.8730719889570275)]
    [TestCase(-1e5, -1e5, -99999.306852819440)]
    [TestCase(-5, -800, -5)]
    [TestCase(-5, double.NegativeInfinity, -5)]
    [TestCase(double.NegativeInfinity, double.NegativeInfinity, double.NegativeInfinity)]
    [TestCase(double.NaN, -5, double.NaN)]
    [TestCase(double.NaN, double.NegativeInfinity, double.NaN)]
    public void LogAddHoldsEitherWay(double a, double b, double expected)
    {
        Assert.That(VectorMath.LogAdd(new(a), new(b))[0], Is.EqualTo(expected).Within(1e-13).Percent);
        Assert.That(VectorMath.LogAdd(new(b), new(a))[0], Is.EqualTo(expected).Within(1e-13).Percent);
    }

    // Both widths run on every machine; one that lacks the wide vectors does them in parts.
    private static float Exp(float x, bool wide) =>
        wide ? Lanes512<float>.Exp(Vector512.Create(x))[3] : LanesNative<float>.Exp(new Vector<float>(x))[1];
}
