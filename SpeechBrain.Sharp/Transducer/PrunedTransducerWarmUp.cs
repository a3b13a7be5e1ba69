namespace SpeechBrain.Sharp.Transducer;

/// <summary>
/// How much the simple and the pruned loss weigh: at first the simple one leads, since the windows that it gives mean little before it has
/// learned something.
/// </summary>
/// <remarks>
/// Over the first <paramref name="Steps"/> steps the simple loss goes from 1 to <paramref name="SimpleScale"/> and the pruned one from 0.1 to 1, in
/// straight lines. Source: icefall, <c>egs/librispeech/ASR/zipformer/train.py</c>.
/// </remarks>
/// <param name="SimpleScale">What the simple loss weighs after the warm-up, 0 or more.</param>
/// <param name="Steps">Steps of the optimizer that the warm-up takes; 0: none.</param>
public sealed record PrunedTransducerWarmUp(double SimpleScale = 0.5, long Steps = 2000)
{
    private const double PrunedAtFirst = 0.1;

    /// <summary>What the simple loss weighs after the warm-up.</summary>
    public double SimpleScale { get; } = Checked(SimpleScale);

    /// <summary>Steps that the warm-up takes.</summary>
    public long Steps { get; } = Checked(Steps);

    /// <summary>The weights of both losses.</summary>
    /// <param name="step">Steps already taken, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="step"/> is negative.</exception>
    public (double Simple, double Pruned) At(long step)
    {
        Require.Range(step, nameof(step), 0);
        double done = step >= Steps ? 1 : (double)step / Steps;
        return (1 - done * (1 - SimpleScale), PrunedAtFirst + done * (1 - PrunedAtFirst));
    }

    private static double Checked(double scale)
    {
        Require.Range(scale, nameof(SimpleScale), 0);
        return scale;
    }

    private static long Checked(long steps)
    {
        Require.Range(steps, nameof(Steps), 0);
        return steps;
    }
}
