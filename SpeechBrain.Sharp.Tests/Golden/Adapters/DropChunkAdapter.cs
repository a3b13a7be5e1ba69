using SpeechBrain.Sharp.Augment;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

/// <summary>Counts of all examples are drawn first, then each example's lengths, starts and noise.</summary>
public sealed class DropChunkAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "speechbrain.augment.time_domain.DropChunk";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        double noiseFactor = c.Constructor.Double("noise_factor", 0);
        using var op = new DropChunk(
            c.Constructor.Long("drop_length_low", 100), c.Constructor.Long("drop_length_high", 1000), c.Constructor.Long("drop_count_low", 1),
            c.Constructor.Long("drop_count_high", 3), c.Constructor.Long("drop_start", 0), c.Constructor.LongOrNull("drop_end"), noiseFactor);
        var x = c.Input("x");
        var batch = AugmentedBatch.FromRelative(x, c.Input("lengths").data<float>().ToArray());
        c.Data["input_changed_in_place"].Ignore("inputs are never written to, see AugmentationProperties");
        long[] counts = c.Draws.Next("torch.randint").Longs;
        var chunks = new List<ValueList<Chunk>>();
        var noise = new List<Tensor>();
        var starts = new List<long>();
        foreach (long count in counts)
        {
            starts.Add(noise.Sum(piece => piece.shape[0]));
            var own = Chunks(c, count);
            chunks.Add([.. own]);
            if (noiseFactor != 0)
                noise.AddRange(own.Select(_ => c.Draws.Next("torch.rand").Tensor));
        }
        if (noiseFactor == 0)
        {
            // Lengths matter to the draws alone: some of SpeechBrain's may lie in the padding.
            check.Output("out.y", op.Apply(new AugmentedBatch(x), new DropChunkParameters([.. chunks], null)).Data);
            return;
        }
        var y = SpeechBrain.Sharp.Augment.Chunks.Drop(batch, [.. chunks], cat([.. noise], 0), [.. starts], noiseFactor).Data;
        check.Deviates("drop-chunk-loudness", "out.y", y, Expected(batch, c.Recorded("out.y"), c.Input("lengths")));
    }

    /// <summary>The chunks of one example.</summary>
    internal static Chunk[] Chunks(GoldenCase c, long count)
    {
        if (count == 0)
            return [];
        long[] lengths = c.Draws.Next("torch.randint").Longs, starts = c.Draws.Next("torch.randint").Longs;
        return [.. starts.Select((start, i) => new Chunk(start, lengths[i]))];
    }

    // SpeechBrain's noise times the mean absolute value of the valid samples over that of all samples (divided by the valid length).
    private static Tensor Expected(AugmentedBatch batch, Tensor recorded, Tensor relative)
    {
        var x = batch.Data;
        var theirs = x.abs().sum(1) / (relative * x.shape[1]).to(ScalarType.Int64);
        var ours = batch.Silence(x).abs().sum(1) / batch.DeviceLengths;
        var beyond = batch.Silence(ones_like(x)).eq(0);
        return (recorded * (ours / theirs).unsqueeze(1)).where(recorded.ne(x).logical_and(beyond.logical_not()), x);
    }
}
