namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

public sealed class NotchFilterAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "notch_filter";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        foreach (var call in c.Data.Items)
            check.Output(
                $"out.k{call.Long("i")}",
                Functional.NotchFilter(call.Double("notch_freq"), call.Int("filter_width", 101), call.Double("notch_width", 0.05)));
    }
}
