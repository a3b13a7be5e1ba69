using SpeechBrain.Sharp.Augment.Signal;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Augment;

/// <summary>Gives waveforms a random peak.</summary>
/// <remarks>
/// After SpeechBrain 1.1.0, <c>speechbrain/augment/time_domain.py, RandAmp</c>: each channel is divided by its peak and multiplied by the example's
/// amplitude. Silence becomes NaN there; here it stays silence.
/// </remarks>
public sealed class RandAmp : Augmentation<RandAmpParameters>
{
    /// <summary>Makes the augmentation.</summary>
    /// <param name="ampLow">The lowest peak, at least 0.</param>
    /// <param name="ampHigh">The highest, at least the lowest.</param>
    /// <param name="perBatch">Whether one draw holds for the whole batch.</param>
    /// <exception cref="ArgumentOutOfRangeException">A negative or reversed range, or one that is not finite.</exception>
    public RandAmp(double ampLow = 0.5, double ampHigh = 1.5, bool perBatch = false)
        : base(nameof(RandAmp))
    {
        Require.Range(ampLow, nameof(ampLow), 0);
        Require.Range(ampHigh, nameof(ampHigh), ampLow);
        AmpLow = ampLow;
        AmpHigh = ampHigh;
        PerBatch = perBatch;
    }

    /// <summary>The lowest peak.</summary>
    public double AmpLow { get; }

    /// <summary>The highest peak.</summary>
    public double AmpHigh { get; }

    /// <summary>Whether one draw holds for the whole batch.</summary>
    public bool PerBatch { get; }

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <inheritdoc/>
    public override AugmentationLayouts Layouts => AugmentationLayouts.Waveforms;

    /// <inheritdoc/>
    protected override RandAmpParameters Draw(Generator generator, BatchShape shape) =>
        new([.. Draws.Uniform(generator, PerBatch ? 1 : shape.Batch, AmpLow, AmpHigh)]);

    /// <inheritdoc/>
    protected override AugmentedBatch Transform(AugmentedBatch batch, RandAmpParameters parameters)
    {
        RequireValues(parameters.Amplitude, nameof(parameters.Amplitude), batch.Shape);
        var x = batch.Data.to(SignalArguments.Work(batch.Data.dtype));
        var amplitude = Upload.Column(Upload.Rows(x.device, [.. parameters.Amplitude])[0], x.dtype, x.dim());
        var peak = Peak.Of(batch.Silence(x), 1);
        return batch.With((x * (amplitude / Peak.Divisor(peak))).to(batch.Data.dtype));
    }
}
