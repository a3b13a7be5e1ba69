namespace SpeechBrain.Sharp.Augment;

/// <summary>What <see cref="SpectrogramDrop"/> puts where it dropped something.</summary>
public enum SpectrogramReplace
{
    /// <summary>Zeros.</summary>
    Zeros,

    /// <summary>The mean of the example.</summary>
    Mean,

    /// <summary>Uniform noise between the example's least and greatest value.</summary>
    Rand,

    /// <summary>What the example before it in the batch has there; the first takes the last's.</summary>
    CutCat,

    /// <summary>What the same example has at another time.</summary>
    Swap,

    /// <summary>One of the others, drawn.</summary>
    RandomSelection,
}
