using SpeechBrain.Sharp.Data;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

public sealed class BucketBoundariesAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "DynamicBatchSampler._get_boundaries_through_warping";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        foreach (var row in c.Data.Items)
            check.Value(row["boundaries"], new DynamicBatchSampler([], row.Double("max_batch_length"), row.Int("num_buckets")).BucketBoundaries);
    }
}
