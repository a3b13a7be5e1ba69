namespace SpeechBrain.Sharp.Features;

/// <summary>Over what <see cref="InputNormalization"/> computes mean and standard deviation.</summary>
public enum NormType
{
    /// <summary>All frames seen in training so far: running statistics.</summary>
    Global,

    /// <summary>All valid frames of the batch.</summary>
    Batch,

    /// <summary>The valid frames of each item.</summary>
    Sentence,
}
