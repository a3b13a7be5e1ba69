using SpeechBrain.Sharp.Features;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp;

public static partial class Functional
{
    /// <summary>Count, mean and biased variance of a tensor over some of its dimensions, padding left out.</summary>
    /// <param name="x">Values, float32 or float64.</param>
    /// <param name="mask">
    /// <b>True = valid</b>, bool, of <paramref name="x"/>'s rank: as large as <paramref name="x"/> in the dimensions of
    /// <paramref name="dim"/> and 1 elsewhere, such as <see cref="MakePaddingMask"/> makes it. What lies under False, NaN included, does not
    /// matter. Null: everything is valid.
    /// </param>
    /// <param name="dim">The dimensions to reduce, each at least 0; null: all.</param>
    /// <returns>The moments. Without a valid value: count, mean and variance 0.</returns>
    /// <remarks>
    /// SpeechBrain 1.1.0, <c>speechbrain/processing/features.py, gaussian_statistics</c>; there the count is a host integer, which
    /// synchronises, and a count of 0 gives NaN.
    /// <code>
    /// x = [[1, 3, 0]], mask = [[True, True, False]]   ->   count 2, mean 2, variance 1
    /// </code>
    /// </remarks>
    /// <exception cref="ArgumentException">Wrong types, ranks, sizes or dimensions.</exception>
    public static GaussianMoments GaussianStatistics(Tensor x, Tensor? mask = null, params long[]? dim)
    {
        Require.MinimumRank(x, nameof(x), "a tensor of at least one dimension", 1);
        if (x.dtype is not (ScalarType.Float32 or ScalarType.Float64))
            throw new ArgumentException($"x is {Require.Describe(x)}; statistics are computed in float32 or float64: convert it first.", nameof(x));
        long[] shape = x.shape;
        long[] reduced = dim is null or [] ? [.. Enumerable.Range(0, shape.Length).Select(d => (long)d)] : dim;
        foreach (long d in reduced)
            Require.Range(d, nameof(dim), 0, shape.Length - 1);
        if (reduced.Distinct().Count() != reduced.Length)
            throw new ArgumentException($"dim is [{string.Join(", ", reduced)}]; each dimension may stand there once.", nameof(dim));
        if (mask is not null)
        {
            Require.SameDevice(mask, nameof(mask), x, nameof(x));
            long[] wanted = [.. shape.Select((size, d) => reduced.Contains(d) ? size : 1)];
            if (mask.dtype != ScalarType.Bool || !mask.shape.SequenceEqual(wanted))
                throw new ArgumentException($"mask is {Require.Describe(mask)}; it must be bool [{string.Join(", ", wanted)}], True = valid.", nameof(mask));
        }

        using var scope = NewDisposeScope();
        using var invalid = mask?.logical_not();
        var count = mask is null
            ? full([], reduced.Aggregate(1L, (product, d) => product * shape[d]), ScalarType.Int64, x.device)
            : mask.sum(ScalarType.Int64);
        var divisor = count.clamp_min(1);
        var values = invalid is null ? x : x.masked_fill(invalid, 0);
        var mean = values.sum(reduced, keepdim: true).div(divisor);
        var deviation = x.sub(mean);
        if (invalid is not null)
            deviation = deviation.masked_fill(invalid, 0);
        var variance = deviation.square().sum(reduced).div(divisor);
        return new GaussianMoments(count, mean.reshape(variance.shape), variance).MoveToOuterDisposeScope();
    }

    /// <summary>The moments of two sets of data together.</summary>
    /// <param name="left">Moments of one set.</param>
    /// <param name="right">Moments of the other, of the same shape and device.</param>
    /// <returns>Moments as if computed on both sets at once.</returns>
    /// <remarks>SpeechBrain 1.1.0, <c>speechbrain/processing/features.py, combine_gaussian_statistics</c>.</remarks>
    /// <exception cref="ArgumentException">Different shapes or devices.</exception>
    public static GaussianMoments CombineGaussianStatistics(GaussianMoments left, GaussianMoments right)
    {
        Moments(left, nameof(left));
        Moments(right, nameof(right));
        Require.SameDevice(left.Mean, nameof(left), right.Mean, nameof(right));
        if (!left.Mean.shape.SequenceEqual(right.Mean.shape))
            throw new ArgumentException($"left has means {Require.Describe(left.Mean)} and right {Require.Describe(right.Mean)}; they must have one shape.", nameof(right));
        using var scope = NewDisposeScope();
        var count = left.Count.add(right.Count);
        // Weights in float64: a long training's count does not fit float32's 24 bits.
        var total = count.clamp_min(1).to_type(ScalarType.Float64);
        var leftWeight = left.Count.div(total).to_type(left.Mean.dtype);
        var rightWeight = right.Count.div(total).to_type(left.Mean.dtype);
        var mean = leftWeight * left.Mean + rightWeight * right.Mean;
        // Each variance moved to the common mean.
        var variance = leftWeight * (left.Variance + (mean - left.Mean).square()) + rightWeight * (right.Variance + (mean - right.Mean).square());
        return new GaussianMoments(count, mean, variance).MoveToOuterDisposeScope();
    }

    /// <summary>Adds new values to running statistics.</summary>
    /// <param name="x">New values, as in <see cref="GaussianStatistics"/>.</param>
    /// <param name="mask">True = valid, as there.</param>
    /// <param name="dim">The dimensions to reduce, as there.</param>
    /// <param name="runCount">Values counted so far: a scalar int64 tensor.</param>
    /// <param name="runMean">Their mean.</param>
    /// <param name="runStd">Their standard deviation.</param>
    /// <returns>Count, mean and standard deviation with the new values included.</returns>
    /// <remarks>SpeechBrain 1.1.0, <c>speechbrain/processing/features.py, mean_std_update</c>, without its merging across processes.</remarks>
    /// <exception cref="ArgumentException">As in <see cref="GaussianStatistics"/> and <see cref="CombineGaussianStatistics"/>.</exception>
    public static (Tensor Count, Tensor Mean, Tensor Std) MeanStdUpdate(Tensor x, Tensor? mask, long[]? dim, Tensor runCount, Tensor runMean, Tensor runStd)
    {
        ArgumentNullException.ThrowIfNull(runCount);
        ArgumentNullException.ThrowIfNull(runMean);
        ArgumentNullException.ThrowIfNull(runStd);
        using var scope = NewDisposeScope();
        var merged = CombineGaussianStatistics(new GaussianMoments(runCount, runMean, runStd.square()), GaussianStatistics(x, mask, dim));
        return (merged.Count.MoveToOuterDisposeScope(), merged.Mean.MoveToOuterDisposeScope(), merged.Variance.sqrt().MoveToOuterDisposeScope());
    }

    private static void Moments(GaussianMoments moments, string name)
    {
        ArgumentNullException.ThrowIfNull(moments.Count, name);
        ArgumentNullException.ThrowIfNull(moments.Mean, name);
        ArgumentNullException.ThrowIfNull(moments.Variance, name);
        if (moments.Count.numel() != 1)
            throw new ArgumentException($"The count of {name} is {Require.Describe(moments.Count)}; it must be one number.", name);
        if (!moments.Mean.shape.SequenceEqual(moments.Variance.shape))
            throw new ArgumentException(
                $"{name} has means {Require.Describe(moments.Mean)} and variances {Require.Describe(moments.Variance)}; they must have one shape.", name);
    }
}
