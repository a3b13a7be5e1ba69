using SpeechBrain.Sharp.Augment.Signal;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Augment;

/// <summary>Rounds waveforms to fewer bits: toward zero to 16-bit or 8-bit integers whose full scale is the peak, or to float16.</summary>
/// <remarks>
/// After SpeechBrain 1.1.0, <c>speechbrain/augment/time_domain.py, DropBitResolution</c>, which draws once a batch and takes the peak of the whole
/// batch, so that a loud example costs the others their bits: <c>perBatch: true</c>. Silence becomes NaN there; here it stays silence.
/// </remarks>
public sealed class DropBitResolution : Augmentation<DropBitResolutionParameters>
{
    /// <summary>Makes the augmentation.</summary>
    /// <param name="target">The resolution; null ("random"): drawn from all.</param>
    /// <param name="perBatch">Whether one draw and one peak hold for the whole batch.</param>
    /// <exception cref="ArgumentOutOfRangeException">A resolution that is not one of the enumeration.</exception>
    public DropBitResolution(BitResolution? target = null, bool perBatch = false)
        : base(nameof(DropBitResolution))
    {
        if (target is { } known)
            Require.Defined(known, nameof(target));
        Target = target;
        PerBatch = perBatch;
    }

    /// <summary>The resolution; null: drawn.</summary>
    public BitResolution? Target { get; }

    /// <summary>Whether one draw and one peak hold for the whole batch.</summary>
    public bool PerBatch { get; }

    /// <inheritdoc/>
    public override bool IsDifferentiable => false;

    /// <inheritdoc/>
    public override AugmentationLayouts Layouts => AugmentationLayouts.Waveforms;

    /// <inheritdoc/>
    public override bool MixesExamples => PerBatch;

    /// <inheritdoc/>
    protected override DropBitResolutionParameters Draw(Generator generator, BatchShape shape)
    {
        long count = PerBatch ? 1 : shape.Batch;
        return new([.. Target is { } target
            ? Enumerable.Repeat(target, (int)count)
            : Draws.Integers(generator, count, 0, 2).Select(drawn => (BitResolution)drawn)]);
    }

    /// <inheritdoc/>
    protected override AugmentedBatch Transform(AugmentedBatch batch, DropBitResolutionParameters parameters)
    {
        var target = parameters.Target;
        RequireValues(target, nameof(parameters.Target), batch.Shape);
        foreach (var resolution in target)
            Require.Defined(resolution, nameof(parameters.Target));
        var x = batch.Data.to(SignalArguments.Work(batch.Data.dtype));
        if (target.All(resolution => resolution == BitResolution.Float16))
            return batch.With(x.to(ScalarType.Float16).to(batch.Data.dtype));
        // Nothing here has a gradient, so what was made may be written to.
        x = x.detach();
        int[] halves = [.. Enumerable.Range(0, (int)batch.Shape.Batch).Where(i => target.At(i) == BitResolution.Float16)];
        var rows = Upload.Rows(
            x.device, [.. Enumerable.Range(0, (int)batch.Shape.Batch).Select(i => target.At(i) == BitResolution.Int8 ? 127.0 : 32767.0)],
            [.. halves.Select(row => (double)row), .. new double[batch.Shape.Batch - halves.Length]]);
        var signal = batch.Silence(x);
        var peak = signal.dim() == 3 ? Peak.Of(signal, 1, 2) : Peak.Of(signal, 1);
        if (PerBatch)
            peak = peak.amax([0], keepdim: true);
        var scale = Upload.Column(rows[0], x.dtype, x.dim()) / Peak.Divisor(peak);
        var rounded = (x * scale).trunc_().div_(scale);
        if (halves.Length > 0)
        {
            var index = rows[1].narrow(0, 0, halves.Length).to(ScalarType.Int64);
            rounded.index_copy_(0, index, x.index_select(0, index).to(ScalarType.Float16).to(x.dtype));
        }
        return batch.With(rounded.to(batch.Data.dtype));
    }
}
