using SpeechBrain.Sharp.Augment;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

/// <summary>One warp for the batch.</summary>
public sealed class WarpingAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "speechbrain.augment.freq_domain.Warping";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        var mode = Enum.Parse<WarpMode>(c.Constructor.String("warp_mode", "bicubic"), ignoreCase: true);
        using var op = new Warping(c.Constructor.Long("warp_window", 5), mode, c.Constructor.Int("dim", 1), perBatch: true);
        c.Data["input_changed_in_place"].Ignore("ours never writes into its input, which a theory over all augmentations shows");
        using var batch = new AugmentedBatch(c.Input("x"));
        long center = 0, target = 0;
        if (c.Draws.Count > 0)
        {
            center = c.Draws.Next("torch.randint").Longs[0];
            target = c.Draws.Next("torch.randint").Longs[0] + 1;
        }
        check.Output("out.y", op.Apply(batch, new WarpingParameters([center], [target])).Data);
    }
}
