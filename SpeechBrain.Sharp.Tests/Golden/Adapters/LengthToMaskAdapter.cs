namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

public sealed class LengthToMaskAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "length_to_mask";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        foreach (var item in c.Data.Items)
        {
            long i = item.Long("i");
            item["length"].Ignore("the same as the input tensor");
            check.Output($"out.mask{i}", Functional.LengthToMask(c.Input($"length{i}"), item.LongOrNull("max_len")));
        }
    }
}
