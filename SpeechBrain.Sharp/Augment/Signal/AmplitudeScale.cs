namespace SpeechBrain.Sharp.Augment.Signal;

/// <summary>The unit of an amplitude (SpeechBrain's <c>scale</c>).</summary>
public enum AmplitudeScale
{
    /// <summary>As the samples are ("linear").</summary>
    Linear,

    /// <summary>Decibels relative to an amplitude of 1: 20 log10 ("dB").</summary>
    Db,
}
