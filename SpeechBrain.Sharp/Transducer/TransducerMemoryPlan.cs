using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Transducer;

/// <summary>
/// What <see cref="FusedTransducerLoss"/> will take of memory for a batch, and in what slices it will go through it: known from the lengths, before
/// anything is computed.
/// </summary>
/// <remarks>
/// <code>
/// var plan = TransducerMemoryPlan.For(inputLens, targetLens, vocabulary: 1000, jointDim: 640);
/// Console.WriteLine(plan);
/// // RNN-T loss of 16 utterances, up to 400 frames and 60 labels, 1000 outputs, joint of 640, Float32
/// //   logits           93.1 MiB   16 slices of 1 utterance
/// //   joint            31.6 MiB   53 frames at once
/// //   lattice           0.9 MiB
/// //   gradients        20.5 MiB
/// //   together        146.0 MiB   unfused: 4920.1 MiB, 33.7 times as much
/// </code>
/// Counted is what is alive at the same time between the inputs and the loss, with the engine that <see cref="TransducerLossEngine.Auto"/> chooses;
/// not counted are the inputs themselves, the working memory of libtorch's matrix products, and what the allocator holds back.
/// </remarks>
public sealed class TransducerMemoryPlan
{
    private const long MiB = 1 << 20;

    // What goes through the joint at once, in bytes of one of the four tensors that live then (before and after the nonlinearity, and both
    // gradients): enough rows for a fast matrix product, few enough for a CPU's third-level cache.
    private const long CpuRunBytes = 8 * MiB, DeviceRunBytes = 32 * MiB;
    private const long TensorsOfRun = 4;

    // On devices other than the CPU a slice holds several utterances up to this size, so that their lattices are computed together.
    private const long DeviceSliceBytes = 512 * MiB;

    // Bytes a node: of the CPU engine, and of the tensor operations of LatticeLogits and TransducerLattice, mostly in float64.
    private const long CpuLatticeBytes = 40, TensorLatticeBytes = 376;

    private const double MostElements = 1L << 52;

    private readonly long elementSize, latticeBytes;
    private readonly TransducerMemorySlice largest;

    private TransducerMemoryPlan(
        long[] inputLens, long[] targetLens, long vocabulary, long jointDim, ScalarType dtype, Device device, bool withGradients, bool perUtterance,
        long? budget)
    {
        (Batch, Vocabulary, JointDim, Dtype) = (inputLens.Length, vocabulary, jointDim, dtype);
        (MaxFrames, MaxLabels) = (inputLens.Max(), targetLens.Max());
        elementSize = dtype.ElementSize();
        bool isCpu = device.type == DeviceType.CPU;
        latticeBytes = isCpu ? CpuLatticeBytes : TensorLatticeBytes;
        long outputLayers = perUtterance ? Batch : 1;
        GradientBytes = withGradients
            ? (Batch * (MaxFrames + MaxLabels + 1) * jointDim + outputLayers * vocabulary * (jointDim + 1)) * Math.Max(4, elementSize)
            : 0;
        Slices = new Slicer(this, inputLens, targetLens, isCpu ? CpuRunBytes : DeviceRunBytes, isCpu ? 0 : DeviceSliceBytes, budget).Slices();
        largest = Slices.MaxBy(s => Bytes(s, s.LogitNodes))!;
    }

    /// <summary>Utterances.</summary>
    public long Batch { get; }

    /// <summary>Frames of the longest utterance.</summary>
    public long MaxFrames { get; }

    /// <summary>Labels of the longest utterance.</summary>
    public long MaxLabels { get; }

    /// <summary>Outputs.</summary>
    public long Vocabulary { get; }

    /// <summary>Width of what the output layer gets.</summary>
    public long JointDim { get; }

    /// <summary>Of the inputs.</summary>
    public ScalarType Dtype { get; }

    /// <summary>The slices, in the order in which they are computed: utterances with many nodes first.</summary>
    public IReadOnlyList<TransducerMemorySlice> Slices { get; }

    /// <summary>Of the slice that takes most: its logits, whose place their gradient takes.</summary>
    public long LogitBytes => largest.LogitNodes * Vocabulary * elementSize;

    /// <summary>Of the same slice: what lives in the joint at the same time.</summary>
    public long JointBytes => RunBytes(largest);

    /// <summary>Of the same slice: normalisers, arcs and posteriors.</summary>
    public long LatticeBytes => LatticeBytesOf(largest);

    /// <summary>Gradients of both sides and of the output layer, kept until the backward pass.</summary>
    public long GradientBytes { get; }

    /// <summary>All of it: the most memory that the loss takes besides its inputs.</summary>
    public long TotalBytes => LogitBytes + JointBytes + LatticeBytes + GradientBytes;

    /// <summary>
    /// What joint, output layer and <see cref="TransducerLoss"/> take one after another for the padded batch, forward and backward: logits and their
    /// gradient beside the joint before and after its nonlinearity, or one of each beside two gradients in the joint.
    /// </summary>
    public long UnfusedBytes =>
        Batch * MaxFrames * (MaxLabels + 1) * (Math.Max(2 * Vocabulary + 2 * JointDim, Vocabulary + 3 * JointDim) * elementSize + latticeBytes)
        + GradientBytes;

    /// <summary>Plans a batch.</summary>
    /// <param name="inputLens">Frames of each utterance, at least 1.</param>
    /// <param name="targetLens">Labels of each utterance, at least 0.</param>
    /// <param name="vocabulary">Number of outputs.</param>
    /// <param name="jointDim">Width of what the output layer gets.</param>
    /// <param name="dtype">Of the inputs; float32 by default.</param>
    /// <param name="device">Where the inputs lie; the CPU by default.</param>
    /// <param name="withGradients">Whether gradients will be asked for, of all inputs.</param>
    /// <param name="reduction">Without reduction the output layer's gradient is kept of each utterance.</param>
    /// <param name="budget">
    /// Bytes that <see cref="TotalBytes"/> may reach. Null: as many as the largest utterance needs (or, not on the CPU, 512 MiB if that is more), so
    /// that nothing is computed twice. With less, utterances whose logits do not fit are cut along time.
    /// </param>
    /// <exception cref="ArgumentException">Lengths, sizes or dtype are out of range, or the budget is too small.</exception>
    public static TransducerMemoryPlan For(
        long[] inputLens, long[] targetLens, long vocabulary, long jointDim, ScalarType dtype = ScalarType.Float32, Device? device = null,
        bool withGradients = true, LossReduction reduction = LossReduction.Mean, long? budget = null)
    {
        ArgumentNullException.ThrowIfNull(inputLens);
        ArgumentNullException.ThrowIfNull(targetLens);
        if (inputLens.Length == 0 || inputLens.Length != targetLens.Length)
            throw new ArgumentException(
                $"inputLens has {inputLens.Length} items and targetLens {targetLens.Length}; one of each for every utterance is needed.",
                nameof(targetLens));
        for (int i = 0; i < inputLens.Length; i++)
        {
            Require.Range(inputLens[i], $"inputLens[{i}]", 1);
            Require.Range(targetLens[i], $"targetLens[{i}]", 0);
        }
        Require.Range(vocabulary, nameof(vocabulary), 1);
        Require.Range(jointDim, nameof(jointDim), 1);
        TransducerLossArguments.CheckReduction(reduction);
        if (!Require.IsReal(dtype))
            throw new ArgumentOutOfRangeException(nameof(dtype), dtype, "dtype must be float32, float64, bfloat16 or float16.");
        // Below it every number of bytes here fits 64 bits.
        double nodes = (double)inputLens.Length * inputLens.Max() * (targetLens.Max() + 1.0), width = (double)vocabulary + jointDim;
        if (nodes * width > MostElements || (double)inputLens.Length * vocabulary * jointDim > MostElements)
            throw new ArgumentException(
                $"{inputLens.Length} utterances of up to {inputLens.Max()} frames and {targetLens.Max()} labels, with {vocabulary} outputs and a "
                + $"joint of {jointDim}, are more than any memory holds; are the lengths absolute?", nameof(inputLens));
        return new(
            inputLens, targetLens, vocabulary, jointDim, dtype, device ?? CPU, withGradients, reduction == LossReduction.None, budget);
    }

    /// <summary>A table, as in the remarks.</summary>
    public override string ToString()
    {
        int most = Slices.Max(s => s.Utterances.Count);
        int cut = Slices.Count(s => s.IsCut);
        string slices = $"{Slices.Count} slice{(Slices.Count == 1 ? "" : "s")} of {(most == 1 ? "1 utterance" : $"up to {most} utterances")}"
            + (cut > 0 ? $", {cut} cut along time and computed twice" : "");
        return string.Join(Environment.NewLine,
            $"RNN-T loss of {Batch} utterances, up to {MaxFrames} frames and {MaxLabels} labels, {Vocabulary} outputs, joint of {JointDim}, {Dtype}",
            Row("logits", LogitBytes, slices),
            Row("joint", JointBytes, $"{Slices.Max(s => s.FramesAtOnce)} frames at once"),
            Row("lattice", LatticeBytes, ""),
            Row("gradients", GradientBytes, ""),
            Row("together", TotalBytes, FormattableString.Invariant(
                $"unfused: {(double)UnfusedBytes / MiB:F1} MiB, {(double)UnfusedBytes / TotalBytes:F1} times as much")));

        static string Row(string name, long bytes, string remark) =>
            string.Create(CultureInfo.InvariantCulture, $"  {name,-10} {(double)bytes / MiB,10:F1} MiB   {remark}").TrimEnd();
    }

    /// <summary>Whether a slice may have its logits in memory for that many nodes without taking more than the largest slice does.</summary>
    internal bool Fits(TransducerMemorySlice slice, long logitNodes) =>
        logitNodes >= slice.LogitNodes && Bytes(slice, logitNodes) <= Bytes(largest, largest.LogitNodes);

    private long RunBytes(TransducerMemorySlice slice) => TensorsOfRun * slice.FramesAtOnce * slice.Rows * JointDim * elementSize;

    private long LatticeBytesOf(TransducerMemorySlice slice) => slice.LatticeNodes * (slice.IsCut ? TensorLatticeBytes : latticeBytes);

    private long Bytes(TransducerMemorySlice slice, long logitNodes) =>
        logitNodes * Vocabulary * elementSize + RunBytes(slice) + LatticeBytesOf(slice);

    /// <summary>Finds the slices: utterances by size, several together where that is asked for, cut where they do not fit.</summary>
    private sealed class Slicer(TransducerMemoryPlan plan, long[] frames, long[] labels, long runBytes, long togetherBytes, long? budget)
    {
        public IReadOnlyList<TransducerMemorySlice> Slices()
        {
            int[] order = [.. Enumerable.Range(0, frames.Length).OrderByDescending(b => frames[b] * (labels[b] + 1)).ThenBy(b => b)];
            long limit = budget - plan.GradientBytes ?? Math.Max(togetherBytes, order.Max(b => Bytes(Whole([b]))));
            List<TransducerMemorySlice> slices = [];
            for (int i = 0; i < order.Length;)
            {
                var slice = Fitted(order[i++], limit);
                while (togetherBytes > 0 && !slice.IsCut && i < order.Length
                    && Whole([.. slice.Utterances, order[i]]) is var more && Bytes(more) <= limit)
                {
                    (slice, i) = (more, i + 1);
                }
                slices.Add(slice);
            }
            return slices;
        }

        private TransducerMemorySlice Whole(int[] utterances)
        {
            var (time, rows) = (utterances.Max(b => frames[b]), utterances.Max(b => labels[b]) + 1);
            return new(utterances, time, rows, FramesAtOnce(time, rows), IsCut: false);
        }

        // As large as the limit allows: whole, or whole with a shorter run, or cut into runs.
        private TransducerMemorySlice Fitted(int utterance, long limit)
        {
            var whole = Whole([utterance]);
            TransducerMemorySlice[] kinds = [whole, whole with { IsCut = true }];
            foreach (var slice in kinds)
                for (long run = slice.FramesAtOnce; run >= 1; run /= 2)
                    if (Bytes(slice with { FramesAtOnce = run }) <= limit)
                        return slice with { FramesAtOnce = run };
            long least = kinds.Min(slice => Bytes(slice with { FramesAtOnce = 1 })) + plan.GradientBytes;
            throw new ArgumentOutOfRangeException(
                nameof(budget), budget,
                $"budget must be at least {least} bytes, for one frame at a time of utterance {utterance} and the gradients.");
        }

        private long Bytes(TransducerMemorySlice slice) => plan.Bytes(slice, slice.LogitNodes);

        private long FramesAtOnce(long time, long rows) => Math.Clamp(runBytes / (rows * plan.JointDim * plan.elementSize), 1, time);
    }
}
