namespace SpeechBrain.Sharp.Masks;

/// <summary>How a mask says that a query may not attend to a key.</summary>
internal enum MaskForm
{
    /// <summary>Bool, True = masked.</summary>
    Bool,

    /// <summary>Added to scores: 0, or -infinity = masked.</summary>
    MinusInfinity,

    /// <summary>Added to scores: 0, or <see cref="MaskCache.Lowest"/> = masked, after which a softmax is finite even if all is masked.</summary>
    Lowest,
}
