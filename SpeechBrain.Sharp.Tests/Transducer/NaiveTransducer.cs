namespace SpeechBrain.Sharp.Tests.Transducer;

/// <summary>
/// The RNN-T loss as its definition reads: log-softmax, two loops over the lattice, gradient by the posteriors of the arcs; float64, one
/// utterance, no batch. Slow and plain, to compare with.
/// </summary>
internal static class NaiveTransducer
{
    /// <param name="logits">Row-major <c>[frames, labels.Length + 1, outputs]</c>.</param>
    /// <param name="fastEmit">The gradient by way of the label arcs counts 1 + this.</param>
    /// <returns>Negative log-likelihood, and its gradient in the shape of the logits.</returns>
    public static (double Loss, double[] Gradient) Loss(double[] logits, int frames, int outputs, int[] labels, int blank, double fastEmit = 0)
    {
        int rows = labels.Length + 1;
        int At(int t, int u, int k) => ((t * rows) + u) * outputs + k;
        double[] log = new double[logits.Length];
        for (int node = 0; node < frames * rows; node++)
        {
            double[] own = logits[(node * outputs)..((node + 1) * outputs)];
            double max = own.Max(), others = 0;
            int first = Array.IndexOf(own, max);
            for (int k = 0; k < outputs; k++)
                others += k == first ? 0 : Math.Exp(own[k] - max);
            for (int k = 0; k < outputs; k++)
                log[node * outputs + k] = own[k] - max - Log1P(others);
        }

        double[,] alpha = new double[frames, rows], beta = new double[frames + 1, rows + 1];
        for (int t = 0; t < frames; t++)
        {
            for (int u = 0; u < rows; u++)
            {
                double fromBlank = t > 0 ? alpha[t - 1, u] + log[At(t - 1, u, blank)] : double.NegativeInfinity;
                double fromLabel = u > 0 ? alpha[t, u - 1] + log[At(t, u - 1, labels[u - 1])] : double.NegativeInfinity;
                alpha[t, u] = t == 0 && u == 0 ? 0 : LogAdd(fromBlank, fromLabel);
            }
        }
        for (int t = frames; t >= 0; t--)
        {
            for (int u = rows; u >= 0; u--)
            {
                if (t == frames || u == rows)
                {
                    beta[t, u] = t == frames && u == rows - 1 ? 0 : double.NegativeInfinity;
                    continue;
                }
                double byLabel = u < rows - 1 ? log[At(t, u, labels[u])] + beta[t, u + 1] : double.NegativeInfinity;
                beta[t, u] = LogAdd(log[At(t, u, blank)] + beta[t + 1, u], byLabel);
            }
        }

        double total = beta[0, 0];
        double[] gradient = new double[logits.Length];
        for (int t = 0; t < frames; t++)
        {
            for (int u = 0; u < rows; u++)
            {
                double byBlank = Math.Exp(alpha[t, u] + log[At(t, u, blank)] + beta[t + 1, u] - total);
                double byLabel = u < rows - 1 ? Math.Exp(alpha[t, u] + log[At(t, u, labels[u])] + beta[t, u + 1] - total) * (1 + fastEmit) : 0;
                for (int k = 0; k < outputs; k++)
                    gradient[At(t, u, k)] = Math.Exp(log[At(t, u, k)]) * (byBlank + byLabel);
                gradient[At(t, u, blank)] -= byBlank;
                if (u < rows - 1)
                    gradient[At(t, u, labels[u])] -= byLabel;
            }
        }
        return (-total, gradient);
    }

    private static double LogAdd(double a, double b)
    {
        double max = Math.Max(a, b);
        return double.IsNegativeInfinity(max) ? max : max + Log1P(Math.Exp(Math.Min(a, b) - max));
    }

    // .NET's own is the logarithm of the rounded sum.
    private static double Log1P(double x) => x < 1e-4 ? x - x * x / 2 + x * x * x / 3 - x * x * x * x / 4 : Math.Log(1 + x);
}
