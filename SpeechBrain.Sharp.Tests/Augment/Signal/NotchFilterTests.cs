using NUnit.Framework;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static SpeechBrain.Sharp.Tests.Augment.Signal.Signals;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Augment.Signal;

[TestFixture]
public sealed class NotchFilterTests
{
    [Test]
    public void ItRemovesItsBandAndKeepsTheRest()
    {
        using var scope = NewDisposeScope();
        double[] taps = Values(Functional.NotchFilter(0.4, 201, 0.05, ScalarType.Float64));
        double centre = 0.45 * 3 / Math.PI;
        Assert.That(Gain(taps, centre), Is.LessThan(0.01));
        foreach (double far in (double[])[0, 0.1, 0.25, 0.6, 0.8, 1])
            Assert.That(Gain(taps, far), Is.EqualTo(1).Within(0.01), $"at {far} of the Nyquist frequency");
    }

    [Test]
    public void ItKeepsAConstantExactlyAndDelaysNothing()
    {
        using var scope = NewDisposeScope();
        double[] taps = Values(Functional.NotchFilter(0.25, 101, 0.05, ScalarType.Float64));
        Assert.That(taps.Sum(), Is.EqualTo(1).Within(1e-12));
        // Symmetric up to the periodic window, whose first tap has no partner at the end.
        Assert.That(taps.Length, Is.EqualTo(101));
        Assert.That(taps[50], Is.EqualTo(taps.Max()));
    }

    [Test]
    public void ItAgreesWithItsFormula()
    {
        using var scope = NewDisposeScope();
        const int Width = 7;
        double[] Low(double cutoff)
        {
            double[] h = [.. Enumerable.Range(0, Width).Select(i =>
            {
                double n = i - 3, a = 2 * Math.PI * i / Width;
                return (n == 0 ? 1 : Math.Sin(3 * cutoff * n) / (3 * cutoff * n)) * (0.42 - 0.5 * Math.Cos(a) + 0.08 * Math.Cos(2 * a));
            })];
            return [.. h.Select(v => v / h.Sum())];
        }
        double[] low = Low(0.3), high = Low(0.5);
        double[] expected = [.. low.Select((v, i) => v - high[i] + (i == 3 ? 1 : 0))];
        Assert.That(Values(Functional.NotchFilter(0.3, Width, 0.1, ScalarType.Float64)), Is.EqualTo(expected).Within(1e-14));
    }

    [TestCase(ScalarType.Float32)]
    [TestCase(ScalarType.Float64)]
    [TestCase(ScalarType.BFloat16)]
    [TestCase(ScalarType.Float16)]
    public void ShapeAndTypeAreThoseAskedFor(ScalarType dtype)
    {
        using var filter = Functional.NotchFilter(1, 5, dtype: dtype);
        Assert.That(filter.shape, Is.EqualTo([1L, 5, 1]));
        Assert.That(filter.dtype, Is.EqualTo(dtype));
    }

    [Test]
    public void OneTapAndNoWidthLeaveTheSignal()
    {
        using var scope = NewDisposeScope();
        Assert.That(Values(Functional.NotchFilter(0.5, 1)), Is.EqualTo([1.0]));
        Assert.That(Values(Functional.NotchFilter(0.5, 5, 0)), Is.EqualTo([0.0, 0, 1, 0, 0]));
    }

    [TestCase(0.0, 101, 0.05)]
    [TestCase(-0.1, 101, 0.05)]
    [TestCase(1.1, 101, 0.05)]
    [TestCase(double.NaN, 101, 0.05)]
    [TestCase(0.5, 100, 0.05)]
    [TestCase(0.5, -1, 0.05)]
    [TestCase(0.5, 101, -0.1)]
    [TestCase(0.5, 101, 1.5)]
    public void BadArgumentsAreRefused(double notchFreq, int filterWidth, double notchWidth) =>
        Assert.That(() => Functional.NotchFilter(notchFreq, filterWidth, notchWidth), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void ATypeThatCanNotHoldAFilterIsRefused() =>
        Assert.That(() => Functional.NotchFilter(0.5, dtype: ScalarType.Int64), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void NothingIsLeftAlive() => LeakCheck.IsClean(() => Functional.NotchFilter(0.3, 11));

    /// <summary>The size of the frequency response at a part of the Nyquist frequency.</summary>
    private static double Gain(double[] taps, double frequency)
    {
        double re = 0, im = 0;
        for (int n = 0; n < taps.Length; n++)
        {
            re += taps[n] * Math.Cos(Math.PI * frequency * n);
            im += taps[n] * Math.Sin(Math.PI * frequency * n);
        }
        return Math.Sqrt(re * re + im * im);
    }
}
