namespace SpeechBrain.Sharp.Tests.Resampling;

/// <summary>
/// The sum that resampling is, term by term in float64: no table, no phases, no convolution. Written from the formula, not from the library.
/// </summary>
internal static class ReferenceResampler
{
    internal static double[] Apply(double[] x, long origFreq, long newFreq, int width = 6, double rolloff = 0.99, double? kaiserBeta = null)
    {
        long divisor = (long)System.Numerics.BigInteger.GreatestCommonDivisor(origFreq, newFreq);
        long o = origFreq / divisor, n = newFreq / divisor;
        double b = Math.Min(o, n) * rolloff;
        var y = new double[(n * x.Length + o - 1) / o];
        for (long j = 0; j < y.Length; j++)
        {
            for (long i = 0; i < x.Length; i++)
            {
                double t = b * (i * n - j * o) / (o * n);
                if (Math.Abs(t) < width)
                    y[j] += x[i] * Sinc(t) * Window(t) * b / o;
            }
        }
        return y;

        double Window(double t) => kaiserBeta is { } beta
            ? Bessel(beta * Math.Sqrt(1 - t / width * (t / width))) / Bessel(beta)
            : Math.Pow(Math.Cos(Math.PI * t / (2 * width)), 2);
    }

    private static double Sinc(double t) => t == 0 ? 1 : Math.Sin(Math.PI * t) / (Math.PI * t);

    // I0(x) = 1/pi times the integral of exp(x cos a) over a in [0, pi]; the trapezoid rule converges exponentially on a period.
    private static double Bessel(double x)
    {
        const int Steps = 256;
        double sum = (Math.Exp(x) + Math.Exp(-x)) / 2;
        for (int k = 1; k < Steps; k++)
            sum += Math.Exp(x * Math.Cos(Math.PI * k / Steps));
        return sum / Steps;
    }
}
