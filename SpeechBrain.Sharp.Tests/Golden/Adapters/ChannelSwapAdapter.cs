using SpeechBrain.Sharp.Augment;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

/// <summary>One draw for the batch; SpeechBrain loses a channel in each swap of a pair.</summary>
public sealed class ChannelSwapAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "speechbrain.augment.time_domain.ChannelSwap";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        using var op = new ChannelSwap(c.Constructor.Long("min_swap", 0), c.Constructor.Long("max_swap", 0), perBatch: true);
        c.Data["input_changed_in_place"].Ignore("inputs are never written to, see AugmentationProperties");
        var x = c.Input("x");
        long[] first = c.Draws.Next("torch.randperm").Longs, second = c.Draws.Next("torch.randperm").Longs;
        long swaps = c.Draws.Next("torch.randint").Longs.Single();
        var y = op.Apply(new AugmentedBatch(x), new ChannelSwapParameters([ChannelSwap.Order(first, second, swaps)])).Data;
        if (swaps == 0 || swaps >= first.Length)
        {
            check.Output("out.y", y);
            return;
        }
        var channels = x.unbind(2);
        for (int i = 0; i < swaps; i++)
            (channels[first[i]], channels[second[i]]) = (channels[second[i]], channels[first[i]]);
        check.Deviates("channel-swap-copies", "out.y", y, stack(channels, 2));
    }
}
