namespace SpeechBrain.Sharp.Augment;

/// <summary>Number formats of fewer bits (SpeechBrain's <c>target_dtype</c>).</summary>
public enum BitResolution
{
    /// <summary>16-bit integers, full scale at the peak.</summary>
    Int16,

    /// <summary>8-bit integers, full scale at the peak.</summary>
    Int8,

    /// <summary>16-bit floating point, without scaling; what passes 65504 becomes infinite.</summary>
    Float16,
}
