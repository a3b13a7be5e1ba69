namespace SpeechBrain.Sharp.Tests.Transducer;

/// <summary>
/// The RNN-T loss as its definition reads: log-softmax, two loops over the lattice, gradient by the posteriors of the arcs; float64, one
/// utterance, no batch. Slow and plain, to compare with.
/// </summary>
internal static class NaiveTransducer
{
    /// <param name="logits">Row-major <c>[frames, labels.Length + 1, outputs]</c>.</param>
    /// <returns>Negative log-likelihood, and its gradient in the shape of the logits.</returns>
    public static (double Loss, double[] Gradient) Loss(double[] logits, int frames, int outputs, int[] labels, int blank)
    {
        int rows = labels.Length + 1;
        int At(int t, int u, int k) => ((t * rows) + u) * outputs + k;
        double[] log = new double[logits.Length];
        for (int node = 0; node < frames * rows; node++)
        {
            double max = double.NegativeInfinity, sum = 0;
            for (int k = 0; k < outputs; k++)
                max = Math.Max(max, logits[node * outputs + k]);
            for (int k = 0; k < outputs; k++)
                sum += Math.Exp(logits[node * outputs + k] - max);
            for (int k = 0; k < outputs; k++)
                log[node * outputs + k] = logits[node * outputs + k] - max - Math.Log(sum);
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
                double byLabel = u < rows - 1 ? Math.Exp(alpha[t, u] + log[At(t, u, labels[u])] + beta[t, u + 1] - total) : 0;
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
        return double.IsNegativeInfinity(max) ? max : max + Math.Log(Math.Exp(a - max) + Math.Exp(b - max));
    }
}
