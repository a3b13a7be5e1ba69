using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Augment;

/// <summary>Turns waveforms upside down: a wire soldered the other way round, which nobody hears.</summary>
/// <remarks>
/// After SpeechBrain 1.1.0, <c>speechbrain/augment/time_domain.py, SignFlip</c>, which draws once a batch: <c>perBatch: true</c>.
/// </remarks>
public sealed class SignFlip : Augmentation<SignFlipParameters>
{
    /// <summary>Makes the augmentation.</summary>
    /// <param name="flipProb">Probability of a flip, 0 to 1.</param>
    /// <param name="perBatch">Whether one draw holds for the whole batch.</param>
    /// <exception cref="ArgumentOutOfRangeException">A probability outside [0, 1].</exception>
    public SignFlip(double flipProb = 0.5, bool perBatch = false)
        : base(nameof(SignFlip))
    {
        Require.Range(flipProb, nameof(flipProb), 0, 1);
        FlipProb = flipProb;
        PerBatch = perBatch;
    }

    /// <summary>Probability of a flip.</summary>
    public double FlipProb { get; }

    /// <summary>Whether one draw holds for the whole batch.</summary>
    public bool PerBatch { get; }

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <inheritdoc/>
    public override AugmentationLayouts Layouts => AugmentationLayouts.Waveforms;

    /// <inheritdoc/>
    protected override SignFlipParameters Draw(Generator generator, BatchShape shape) =>
        new([.. Draws.Uniform(generator, PerBatch ? 1 : shape.Batch, 0, 1).Select(u => u < FlipProb)]);

    /// <inheritdoc/>
    protected override AugmentedBatch Transform(AugmentedBatch batch, SignFlipParameters parameters)
    {
        RequireValues(parameters.Flip, nameof(parameters.Flip), batch.Shape);
        // What turns all examples alike needs no product.
        if (parameters.Flip.Distinct().Count() == 1)
            return batch.With(parameters.Flip[0] ? batch.Data.neg() : batch.Data);
        var signs = Upload.Rows(batch.Data.device, [.. parameters.Flip.Select(flip => flip ? -1.0 : 1.0)]);
        return batch.With(batch.Data * Upload.Column(signs[0], batch.Data.dtype, batch.Data.dim()));
    }
}
