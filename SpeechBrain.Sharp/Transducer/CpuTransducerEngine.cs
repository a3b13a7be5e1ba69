using System.Buffers;
using System.Numerics;
using SpeechBrain.Sharp.Parallelism;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Transducer;

/// <summary>
/// The RNN-T loss of a batch straight from the memory of CPU tensors, in vectors and on torch's number of threads: one pass over the logits for
/// their normalisers and the log-probabilities of the arcs (<see cref="LogitRow{T}"/>), the lattice of each utterance
/// (<see cref="DiagonalLattice"/>), and one pass that writes the gradient. Of each utterance only its own T and U + 1 are read. Deterministic,
/// whatever the number of threads.
/// </summary>
/// <remarks>
/// Memory besides logits and gradient: 40 bytes for each node of the utterances' own lattices, a little more for their corners, of which 8 are
/// given back before the loss is returned.
/// </remarks>
internal sealed unsafe class CpuTransducerEngine
{
    // Logits a part: some milliseconds for all threads together, a fraction of one for each.
    private const long PartElements = 1 << 16;

    // Below this many logits a thread costs more than it saves.
    private const long ElementsPerThread = 1 << 17;

    private readonly LogitsMemory logits;
    private readonly CpuTransducerTargets targets;
    private readonly double* max, rest, blankArcs, labelArcs;

    /// <param name="logits">The logits; a view of the current values, since only addresses are kept.</param>
    /// <param name="targets">What they are scored against.</param>
    /// <param name="normalizers">Float64 <c>[2, targets.Nodes]</c>: the largest logit of each node, and the rest of the sum.</param>
    /// <param name="arcs">
    /// Float64 <c>[2, targets.Arcs]</c>, for blank and label: minus infinity before <see cref="Losses"/>, the posteriors after it.
    /// </param>
    public CpuTransducerEngine(LogitsMemory logits, CpuTransducerTargets targets, Tensor normalizers, Tensor arcs)
    {
        (this.logits, this.targets) = (logits, targets);
        max = (double*)LogitsMemory.Address(normalizers);
        rest = max + targets.Nodes;
        blankArcs = (double*)LogitsMemory.Address(arcs);
        labelArcs = blankArcs + targets.Arcs;
    }

    /// <summary>
    /// Losses of a slice of utterances and the gradient of their weighted sum by the logits, which may take the place of the logits: for callers that
    /// make logits only to score them.
    /// </summary>
    /// <param name="logits">
    /// <c>[batch, T, U + 1, V]</c> float32 (or float64, bfloat16, float16) on the CPU, V contiguous; T and U + 1 at least those of the longest
    /// utterance.
    /// </param>
    /// <param name="targets">Frames and labels of each utterance of the slice.</param>
    /// <param name="weights">By what each utterance's gradient is multiplied; 0 writes zeros, whatever the logits hold.</param>
    /// <param name="gradient">
    /// Of the logits' shape and dtype, V contiguous; written in full, zeros beyond each utterance's own T and U + 1. May be <paramref name="logits"/>
    /// itself.
    /// </param>
    /// <param name="options">FastEmit and clamp.</param>
    /// <returns>Negative log-likelihoods, not weighted: infinity where every path is closed, NaN where a logit is NaN.</returns>
    public static double[] LossAndGradient(
        Tensor logits, CpuTransducerTargets targets, ReadOnlySpan<double> weights, Tensor gradient, TransducerGradientOptions options)
    {
        using var scope = NewDisposeScope();
        var (normalizers, arcs) = (Normalizers(targets), NoArcs(targets));
        var engine = new CpuTransducerEngine(new LogitsMemory(logits), targets, normalizers, arcs);
        double[] losses = engine.Losses(posteriors: true);
        engine.Gradient(weights, new LogitsMemory(gradient), options);
        GC.KeepAlive(logits);
        GC.KeepAlive(gradient);
        return losses;
    }

    /// <summary>Losses of a slice alone; see <see cref="LossAndGradient"/>.</summary>
    public static double[] LossesOf(Tensor logits, CpuTransducerTargets targets)
    {
        using var scope = NewDisposeScope();
        double[] losses = new CpuTransducerEngine(new LogitsMemory(logits), targets, Normalizers(targets), NoArcs(targets)).Losses(posteriors: false);
        GC.KeepAlive(logits);
        return losses;
    }

    /// <summary>Memory for the constructor.</summary>
    public static Tensor Normalizers(CpuTransducerTargets targets) => empty(2, targets.Nodes, dtype: ScalarType.Float64);

    /// <summary>Memory for the constructor.</summary>
    public static Tensor NoArcs(CpuTransducerTargets targets) => full(2, targets.Arcs, double.NegativeInfinity, dtype: ScalarType.Float64);

    /// <summary>The negative log-likelihoods.</summary>
    /// <param name="posteriors">Whether <see cref="Gradient"/> will be called.</param>
    public double[] Losses(bool posteriors)
    {
        Run(utterance => targets.Frames(utterance), (long)targets.Nodes * logits.Outputs, Normalize);
        using var alphas = empty(targets.Arcs, dtype: ScalarType.Float64);
        nint alpha = LogitsMemory.Address(alphas);
        double[] losses = new double[targets.Batch];
        ParallelParts.Run(Threads(targets.Nodes * 64), targets.Batch, b =>
        {
            long start = targets.ArcStart((int)b);
            var (frames, labels) = (targets.Frames((int)b), targets.Labels((int)b).Length);
            double total = DiagonalLattice.Forward(blankArcs + start, labelArcs + start, (double*)alpha + start, frames, labels);
            if (posteriors)
                DiagonalLattice.Posteriors(blankArcs + start, labelArcs + start, (double*)alpha + start, frames, labels, total);
            losses[b] = -total;
        });
        return losses;
    }

    /// <summary>Writes the gradient of the losses' weighted sum; see <see cref="LossAndGradient"/>.</summary>
    public void Gradient(ReadOnlySpan<double> weights, LogitsMemory gradient, TransducerGradientOptions options)
    {
        double[] own = weights.ToArray();
        Run(_ => (int)logits.Frames, logits.Batch * logits.Frames * logits.Rows * logits.Outputs, (utterance, first, end) =>
        {
            if (logits.Dtype == ScalarType.Float64)
                Gradient<double>(utterance, first, end, own[utterance], gradient, options);
            else
                Gradient<float>(utterance, first, end, own[utterance], gradient, options);
        });
    }

    private static int Threads(long elements) => (int)Math.Min(get_num_threads(), elements / ElementsPerThread);

    // body(utterance, first frame, end) for runs of frames that cover each utterance's frames.
    private void Run(Func<int, int> frames, long elements, Action<int, int, int> body)
    {
        int run = (int)Math.Clamp(PartElements / (logits.Rows * logits.Outputs), 1, int.MaxValue);
        List<(int Utterance, int First, int End)> parts = [];
        for (int b = 0; b < targets.Batch; b++)
            for (int first = 0; first < frames(b); first += run)
                parts.Add((b, first, Math.Min(first + run, frames(b))));
        ParallelParts.Run(Threads(elements), parts.Count, part =>
        {
            var (utterance, first, end) = parts[(int)part];
            body(utterance, first, end);
        });
    }

    private void Normalize(int utterance, int first, int end)
    {
        if (logits.Dtype == ScalarType.Float64)
            Normalize<double>(utterance, first, end);
        else
            Normalize<float>(utterance, first, end);
    }

    private void Normalize<T>(int utterance, int first, int end)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int[] labels = targets.Labels(utterance);
        int rows = labels.Length + 1, width = DiagonalLattice.Width(labels.Length), lastFrame = targets.Frames(utterance) - 1;
        long start = targets.ArcStart(utterance);
        float[] widened = ArrayPool<float>.Shared.Rent(IsHalf(logits) ? logits.Outputs : 0);
        double[] logSums = ArrayPool<double>.Shared.Rent(rows + Vector<double>.Count);
        fixed (float* buffer = widened)
        fixed (double* logSum = logSums)
        {
            for (int t = first; t < end; t++)
            {
                long nodes = targets.NodeStart(utterance) + (long)t * rows;
                for (int u = 0; u < rows; u++)
                {
                    T* x = Row<T>(utterance, t, u, buffer);
                    var (largest, others) = LogitRow<T>.Normalize(x, logits.Outputs);
                    double top = double.CreateTruncating(largest);
                    (max[nodes + u], rest[nodes + u], logSum[u]) = (top, others, others);
                    long i = start + DiagonalLattice.Index(t, u, width);
                    // Of the last frame only the last blank leads anywhere.
                    if (t < lastFrame || u == labels.Length)
                        blankArcs[i] = double.CreateTruncating(x[targets.Blank]) - top;
                    if (u < labels.Length)
                        labelArcs[i] = double.CreateTruncating(x[labels[u]]) - top;
                }
                for (int u = 0; u < rows; u += Vector<double>.Count)
                    Vector.Store(VectorMath.Log1P(Vector.Load(logSum + u)), logSum + u);
                for (int u = 0; u < rows; u++)
                {
                    long i = start + DiagonalLattice.Index(t, u, width);
                    blankArcs[i] -= logSum[u];
                    labelArcs[i] -= logSum[u];
                }
            }
        }
        ArrayPool<float>.Shared.Return(widened);
        ArrayPool<double>.Shared.Return(logSums);
    }

    private void Gradient<T>(int utterance, int first, int end, double weight, LogitsMemory gradient, TransducerGradientOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int[] labels = targets.Labels(utterance);
        int rows = labels.Length + 1, width = DiagonalLattice.Width(labels.Length);
        long start = targets.ArcStart(utterance), rowBytes = (long)logits.Outputs * gradient.ElementSize;
        bool half = IsHalf(logits);
        float[] widened = ArrayPool<float>.Shared.Rent(half ? logits.Outputs : 0);
        T limit = T.CreateSaturating(options.Clamp);
        fixed (float* buffer = widened)
        {
            for (int t = first; t < end; t++)
            {
                long nodes = targets.NodeStart(utterance) + (long)t * rows;
                for (int u = 0; u < logits.Rows; u++)
                {
                    byte* target = gradient.Node(utterance, t, u);
                    long i = start + DiagonalLattice.Index(t, u, width);
                    bool inside = t < targets.Frames(utterance) && u < rows && weight != 0;
                    double byBlank = inside ? blankArcs[i] : 0;
                    double byLabel = inside && u < labels.Length ? labelArcs[i] * (1 + options.FastEmit) : 0;
                    double scale = (byBlank + byLabel) / (1 + (inside ? rest[nodes + u] : 0));
                    // Most nodes of a trained model: their gradient is smaller than the least number of the type, and not worth reading for.
                    if (Math.Abs(scale * weight) < Least<T>())
                    {
                        new Span<byte>(target, checked((int)rowBytes)).Clear();
                        continue;
                    }
                    T* x = Row<T>(utterance, t, u, buffer);
                    T* y = half ? x : (T*)target;
                    double top = max[nodes + u];
                    // In float64: where a model is sure, both terms of an arc's own output are nearly equal.
                    double ofBlank = scale * Math.Exp(double.CreateTruncating(x[targets.Blank]) - top) - byBlank;
                    double ofLabel = u < labels.Length ? scale * Math.Exp(double.CreateTruncating(x[labels[u]]) - top) - byLabel : 0;
                    LogitRow<T>.Gradient(x, y, logits.Outputs, T.CreateTruncating(top), T.CreateTruncating(scale), limit, T.CreateTruncating(weight));
                    y[targets.Blank] = T.CreateTruncating(weight * Clamp(ofBlank, options.Clamp));
                    if (u < labels.Length)
                        y[labels[u]] = T.CreateTruncating(weight * Clamp(ofLabel, options.Clamp));
                    if (half)
                        LogitConversion.Narrow(gradient.Dtype, buffer, (ushort*)target, logits.Outputs);
                }
            }
        }
        ArrayPool<float>.Shared.Return(widened);
    }

    private static bool IsHalf(LogitsMemory logits) => logits.ElementSize == 2;

    // A clamp that lets NaN pass.
    private static double Clamp(double value, double limit) => value > limit ? limit : value < -limit ? -limit : value;

    private static double Least<T>() => typeof(T) == typeof(double) ? 2.2250738585072014e-308 : 1.17549435e-38;

    // A row as the loops need it: in place, or widened into the buffer.
    private T* Row<T>(int utterance, int frame, int row, float* buffer)
        where T : unmanaged
    {
        byte* x = logits.Node(utterance, frame, row);
        if (!IsHalf(logits))
            return (T*)x;
        LogitConversion.Widen(logits.Dtype, (ushort*)x, buffer, logits.Outputs);
        return (T*)buffer;
    }
}
