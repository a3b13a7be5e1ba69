namespace SpeechBrain.Sharp.Tests.Transducer;

/// <summary>
/// Every alignment of a small utterance, one after another: the sum of their probabilities and the share of them that takes each arc. With a
/// window a frame, alignments that leave it are left out.
/// </summary>
internal sealed class NaivePaths
{
    private readonly double[,] blank, label;
    private readonly Func<int, int, bool> isKept;
    private readonly int frames, labels;
    private readonly List<(int T, int U, bool IsBlank)> arcs = [];

    /// <param name="blank">Log-probabilities [frame, row].</param>
    /// <param name="label">Log-probabilities [frame, row].</param>
    /// <param name="isKept">Whether a node (frame, row) exists; null: all do.</param>
    public NaivePaths(double[,] blank, double[,] label, Func<int, int, bool>? isKept = null)
    {
        (this.blank, this.label, this.isKept) = (blank, label, isKept ?? ((_, _) => true));
        (frames, labels) = (blank.GetLength(0), blank.GetLength(1) - 1);
        (BlankShare, LabelShare) = (new double[frames, labels + 1], new double[frames, labels + 1]);
        if (this.isKept(0, 0))
            Walk(0, 0, 0);
        foreach (double[,] share in (double[][,])[BlankShare, LabelShare])
            for (int t = 0; t < frames; t++)
                for (int u = 0; u <= labels; u++)
                    share[t, u] /= Total;
    }

    /// <summary>Sum of the alignments' probabilities.</summary>
    public double Total { get; private set; }

    /// <summary>Share of the probability that takes the blank of a node.</summary>
    public double[,] BlankShare { get; }

    /// <summary>Share of the probability that takes the label of a node.</summary>
    public double[,] LabelShare { get; }

    private void Walk(int t, int u, double log)
    {
        if (t == frames - 1 && u == labels)
        {
            double probability = Math.Exp(log + blank[t, u]);
            Total += probability;
            BlankShare[t, u] += probability;
            foreach (var (at, row, isBlank) in arcs)
                (isBlank ? BlankShare : LabelShare)[at, row] += probability;
            return;
        }
        if (t < frames - 1 && isKept(t + 1, u))
            Step(t + 1, u, log + blank[t, u], (t, u, true));
        if (u < labels && isKept(t, u + 1))
            Step(t, u + 1, log + label[t, u], (t, u, false));
    }

    private void Step(int t, int u, double log, (int, int, bool) arc)
    {
        arcs.Add(arc);
        Walk(t, u, log);
        arcs.RemoveAt(arcs.Count - 1);
    }
}
