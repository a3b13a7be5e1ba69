namespace SpeechBrain.Sharp.Augment;

/// <summary>How <see cref="Warping"/> finds values between frames, as torch's interpolation of the same name does along one axis.</summary>
public enum WarpMode
{
    /// <summary>A straight line between two neighbours.</summary>
    Bilinear,

    /// <summary>A cubic through four neighbours (Keys, with a = -0.75).</summary>
    Bicubic,
}
