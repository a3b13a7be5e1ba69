using SpeechBrain.Sharp.Augment;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

/// <summary>All masks are drawn in the first call; every call permutes and rolls them further.</summary>
public sealed class FastDropChunkAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "speechbrain.augment.time_domain.FastDropChunk";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        using var op = new FastDropChunk(
            c.Constructor.Long("drop_length_low", 100), c.Constructor.Long("drop_length_high", 1000), c.Constructor.Long("drop_count_low", 1),
            c.Constructor.Long("drop_count_high", 10), c.Constructor.Long("drop_start", 0), c.Constructor.LongOrNull("drop_end"),
            c.Constructor.Int("n_masks", 1000));
        int all = c.Draws.Count;
        var masks = c.Draws.Next("torch.randint").Longs.Select(count => (ValueList<Chunk>)[.. DropChunkAdapter.Chunks(c, count)]).ToArray();
        check.Output("out.y1", Call(c.Input("x1")));
        check.Value(c.Data["draws_of_first_call"], all - c.Draws.Left);
        check.Output("out.y2", Call(c.Input("x2")));

        Tensor Call(Tensor x)
        {
            long[] order = c.Draws.Next("torch.randperm").Longs;
            long shift = c.Draws.Next("torch.randint").Longs.Single();
            masks = [.. order.Select(i => FastDropChunk.Roll(masks[i], shift, x.shape[1]))];
            return op.Apply(new AugmentedBatch(x), new DropChunkParameters([.. masks.Take((int)x.shape[0])], null)).Data;
        }
    }
}
