using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Augment;

/// <summary>The largest absolute value, from the largest and the smallest: two passes that read, where <c>abs</c> would write a copy.</summary>
internal static class Peak
{
    /// <summary>Over some axes, which stay with size 1.</summary>
    internal static Tensor Of(Tensor x, params long[] axes) => x.amax(axes, keepdim: true).maximum(x.amin(axes, keepdim: true).neg());
}
