using SpeechBrain.Sharp.Features;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

public sealed class FilterPropertiesAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "speechbrain.utils.filter_analysis";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        foreach (var item in c.Data.Items)
        {
            var stacked = FilterProperties.Stack([.. item["filters"].Items.Select(f => new FilterProperties(
                f.Items[0].AsLong(), f.Items[1].AsLong(), f.Items[2].AsLong(), f.Items[3].AsBool()))]);
            check.Value(item["window_size"], stacked.WindowSize);
            check.Value(item["stride"], stacked.Stride);
            check.Value(item["dilation"], stacked.Dilation);
            check.Value(item["causal"], stacked.Causal);
        }
    }
}
