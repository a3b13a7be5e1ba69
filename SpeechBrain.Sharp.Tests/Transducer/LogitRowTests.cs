using System.Numerics;
using System.Runtime.Intrinsics;
using NUnit.Framework;
using SpeechBrain.Sharp.Transducer;

namespace SpeechBrain.Sharp.Tests.Transducer;

/// <summary>Both loops in both widths, whichever of them this machine would choose.</summary>
[TestFixture(true)]
[TestFixture(false)]
public sealed unsafe class LogitRowTests(bool wide)
{
    [Test]
    public void TheNormaliserIsTheLogSumExpForEveryLength()
    {
        var random = new Random(1);
        foreach (int count in (int[])[.. Enumerable.Range(1, 70), 1000, 1024, 5003])
        {
            float[] logits = [.. Enumerable.Range(0, count).Select(_ => (float)(6 * random.NextDouble() - 3))];
            var (max, others) = Normalize(logits);
            Assert.That(max, Is.EqualTo(logits.Max()));
            double exact = logits.Sum(x => Math.Exp((double)x - max)) - 1;
            Assert.That(others, Is.EqualTo(exact).Within(1e-6 * exact + 1e-15), $"{count} outputs");
            var (wideMax, wideOthers) = Normalize(Array.ConvertAll(logits, x => (double)x));
            Assert.That(wideMax, Is.EqualTo(max));
            Assert.That(wideOthers, Is.EqualTo(exact).Within(1e-14 * exact + 1e-15), $"{count} outputs");
        }
    }

    [Test]
    public void EqualLargestLogitsAllCount()
    {
        foreach (int count in (int[])[2, 16, 33])
            Assert.That(Normalize([.. Enumerable.Repeat(2.5f, count)]), Is.EqualTo((2.5f, count - 1.0)));
    }

    [Test]
    public void WhatLittleASureModelLeavesIsNotLost()
    {
        float[] logits = [.. Enumerable.Repeat(-40f, 31), 0f, .. Enumerable.Repeat(-40f, 8)];
        Assert.That(Normalize(logits).Others, Is.EqualTo(39 * Math.Exp(-40)).Within(1e-4).Percent);
    }

    [Test]
    public void OutputsOfMinusInfinityAddNothingAndNothingElseIsFinite()
    {
        for (int place = 0; place < 20; place++)
        {
            float[] logits = [.. Enumerable.Range(0, 20).Select(i => i == place ? float.NegativeInfinity : -i)];
            float top = place == 0 ? -1 : 0;
            double exact = Enumerable.Range(0, 20).Where(i => i != place).Sum(i => Math.Exp(-i - top)) - 1;
            Assert.That(Normalize(logits).Others, Is.EqualTo(exact).Within(1e-6));
            logits[place] = float.NaN;
            Assert.That(Normalize(logits).Others, Is.NaN);
            logits[place] = float.PositiveInfinity;
            Assert.That(Normalize(logits).Others, Is.NaN);
        }
        Assert.That(Normalize([.. Enumerable.Repeat(float.NegativeInfinity, 20)]).Others, Is.NaN);
    }

    [Test]
    public void TheGradientRowIsTheLimitedWeightedSoftmaxInPlaceOrNot([Values] bool inPlace)
    {
        var random = new Random(2);
        foreach (int count in (int[])[.. Enumerable.Range(1, 40), 1000])
        {
            float[] logits = [.. Enumerable.Range(0, count).Select(_ => (float)(6 * random.NextDouble() - 3))];
            float[] original = [.. logits], gradient = inPlace ? logits : new float[count];
            fixed (float* x = logits, y = gradient)
            {
                if (wide)
                    LogitRow<float>.Gradient<Vector512<float>, Lanes512<float>>(x, y, count, 3f, 0.7f, 0.1f, -2f);
                else
                    LogitRow<float>.Gradient<Vector<float>, LanesNative<float>>(x, y, count, 3f, 0.7f, 0.1f, -2f);
            }
            for (int i = 0; i < count; i++)
            {
                double exact = -2 * Math.Min(0.7 * Math.Exp((double)original[i] - 3), 0.1);
                Assert.That(gradient[i], Is.EqualTo(exact).Within(4e-7 * Math.Abs(exact)));
            }
            Assert.That(inPlace || logits.SequenceEqual(original));
        }
    }

    private (float Max, double Others) Normalize(float[] logits)
    {
        fixed (float* x = logits)
            return wide
                ? LogitRow<float>.Normalize<Vector512<float>, Lanes512<float>>(x, logits.Length)
                : LogitRow<float>.Normalize<Vector<float>, LanesNative<float>>(x, logits.Length);
    }

    private (double Max, double Others) Normalize(double[] logits)
    {
        fixed (double* x = logits)
            return wide
                ? LogitRow<double>.Normalize<Vector512<double>, Lanes512<double>>(x, logits.Length)
                : LogitRow<double>.Normalize<Vector<double>, LanesNative<double>>(x, logits.Length);
    }
}
