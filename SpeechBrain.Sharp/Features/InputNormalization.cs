using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Features;

/// <summary>
/// Normalises features to mean 0 and standard deviation 1: <c>(x - mean) / max(std, epsilon)</c>, with statistics in which padding does not count.
/// </summary>
/// <remarks>
/// <para>
/// SpeechBrain 1.1.0, <c>speechbrain/processing/features.py, InputNormalization</c>. With <see cref="NormType.Global"/> each training batch is
/// first added to the running statistics and then normalised with them, as long as <c>epoch &lt; updateUntilEpoch</c>; the recipe uses 4, so
/// that epochs 1 to 3 count. With relative lengths, valid frames are those of <see cref="Functional.MakePaddingMask"/> (a length between two
/// frames counts the upper one), which can be others than those that an utterance has alone; with lengths in frames they are the same.
/// </para>
/// <para>
/// Deviations: <c>updateUntilEpoch: null</c> never stops (there 0 does); statistics are constants to autograd (there the graph of every batch
/// hangs on them); nothing synchronises; an item or batch without a valid frame changes nothing (there it makes NaN); garbage under padding
/// does not matter. <c>mean_norm</c>, <c>avg_factor</c> and <c>device</c> are gone: the first two are deprecated, and statistics follow the input.
/// </para>
/// <para>
/// The running statistics are not part of the state dict: they are a file of their own in a checkpoint, as in SpeechBrain
/// (<see cref="StatisticsDict"/>, <see cref="LoadStatisticsDict"/>).
/// </para>
/// <code>
/// using var normalize = new InputNormalization(updateUntilEpoch: 4);
/// using var y = normalize.call(features, lengths, epoch);     // [batch, frames, features]
/// </code>
/// </remarks>
public sealed class InputNormalization : nn.Module<Tensor, Tensor?, long?, Tensor>
{
    private Tensor? count;
    private Tensor? globMean;
    private Tensor? globStd;

    /// <summary>Makes a normalisation.</summary>
    /// <param name="stdNorm">Whether to divide by the standard deviation.</param>
    /// <param name="normType">Over what the statistics are computed.</param>
    /// <param name="lengthDim">The dimension that lengths belong to, at least 1.</param>
    /// <param name="updateUntilEpoch">Running statistics take in batches while the epoch is below this; null: always.</param>
    /// <param name="avoidPaddingNorm">Whether padding is left as it is; else it is normalised as well (though never counted).</param>
    /// <param name="epsilon">Least standard deviation to divide by, above 0.</param>
    /// <exception cref="ArgumentException">A value out of range.</exception>
    public InputNormalization(
        bool stdNorm = true, NormType normType = NormType.Global, int lengthDim = 1, long? updateUntilEpoch = 2, bool avoidPaddingNorm = false, double epsilon = 1e-10)
        : base(nameof(InputNormalization))
    {
        Require.Defined(normType, nameof(normType));
        Require.Range(lengthDim, nameof(lengthDim), 1);
        Require.Positive(epsilon, nameof(epsilon));
        StdNorm = stdNorm;
        NormType = normType;
        LengthDim = lengthDim;
        UpdateUntilEpoch = updateUntilEpoch;
        AvoidPaddingNorm = avoidPaddingNorm;
        Epsilon = epsilon;
    }

    /// <summary>Whether to divide by the standard deviation.</summary>
    public bool StdNorm { get; }

    /// <summary>Over what the statistics are computed.</summary>
    public NormType NormType { get; }

    /// <summary>The dimension that lengths belong to.</summary>
    public int LengthDim { get; }

    /// <summary>The epoch from which running statistics stay; null: never.</summary>
    public long? UpdateUntilEpoch { get; }

    /// <summary>Whether padding is left as it is.</summary>
    public bool AvoidPaddingNorm { get; }

    /// <summary>Least standard deviation to divide by.</summary>
    public double Epsilon { get; }

    /// <summary>Whether there are running statistics yet.</summary>
    public bool HasStatistics => count is not null;

    /// <summary>Frames in the running statistics. Reads it from its device, and so <b>synchronises</b>.</summary>
    public long Count
    {
        get
        {
            using var scope = NewDisposeScope();
            return count?.cpu().item<long>() ?? 0;
        }
    }

    /// <summary>Running mean, of a frame's shape; null before the first batch. It belongs to the module and is replaced by updates.</summary>
    public Tensor? GlobMean => globMean;

    /// <summary>Running standard deviation, of a frame's shape; null before the first batch. It belongs to the module and is replaced by updates.</summary>
    public Tensor? GlobStd => globStd;

    /// <summary>Normalises features, and in training takes them into the running statistics.</summary>
    /// <param name="x"><c>[batch, frames, ...]</c>, float32 or float64.</param>
    /// <param name="lengths">
    /// <c>[batch]</c> on the same device: floating point, relative (0 to 1); or int64, frames. Null: no padding.
    /// </param>
    /// <param name="epoch">The current epoch, from 1; null: running statistics are updated (in training).</param>
    /// <returns>A tensor of the same shape and type.</returns>
    /// <exception cref="ArgumentException">Wrong rank, type, device or lengths, or frames of another shape than the running statistics.</exception>
    /// <exception cref="InvalidOperationException">Global normalisation without statistics: evaluation before any training batch.</exception>
    public override Tensor forward(Tensor x, Tensor? lengths = null, long? epoch = null)
    {
        Require.MinimumRank(x, nameof(x), "[batch, frames, ...]", LengthDim + 1);
        if (x.dtype is not (ScalarType.Float32 or ScalarType.Float64))
            throw new ArgumentException($"x is {Require.Describe(x)}; features are normalised in float32 or float64: convert them first.", nameof(x));
        using var scope = NewDisposeScope();
        var mask = lengths is null ? null : Valid(x, lengths);
        var (mean, std) = NormType switch
        {
            NormType.Global => Running(x, mask, epoch),
            NormType.Batch => OfBatch(x, mask),
            _ => OfSentences(x, mask),
        };
        var divisor = StdNorm ? std.clamp_min(Epsilon) : null;
        if (AvoidPaddingNorm && mask is not null)
        {
            var padding = mask.logical_not();
            mean = mean.masked_fill(padding, 0);
            divisor = divisor?.masked_fill(padding, 1);
        }
        var centred = x.sub(mean);
        return (divisor is null ? centred : centred.div(divisor)).MoveToOuterDisposeScope();
    }

    /// <summary>As <see cref="forward"/> with hooks, for calls that leave out arguments.</summary>
    /// <param name="x"><c>[batch, frames, ...]</c>, float32 or float64.</param>
    /// <param name="lengths">As in <see cref="forward"/>.</param>
    public Tensor call(Tensor x, Tensor? lengths = null) => call(x, lengths, null);

    /// <summary>
    /// The running statistics as SpeechBrain names them: <c>count</c> (scalar int64), <c>glob_mean</c> and <c>glob_std</c>; copies, of the caller.
    /// </summary>
    /// <exception cref="InvalidOperationException">There are none yet.</exception>
    public Dictionary<string, Tensor> StatisticsDict() => count is null || globMean is null || globStd is null
        ? throw NoStatistics()
        : new() { ["count"] = count.clone(), ["glob_mean"] = globMean.clone(), ["glob_std"] = globStd.clone() };

    /// <summary>Puts statistics in place of the running ones; the tensors are copied.</summary>
    /// <param name="statistics"><c>count</c> (scalar, integer), <c>glob_mean</c> and <c>glob_std</c> (of one shape, floating point).</param>
    /// <exception cref="ArgumentException">A missing or unknown key, or a tensor of a wrong shape or type.</exception>
    public void LoadStatisticsDict(IReadOnlyDictionary<string, Tensor> statistics)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        if (!statistics.Keys.ToHashSet().SetEquals(["count", "glob_mean", "glob_std"]))
            throw new ArgumentException($"statistics has the keys [{string.Join(", ", statistics.Keys.Order())}]; they must be count, glob_mean, glob_std.", nameof(statistics));
        Tensor newCount = statistics["count"], newMean = statistics["glob_mean"], newStd = statistics["glob_std"];
        foreach (var (key, value) in statistics)
            if (value is null || value.IsInvalid)
                throw new ArgumentException($"statistics[\"{key}\"] is {(value is null ? "null" : "disposed")}.", nameof(statistics));
        if (newCount.numel() != 1 || newCount.dtype is not (ScalarType.Int64 or ScalarType.Int32))
            throw new ArgumentException($"count is {Require.Describe(newCount)}; it must be one integer.", nameof(statistics));
        Require.Floating(newMean, "glob_mean");
        Require.Floating(newStd, "glob_std");
        if (!newMean.shape.SequenceEqual(newStd.shape))
            throw new ArgumentException($"glob_mean is {Require.Describe(newMean)} and glob_std {Require.Describe(newStd)}; they must have one shape.", nameof(statistics));
        using var scope = NewDisposeScope();
        Replace(newCount.detach().to_type(ScalarType.Int64).reshape([]).clone(), newMean.detach().clone(), newStd.detach().clone());
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            count?.Dispose();
            globMean?.Dispose();
            globStd?.Dispose();
        }
        base.Dispose(disposing);
    }

    // True = valid, 1 in all dimensions but the batch's and the lengths'.
    private Tensor Valid(Tensor x, Tensor lengths)
    {
        if (lengths.dtype != ScalarType.Int64)
            return Functional.MakePaddingMask(x, lengths, LengthDim);
        long[] shape = [.. x.shape.Select((size, d) => d == 0 || d == LengthDim ? size : 1)];
        Require.Lengths(lengths, nameof(lengths), x, nameof(x), 0, shape[LengthDim]);
        return Functional.LengthToMask(lengths, shape[LengthDim], ScalarType.Bool).view(shape);
    }

    private (Tensor Mean, Tensor Std) Running(Tensor x, Tensor? mask, long? epoch)
    {
        if (globMean is not null)
        {
            long[] frame = FrameShape(x);
            if (!globMean.shape.SequenceEqual(frame))
                throw new ArgumentException($"x is {Require.Describe(x)}; the running statistics belong to frames of shape [{string.Join(", ", globMean.shape)}].", nameof(x));
            Follow(x);
        }
        if (training && (epoch is null || UpdateUntilEpoch is null || epoch < UpdateUntilEpoch) && x.numel() > 0)
            Update(x, mask);
        return globMean is null || globStd is null ? throw NoStatistics() : (Broadcast(globMean, x.dtype), Broadcast(globStd, x.dtype));
    }

    private void Update(Tensor x, Tensor? mask)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var values = globMean is null || globMean.dtype == x.dtype ? x.detach() : x.detach().to_type(globMean.dtype);
        if (count is null || globMean is null || globStd is null)
        {
            var first = Functional.GaussianStatistics(values, mask, 0, LengthDim);
            Replace(first.Count, first.Mean, first.Variance.sqrt());
        }
        else
        {
            var merged = Functional.MeanStdUpdate(values, mask, [0, LengthDim], count, globMean, globStd);
            Replace(merged.Count, merged.Mean, merged.Std);
        }
    }

    private (Tensor Mean, Tensor Std) OfBatch(Tensor x, Tensor? mask)
    {
        var moments = Functional.GaussianStatistics(x, mask, 0, LengthDim);
        // Clamped before the root: the slope of the root at 0 is infinite.
        return (Broadcast(moments.Mean, x.dtype), Broadcast(moments.Variance.clamp_min(Epsilon).sqrt(), x.dtype));
    }

    private (Tensor Mean, Tensor Std) OfSentences(Tensor x, Tensor? mask)
    {
        using var invalid = mask?.logical_not();
        Tensor? number = mask?.sum(LengthDim, keepdim: true).clamp_min(1);
        var values = invalid is null ? x : x.masked_fill(invalid, 0);
        var mean = Divide(values.sum(LengthDim, keepdim: true));
        var deviation = x.sub(mean);
        if (invalid is not null)
            deviation = deviation.masked_fill(invalid, 0);
        // Without the division the root, and its slope at 0, has no use.
        return (mean, StdNorm ? Divide(deviation.square().sum(LengthDim, keepdim: true)).sqrt() : mean);

        Tensor Divide(Tensor sum) => number is null ? sum.div(Math.Max(1, x.shape[LengthDim])) : sum.div(number);
    }

    // A frame's shape, opened for the batch and the length.
    private Tensor Broadcast(Tensor statistic, ScalarType dtype)
    {
        var opened = statistic.unsqueeze(0).unsqueeze(LengthDim);
        return opened.dtype == dtype ? opened : opened.to_type(dtype);
    }

    private long[] FrameShape(Tensor x) => [.. x.shape.Where((_, d) => d != 0 && d != LengthDim)];

    // Statistics go where the input is: normalisers are seldom moved by hand.
    private void Follow(Tensor x)
    {
        if (count is null || globMean is null || globStd is null)
            return;
        if (globMean.device_type == x.device_type && (x.device_type == DeviceType.CPU || globMean.device_index == x.device_index))
            return;
        using var scope = NewDisposeScope();
        Replace(count.to(x.device), globMean.to(x.device), globStd.to(x.device));
    }

    private void Replace(Tensor newCount, Tensor newMean, Tensor newStd)
    {
        count?.Dispose();
        globMean?.Dispose();
        globStd?.Dispose();
        count = newCount.DetachFromDisposeScope();
        globMean = newMean.DetachFromDisposeScope();
        globStd = newStd.DetachFromDisposeScope();
    }

    private static InvalidOperationException NoStatistics() => new(
        "This global normalisation has no statistics yet: run a training batch first (train(), epoch below updateUntilEpoch), or load statistics.");
}
