namespace SpeechBrain.Sharp.Features;

/// <summary>The shape of a mel filter over frequency, around its centre <c>c</c> with band <c>b</c> (both in Hz).</summary>
public enum FilterShape
{
    /// <summary><c>max(0, 1 - |f - c| / b)</c>.</summary>
    Triangular,

    /// <summary>1 from <c>c - b</c> to <c>c + b</c>, both included.</summary>
    Rectangular,

    /// <summary><c>exp(-0.5 ((f - c) / (b / 2))^2)</c>.</summary>
    Gaussian,
}
