namespace SpeechBrain.Sharp.Conformer;

/// <summary>What a convolution over time and frequency puts around its input.</summary>
public enum ConvPadding
{
    /// <summary>The input's own frames and features, reflected at each end: as many frames come out as go in, over the stride.</summary>
    Same,

    /// <summary>Nothing: the frames and features at the ends are lost.</summary>
    Valid,

    /// <summary>Zeros before the first frame, so that no frame sees a later one; features are reflected as in <see cref="Same"/>.</summary>
    Causal,
}
