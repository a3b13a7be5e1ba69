using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Augment;

/// <summary>
/// Warps spectrograms along time or frequency: a frame in the middle moves by a few, what lies before it is stretched, what lies behind it is
/// compressed (or the other way round), and the whole keeps its length.
/// </summary>
/// <remarks>
/// <para>
/// D. S. Park et al., "SpecAugment: a simple data augmentation method for automatic speech recognition", Interspeech 2019; SpeechBrain 1.1.0,
/// <c>speechbrain/augment/freq_domain.py, Warping</c>, which warps the padded rows of the whole batch alike: <c>perBatch: true</c> draws so, and
/// on a batch without padding gives its result.
/// </para>
/// <para>
/// Each example is warped within its valid frames; one too short for its draw stays as it is (SpeechBrain returns a batch too narrow for a
/// frequency warp transposed). The input is not written to.
/// </para>
/// </remarks>
public sealed class Warping : Augmentation<WarpingParameters>
{
    /// <summary>Makes the augmentation.</summary>
    /// <param name="warpWindow">By how many frames or features the drawn one may move, at least 1; it also stays that far from both ends.</param>
    /// <param name="warpMode">How values between frames are found.</param>
    /// <param name="dim">1: time; 2: frequency.</param>
    /// <param name="perBatch">Whether one draw, for the padded length, holds for the whole batch.</param>
    /// <exception cref="ArgumentException">A window below 1, or another dimension.</exception>
    public Warping(long warpWindow = 5, WarpMode warpMode = WarpMode.Bicubic, int dim = 1, bool perBatch = false)
        : base(nameof(Warping))
    {
        Require.Range(warpWindow, nameof(warpWindow), 1, int.MaxValue);
        Require.Defined(warpMode, nameof(warpMode));
        Require.Range(dim, nameof(dim), 1, 2);
        (WarpWindow, WarpMode, Dim, PerBatch) = (warpWindow, warpMode, dim, perBatch);
    }

    /// <summary>By how many frames or features the drawn one may move.</summary>
    public long WarpWindow { get; }

    /// <summary>How values between frames are found.</summary>
    public WarpMode WarpMode { get; }

    /// <summary>1: time; 2: frequency.</summary>
    public int Dim { get; }

    /// <summary>Whether one draw holds for the whole batch.</summary>
    public bool PerBatch { get; }

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <inheritdoc/>
    public override AugmentationLayouts Layouts => AugmentationLayouts.Spectrograms;

    /// <inheritdoc/>
    protected override WarpingParameters Draw(Generator generator, BatchShape shape)
    {
        int count = PerBatch ? 1 : checked((int)shape.Batch);
        double[] centers = Draws.Uniform(generator, count, 0, 1);
        long[] moves = Draws.Integers(generator, count, 1 - WarpWindow, WarpWindow);
        var center = new long[count];
        var target = new long[count];
        for (int i = 0; i < count; i++)
        {
            long size = Dim == 2 ? shape.Sizes[2] : PerBatch ? shape.Time : shape.Lengths[i];
            if (size <= 2 * WarpWindow)
                continue;
            center[i] = WarpWindow + (long)(centers[i] * (size - 2 * WarpWindow));
            target[i] = center[i] + moves[i];
        }
        return new([.. center], [.. target]);
    }

    /// <inheritdoc/>
    protected override AugmentedBatch Transform(AugmentedBatch batch, WarpingParameters parameters)
    {
        RequireValues(parameters.Center, nameof(parameters.Center), batch.Shape);
        RequireValues(parameters.Target, nameof(parameters.Target), batch.Shape);
        if (parameters.Center.Count != parameters.Target.Count)
            throw new ArgumentException(
                $"parameters holds {parameters.Center.Count} centres and {parameters.Target.Count} targets; there must be as many of each.",
                nameof(parameters));
        long[] points = [.. parameters.Center, .. parameters.Target];
        var table = tensor(points, [2, parameters.Center.Count], ScalarType.Int64).to(batch.Data.device);
        return batch.With(Functional.Warping(batch.Data, table[0], table[1], batch.DeviceLengths, WarpMode, Dim));
    }
}
