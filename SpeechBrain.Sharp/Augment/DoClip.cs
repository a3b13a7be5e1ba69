using SpeechBrain.Sharp.Augment.Signal;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Augment;

/// <summary>Clips waveforms at a part of their peak, as an overdriven input does, and restores the peak.</summary>
/// <remarks>
/// After SpeechBrain 1.1.0, <c>speechbrain/augment/time_domain.py, DoClip</c>: <c>y = clamp(x, -c p, c p) / c</c> with the peak p of each channel, so
/// what is not clipped gets louder. SpeechBrain draws once a batch (<c>perBatch: true</c>), and silence becomes NaN there; here it stays silence.
/// </remarks>
public sealed class DoClip : Augmentation<DoClipParameters>
{
    /// <summary>Makes the augmentation.</summary>
    /// <param name="clipLow">The lowest clipping amplitude as a part of the peak, above 0.</param>
    /// <param name="clipHigh">The highest, at least the lowest; above 1 nothing is clipped, and the whole gets quieter by it.</param>
    /// <param name="perBatch">Whether one draw holds for the whole batch.</param>
    /// <exception cref="ArgumentOutOfRangeException">An amplitude that is not above 0 or not finite, or a reversed range.</exception>
    public DoClip(double clipLow = 0.5, double clipHigh = 0.5, bool perBatch = false)
        : base(nameof(DoClip))
    {
        Require.Positive(clipLow, nameof(clipLow));
        Require.Range(clipHigh, nameof(clipHigh), clipLow);
        ClipLow = clipLow;
        ClipHigh = clipHigh;
        PerBatch = perBatch;
    }

    /// <summary>The lowest clipping amplitude.</summary>
    public double ClipLow { get; }

    /// <summary>The highest clipping amplitude.</summary>
    public double ClipHigh { get; }

    /// <summary>Whether one draw holds for the whole batch.</summary>
    public bool PerBatch { get; }

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <inheritdoc/>
    public override AugmentationLayouts Layouts => AugmentationLayouts.Waveforms;

    /// <inheritdoc/>
    protected override DoClipParameters Draw(Generator generator, BatchShape shape) =>
        new([.. Draws.Uniform(generator, PerBatch ? 1 : shape.Batch, ClipLow, ClipHigh)]);

    /// <inheritdoc/>
    protected override AugmentedBatch Transform(AugmentedBatch batch, DoClipParameters parameters)
    {
        RequireValues(parameters.Clip, nameof(parameters.Clip), batch.Shape);
        foreach (double value in parameters.Clip)
            Require.Positive(value, nameof(parameters.Clip));
        var x = batch.Data.to(SignalArguments.Work(batch.Data.dtype));
        var clip = Upload.Column(Upload.Rows(x.device, [.. parameters.Clip])[0], x.dtype, x.dim());
        var highest = Peak.Of(batch.Silence(x), 1) * clip;
        return batch.With((x.clamp(-highest, highest) / clip).to(batch.Data.dtype));
    }
}
