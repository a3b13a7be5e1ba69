namespace SpeechBrain.Sharp.Augment.Signal;

/// <summary>How loudness is measured (SpeechBrain's <c>amp_type</c>).</summary>
public enum AmplitudeType
{
    /// <summary>Mean of the absolute values ("avg").</summary>
    Avg,

    /// <summary>Square root of the mean square ("rms").</summary>
    Rms,

    /// <summary>Largest absolute value ("peak").</summary>
    Peak,
}
