using SpeechBrain.Sharp.Data;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

public sealed class DynamicBatchSamplerAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "speechbrain.dataio.sampler.DynamicBatchSampler";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        var k = c.Constructor;
        double[] lengths = c.Data.Doubles("durations");
        double longest = k.Double("max_batch_length");
        var (shuffle, drop, seed) = (k.Bool("shuffle", true), k.Bool("drop_last", false), k.Long("seed", 42));
        var ordering = Enum.Parse<BatchOrdering>(k.String("batch_ordering", "random"), ignoreCase: true);
        int? most = k.LongOrNull("max_batch_ex") is { } limit ? (int)limit : null;
        var sampler = k.Keys.Contains("bucket_boundaries")
            ? new DynamicBatchSampler(lengths, longest, k.Doubles("bucket_boundaries"), shuffle, ordering, most, drop, seed)
            : new DynamicBatchSampler(lengths, longest, k.Int("num_buckets"), shuffle, ordering, most, drop, seed);

        check.Value(c.Data["bucket_boundaries"], sampler.BucketBoundaries);
        check.Value(c.Data["bucket_lens"], sampler.BucketLens);
        foreach (var (i, batches) in c.Data["epochs_with_set_epoch"].Items.Index())
            check.Value(batches, sampler.Batches(i + 1));
        foreach (var (i, batches) in c.Data["epochs"].Items.Index())
        {
            // From the second pass on SpeechBrain repeats itself; without anything random every pass is the same here too.
            if (i == 0 || (!shuffle && ordering != BatchOrdering.Random))
                check.Value(batches, sampler.Batches(i));
            else
                check.Deviates("sampler-frozen", batches);
        }
    }
}
