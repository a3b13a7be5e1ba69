using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

/// <summary>
/// <c>_rope_rotate</c> and the tables behind it. Ours are complex numbers; SpeechBrain's are read off what a turn makes of unit vectors.
/// </summary>
public sealed class RoPERotateAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "_rope_rotate, PrecomputedRoPESinusoids";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        check.Output("out.y", Functional.RoPERotate(c.Input("x")));

        long time = c.Recorded("out.cosines").size(0), width = c.Recorded("out.cosines").size(1);
        var even = tensor(new float[] { 1, 0 }).repeat(width / 2).expand(1, time, 1, width);
        var turned = Functional.RoPERotate(even).view(time, width / 2, 2);
        var (cosine, sine) = (turned.select(2, 0), turned.select(2, 1));
        check.Output("out.cosines", stack([cosine, cosine], -1).view(time, width));
        check.Output("out.sines", stack([-sine, sine], -1).view(time, width));

        // Which element each output element gets its sine from: the largest off the diagonal of a turn by one position.
        var matrix = Functional.RoPERotate(eye(width).expand(1, 2, width, width))[0, 1];
        check.Output("out.index_swap", (matrix * (1 - eye(width))).abs().argmax(0));
    }
}
