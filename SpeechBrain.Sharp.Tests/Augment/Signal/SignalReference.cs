namespace SpeechBrain.Sharp.Tests.Augment.Signal;

/// <summary>The signal functions as loops over one channel, written from their formulas.</summary>
internal static class SignalReference
{
    /// <summary>y[t] = sum over k of x[stride t + k] h[k], x with zeros around it.</summary>
    internal static double[] Correlate(double[] x, double[] h, int left, int right, int stride)
    {
        int count = (x.Length + left + right - h.Length) / stride + 1;
        var y = new double[count];
        for (int t = 0; t < count; t++)
            for (int k = 0; k < h.Length; k++)
                if (t * stride + k - left is var i && i >= 0 && i < x.Length)
                    y[t] += x[i] * h[k];
        return y;
    }

    /// <summary>y[t] = sum over k of x[(t - k) mod T] h[k + rotation], taps before the rotation index having negative delays.</summary>
    internal static double[] Circular(double[] x, double[] h, int rotation)
    {
        var y = new double[x.Length];
        for (int t = 0; t < x.Length; t++)
            for (int k = 0; k < Math.Min(h.Length, x.Length); k++)
                y[t] += x[((t - (k - rotation)) % x.Length + x.Length) % x.Length] * h[k];
        return y;
    }

    /// <summary>Linear convolution with the largest tap at delay 0, cut to the length of x.</summary>
    internal static double[] Room(double[] x, double[] rir)
    {
        int direct = Array.IndexOf(rir, rir.MaxBy(Math.Abs));
        var y = new double[x.Length];
        for (int t = 0; t < x.Length; t++)
            for (int k = 0; k < rir.Length; k++)
                if (t - (k - direct) is var i && i >= 0 && i < x.Length)
                    y[t] += x[i] * rir[k];
        return y;
    }
}
