using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Training;

/// <summary>
/// The factor on the loss that keeps small gradients from becoming 0 in float16. It halves when a gradient overflows, and doubles after many
/// updates without.
/// </summary>
/// <remarks>
/// <para>
/// P. Micikevicius et al., "Mixed precision training", https://arxiv.org/abs/1710.03740; rules and defaults of PyTorch 2's
/// <c>torch.amp.GradScaler</c>. The scale is a number of the host: <see cref="WeightUpdate"/> learns with its one read whether a gradient
/// overflowed. Not wanted for bfloat16, which has float32's range.
/// </para>
/// <code>
/// var update = new WeightUpdate(optimizer, weights, scaler: new GradScaler());
/// </code>
/// </remarks>
public sealed class GradScaler
{
    private float scale;
    private long growthTracker;

    /// <summary>Makes a scaler.</summary>
    /// <param name="initScale">The scale at the start, above 0.</param>
    /// <param name="growthFactor">What the scale is multiplied by after <paramref name="growthInterval"/> updates, above 1.</param>
    /// <param name="backoffFactor">What it is multiplied by after an overflow, between 0 and 1.</param>
    /// <param name="growthInterval">Updates without overflow after which it grows, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public GradScaler(double initScale = 65536, double growthFactor = 2, double backoffFactor = 0.5, long growthInterval = 2000)
    {
        Require.Positive(initScale, nameof(initScale));
        Require.Positive(growthFactor, nameof(growthFactor));
        Require.Positive(backoffFactor, nameof(backoffFactor));
        Require.Range(growthInterval, nameof(growthInterval), 1);
        if (growthFactor <= 1)
            throw new ArgumentOutOfRangeException(nameof(growthFactor), growthFactor, "growthFactor must be above 1.");
        if (backoffFactor >= 1)
            throw new ArgumentOutOfRangeException(nameof(backoffFactor), backoffFactor, "backoffFactor must be below 1.");
        if (!IsScale(initScale))
            throw new ArgumentOutOfRangeException(nameof(initScale), initScale, "initScale must be a float32 above 0.");
        (scale, GrowthFactor, BackoffFactor, GrowthInterval) = ((float)initScale, growthFactor, backoffFactor, growthInterval);
    }

    /// <summary>What losses are multiplied by, a float32 number as in PyTorch.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is set to a number that is not above 0 or no float32.</exception>
    public double Scale
    {
        get => scale;
        set
        {
            if (!IsScale(value))
                throw new ArgumentOutOfRangeException(nameof(value), value, "Scale must be a finite float32 number above 0.");
            scale = (float)value;
        }
    }

    /// <summary>What the scale is multiplied by when it grows.</summary>
    public double GrowthFactor { get; }

    /// <summary>What the scale is multiplied by after an overflow.</summary>
    public double BackoffFactor { get; }

    /// <summary>Updates without overflow after which the scale grows.</summary>
    public long GrowthInterval { get; }

    /// <summary>Updates without overflow since the scale last changed; part of a checkpoint.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is set below 0 or not below <see cref="GrowthInterval"/>.</exception>
    public long GrowthTracker
    {
        get => growthTracker;
        set
        {
            Require.Range(value, nameof(value), 0, GrowthInterval - 1);
            growthTracker = value;
        }
    }

    /// <summary>A loss times the scale.</summary>
    /// <param name="loss">Any shape; float32, since scaled losses overflow float16.</param>
    /// <returns>A new tensor, in the loss's graph.</returns>
    public Tensor ScaleLoss(Tensor loss)
    {
        ArgumentNullException.ThrowIfNull(loss);
        return loss.mul(scale);
    }

    /// <summary>Divides a gradient by the scale, in place. Before clipping, whose threshold is meant for true gradients.</summary>
    /// <param name="gradient">Of a scaled loss; not finite where it overflowed, and stays so.</param>
    public void Unscale(Tensor gradient)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        gradient.mul_((float)(1.0 / scale)); // PyTorch too takes the reciprocal in float64, then in float32
    }

    /// <summary>Adapts the scale. The optimizer must not step where an overflow was found.</summary>
    /// <param name="foundInf">Whether a gradient was not finite.</param>
    public void Update(bool foundInf)
    {
        if (foundInf)
        {
            if ((float)(scale * BackoffFactor) is var smaller && IsScale(smaller)) // at 0 PyTorch would never recover
                scale = smaller;
            growthTracker = 0;
        }
        else if (++growthTracker == GrowthInterval)
        {
            if ((float)(scale * GrowthFactor) is var greater && IsScale(greater))
                scale = greater;
            growthTracker = 0;
        }
    }

    /// <summary>Whether a number can be a scale: above 0 and finite in float32.</summary>
    internal static bool IsScale(double value) => float.IsNormal((float)value) && value > 0;
}
