namespace SpeechBrain.Sharp.Tests.Features;

/// <summary>
/// STFT and filterbank by their definitions, in float64: a sum for each bin, a loop for each filter. Written from the formulas, not from the library.
/// </summary>
internal static class ReferenceFeatures
{
    /// <returns><c>[frames][bins]</c> real and imaginary parts.</returns>
    internal static (double Re, double Im)[][] Stft(double[] x, int window, int hop, int points, bool center)
    {
        int pad = center ? points / 2 : 0;
        double[] padded = [.. new double[pad], .. x, .. new double[pad]];
        int frames = 1 + (padded.Length - points) / hop;
        int offset = (points - window) / 2;     // a short window sits in the middle of its frame
        var result = new (double, double)[frames][];
        for (int t = 0; t < frames; t++)
        {
            result[t] = new (double, double)[points / 2 + 1];
            for (int k = 0; k <= points / 2; k++)
            {
                double re = 0, im = 0;
                for (int i = 0; i < window; i++)
                {
                    double value = padded[t * hop + offset + i] * (0.54 - 0.46 * Math.Cos(2 * Math.PI * i / window));
                    double angle = -2 * Math.PI * ((long)k * (offset + i) % points) / points;
                    re += value * Math.Cos(angle);
                    im += value * Math.Sin(angle);
                }
                result[t][k] = (re, im);
            }
        }
        return result;
    }

    /// <returns><c>[bins][mels]</c>, symmetric triangles as wide as the distance to the left neighbour.</returns>
    internal static double[][] Triangles(int mels, int points, double sampleRate, double low, double high)
    {
        double[] edges = [.. Enumerable.Range(0, mels + 2).Select(i => Hertz(Mel(low) + (Mel(high) - Mel(low)) * i / (mels + 1)))];
        int bins = points / 2 + 1;
        return [.. Enumerable.Range(0, bins).Select(k => Enumerable.Range(1, mels).Select(m =>
            Math.Max(0, 1 - Math.Abs(k * Math.Floor(sampleRate / 2) / (bins - 1) - edges[m]) / (edges[m] - edges[m - 1]))).ToArray())];

        static double Mel(double hertz) => 2595 * Math.Log10(1 + hertz / 700);
        static double Hertz(double mel) => 700 * (Math.Pow(10, mel / 2595) - 1);
    }

    /// <returns><c>[frames][mels]</c> in dB.</returns>
    internal static double[][] Fbank(double[] x, int window, int hop, int points, int mels, double sampleRate, double topDb = 80)
    {
        double[][] triangles = Triangles(mels, points, sampleRate, 0, Math.Floor(sampleRate / 2));
        double[][] decibels = [.. Stft(x, window, hop, points, true).Select(frame => Enumerable.Range(0, mels).Select(m =>
            10 * Math.Log10(Math.Max(1e-10, frame.Select((v, k) => (v.Re * v.Re + v.Im * v.Im) * triangles[k][m]).Sum()))).ToArray())];
        double floor = decibels.Max(f => f.Max()) - topDb;
        return [.. decibels.Select(f => f.Select(v => Math.Max(v, floor)).ToArray())];
    }
}
