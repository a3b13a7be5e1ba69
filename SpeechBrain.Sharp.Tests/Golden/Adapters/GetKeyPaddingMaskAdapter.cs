namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

public sealed class GetKeyPaddingMaskAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "get_key_padding_mask";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        long[] padIdx = c.Data.AsLongs();
        for (int i = 0; i < padIdx.Length; i++)
            check.Output($"out.mask{i}", Functional.GetKeyPaddingMask(c.Input($"x{i}"), padIdx[i]));
    }
}
