using SpeechBrain.Sharp.Augment.Signal;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Augment;

/// <summary>Adds noise at a random signal-to-noise ratio: another ratio and other noise for each example.</summary>
/// <remarks>
/// After SpeechBrain 1.1.0, <c>speechbrain/augment/time_domain.py, AddNoise</c>: with <c>f = 1 / (10^(SNR/20) + 1)</c> the result is
/// <c>(1 - f) x + f rms(x) / rms(noise) noise</c>, so the level stays about as it was, and the ratio of the two parts' rms is the SNR.
/// <list type="bullet">
/// <item>Both rms are those of the example's valid samples, so the SNR is exact on padded batches, where SpeechBrain's noise is too quiet; no noise
/// is added to padding. Where a recording is shorter than the example, its rms is that of its own samples, as in SpeechBrain.</item>
/// <item>Recordings and starts are drawn for each example; SpeechBrain has one start a batch.</item>
/// <item>Each channel has the SNR. Silent channels stay silent.</item>
/// </list>
/// <code>
/// using var addNoise = new AddNoise(new BankNoise(NoiseBank.FromFolder("noises", 16000)), snrLow: 0, snrHigh: 15);
/// var parameters = addNoise.Sample(generator, batch);
/// using var noisy = addNoise.Apply(batch, parameters);
/// </code>
/// </remarks>
public sealed class AddNoise : Augmentation<AddNoiseParameters>
{
    /// <summary>Makes the augmentation.</summary>
    /// <param name="noise">Where the noise comes from; null: <see cref="WhiteNoise"/>. It belongs to the augmentation from now on.</param>
    /// <param name="snrLow">The lowest ratio in decibels.</param>
    /// <param name="snrHigh">The highest, at least the lowest.</param>
    /// <param name="normalize">Whether a channel that exceeds 1 is divided by its peak.</param>
    /// <param name="perBatch">Whether one draw holds for the whole batch.</param>
    /// <exception cref="ArgumentOutOfRangeException">A ratio that is not finite, or a reversed range.</exception>
    public AddNoise(NoiseSource? noise = null, double snrLow = 0, double snrHigh = 0, bool normalize = false, bool perBatch = false)
        : base(nameof(AddNoise))
    {
        Require.Range(snrLow, nameof(snrLow), double.MinValue, double.MaxValue);
        Require.Range(snrHigh, nameof(snrHigh), snrLow, double.MaxValue);
        Noise = noise ?? new WhiteNoise();
        SnrLow = snrLow;
        SnrHigh = snrHigh;
        Normalize = normalize;
        PerBatch = perBatch;
        register_module("noise", Noise);
    }

    /// <summary>Where the noise comes from.</summary>
    public NoiseSource Noise { get; }

    /// <summary>The lowest ratio in decibels.</summary>
    public double SnrLow { get; }

    /// <summary>The highest ratio in decibels.</summary>
    public double SnrHigh { get; }

    /// <summary>Whether a channel that exceeds 1 is divided by its peak.</summary>
    public bool Normalize { get; }

    /// <summary>Whether one draw holds for the whole batch.</summary>
    public bool PerBatch { get; }

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <inheritdoc/>
    public override AugmentationLayouts Layouts => AugmentationLayouts.Waveforms;

    /// <inheritdoc/>
    public override bool MixesExamples => Noise.MixesExamples;

    /// <inheritdoc/>
    protected override AddNoiseParameters Draw(Generator generator, BatchShape shape) =>
        new([.. Draws.Uniform(generator, PerBatch ? 1 : shape.Batch, SnrLow, SnrHigh)], Noise.Draw(generator, shape, PerBatch));

    /// <inheritdoc/>
    protected override AugmentedBatch Transform(AugmentedBatch batch, AddNoiseParameters parameters)
    {
        var shape = batch.Shape;
        RequireValues(parameters.Snr, nameof(parameters.Snr), shape);
        foreach (double snr in parameters.Snr)
            Require.Range(snr, nameof(parameters.Snr), double.MinValue, double.MaxValue);
        ArgumentNullException.ThrowIfNull(parameters.Noise);
        Noise.RequireFit(parameters.Noise, shape);
        var x = batch.Data.to(SignalArguments.Work(batch.Data.dtype));
        var clean = new double[shape.Batch];
        var dirty = new double[shape.Batch];
        for (int i = 0; i < clean.Length; i++)
        {
            double factor = 1 / (Functional.DbToAmplitude(parameters.Snr.At(i)) + 1);
            clean[i] = 1 - factor;
            // The ratio of rms is that of norms where both have the same samples; noise that covers a part of the example has fewer.
            dirty[i] = factor * Math.Sqrt(Noise.Coverage(parameters.Noise, shape, i));
        }
        var rows = Upload.Rows(x.device, [clean, dirty, .. Noise.Numbers(parameters.Noise, shape)]);
        var noise = batch.Silence(Noise.Make(parameters.Noise, batch, rows.narrow(0, 2, rows.shape[0] - 2), x.dtype).expand_as(x));
        var level = Norm(batch.Silence(x)) / (Norm(noise) + 1e-14);
        var noisy = (noise * (Upload.Column(rows[1], x.dtype, x.dim()) * level)).addcmul_(x, Upload.Column(rows[0], x.dtype, x.dim()), 1);
        if (Normalize)
            noisy = noisy / Peak.Of(batch.Silence(noisy), 1).clamp_min(1);
        return batch.With(noisy.to(batch.Data.dtype));

        static Tensor Norm(Tensor signal) => linalg.vector_norm(signal, 2, [1], keepdim: true);
    }
}
