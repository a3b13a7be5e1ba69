namespace SpeechBrain.Sharp.Conformer;

/// <summary>How the weights of a convolution begin.</summary>
public enum ConvInit
{
    /// <summary>torch's own: uniform, Kaiming with a = sqrt(5).</summary>
    Default,

    /// <summary>Normal, Kaiming.</summary>
    Kaiming,

    /// <summary>Zeros.</summary>
    Zero,
}
