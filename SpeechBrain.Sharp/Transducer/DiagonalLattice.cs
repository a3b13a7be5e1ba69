using System.Numerics;

namespace SpeechBrain.Sharp.Transducer;

/// <summary>
/// The RNN-T lattice of one utterance in float64, diagonal by diagonal: the nodes of a diagonal t + u = d depend on those of d - 1 alone, so that
/// a vector of them is computed at once.
/// </summary>
/// <remarks>
/// <para>
/// Memory: diagonal after diagonal, T + U of them, each of <see cref="Width"/> numbers in which label u stands at u + 1. The log-probability of
/// every arc that leads out of the lattice, or that starts outside, is minus infinity, and so the recurrences need not know where the lattice ends:
/// </para>
/// <code>
/// alpha[d, u] = logadd(alpha[d - 1, u] + blank[d - 1, u], alpha[d - 1, u - 1] + label[d - 1, u - 1])    alpha[0, 0] = 0
/// beta[d, u]  = logadd(blank[d, u] + beta[d + 1, u], label[d, u] + beta[d + 1, u + 1])                  beta[T + U, U] = 0
/// </code>
/// <para>
/// Each node costs two exponentials and two logarithms, and two exponentials more for its posteriors: some 20 cycles. Errors are those of
/// float64 additions, about 1e-16 of the largest |alpha| a step.
/// </para>
/// </remarks>
internal static unsafe class DiagonalLattice
{
    private static int Lanes => Vector<double>.Count;

    /// <summary>Numbers a diagonal: U + 1 in whole vectors, and one more at each end.</summary>
    internal static int Width(int labels) => (labels + Lanes) / Lanes * Lanes + 2;

    /// <summary>Numbers in all.</summary>
    internal static long Size(int frames, int labels) => (long)(frames + labels) * Width(labels);

    /// <summary>Where a node's number stands.</summary>
    internal static long Index(int frame, int label, int width) => (long)(frame + label) * width + label + 1;

    /// <summary>Computes alpha.</summary>
    /// <returns>The log-likelihood of the utterance.</returns>
    internal static double Forward(double* blank, double* label, double* alpha, int frames, int labels)
    {
        int width = Width(labels), end = width - 1;
        new Span<double>(alpha, width).Fill(double.NegativeInfinity);
        alpha[1] = 0;
        for (int d = 1; d < frames + labels; d++)
        {
            double* before = alpha;
            alpha += width;
            alpha[0] = alpha[end] = double.NegativeInfinity;
            for (int i = 1; i < end; i += Lanes)
            {
                var byBlank = Vector.Load(before + i) + Vector.Load(blank + i);
                var byLabel = Vector.Load(before + i - 1) + Vector.Load(label + i - 1);
                Vector.Store(VectorMath.LogAdd(byBlank, byLabel), alpha + i);
            }
            blank += width;
            label += width;
        }
        return alpha[labels + 1] + blank[labels + 1];
    }

    /// <summary>
    /// Computes beta and writes over the arcs' log-probabilities their posteriors, the probability that a path of the utterance takes them; 0 outside
    /// the lattice; NaN everywhere if <paramref name="logLikelihood"/> is not finite.
    /// </summary>
    internal static void Posteriors(double* blank, double* label, double* alpha, int frames, int labels, double logLikelihood)
    {
        int width = Width(labels), end = width - 1;
        if (!double.IsFinite(logLikelihood))
        {
            for (long i = 0; i < Size(frames, labels); i++)
                blank[i] = label[i] = double.NaN;
            return;
        }
        double[] rows = new double[2 * width];
        Array.Fill(rows, double.NegativeInfinity);
        rows[labels + 1] = 0;
        var total = new Vector<double>(logLikelihood);
        fixed (double* first = rows)
        {
            double* after = first, beta = first + width;
            for (int d = frames + labels - 1; d >= 0; d--)
            {
                double* blankArcs = blank + (long)d * width, labelArcs = label + (long)d * width, reached = alpha + (long)d * width;
                for (int i = 1; i < end; i += Lanes)
                {
                    var byBlank = Vector.Load(blankArcs + i) + Vector.Load(after + i);
                    var byLabel = Vector.Load(labelArcs + i) + Vector.Load(after + i + 1);
                    Vector.Store(VectorMath.LogAdd(byBlank, byLabel), beta + i);
                    var share = Vector.Load(reached + i) - total;
                    Vector.Store(Vector.Exp(share + byBlank), blankArcs + i);
                    Vector.Store(Vector.Exp(share + byLabel), labelArcs + i);
                }
                double* next = beta;
                beta = after;
                after = next;
            }
        }
    }
}
