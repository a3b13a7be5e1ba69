using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Augment;

/// <summary>The largest absolute value, from the largest and the smallest: two passes that read, where <c>abs</c> would write a copy.</summary>
internal static class Peak
{
    /// <summary>Over some axes, which stay with size 1.</summary>
    internal static Tensor Of(Tensor x, params long[] axes) => x.amax(axes, keepdim: true).maximum(x.amin(axes, keepdim: true).neg());

    /// <summary>
    /// What to divide by to bring a peak to 1. Silence is divided by 1, and so is what is so quiet that the quotient would leave float32, the
    /// denormal remains of a filter for example (0 times infinity is NaN).
    /// </summary>
    internal static Tensor Divisor(Tensor peak) => peak.masked_fill(peak.lt(1e-30), 1);
}
