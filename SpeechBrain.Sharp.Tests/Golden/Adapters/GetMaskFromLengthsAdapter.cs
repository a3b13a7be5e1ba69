namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

public sealed class GetMaskFromLengthsAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "get_mask_from_lengths";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        foreach (string name in c.Names("in.length"))
            check.Output("out.mask" + name["in.length".Length..], Functional.GetMaskFromLengths(c.Input(name["in.".Length..])));
    }
}
