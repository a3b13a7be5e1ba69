using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

public sealed class GetLookaheadMaskAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "get_lookahead_mask";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        long[] times = c.Data.Longs("T");
        for (int i = 0; i < times.Length; i++)
            check.Output($"out.mask{i}", Functional.GetLookaheadMask(zeros([2, times[i]], device: c.Device)));
    }
}
