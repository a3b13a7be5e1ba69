using SpeechBrain.Sharp.Augment;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

/// <summary>The drawn numbers are scaled to frequencies; channels of one example are filtered alike, each for itself.</summary>
public sealed class DropFreqAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "speechbrain.augment.time_domain.DropFreq";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        double low = c.Constructor.Double("drop_freq_low", 1e-14), high = c.Constructor.Double("drop_freq_high", 1);
        double epsilon = c.Constructor.Double("epsilon", 1e-12);
        using var op = new DropFreq(
            low, high, c.Constructor.Long("drop_freq_count_low", 1), c.Constructor.Long("drop_freq_count_high", 3),
            c.Constructor.Double("drop_freq_width", 0.05), epsilon, perBatch: true);
        long count = c.Draws.Next("torch.randint").Longs.Single();
        double[] drawn = c.Draws.Next("torch.rand").Doubles;
        if (drawn.Length != count)
            check.Fail($"{count} notches and {drawn.Length} frequencies were drawn");
        // In float32, as they were drawn.
        var frequencies = drawn.Select(u => (double)Math.Max((float)u * (float)(high - low) + (float)low, (float)epsilon));
        var parameters = new DropFreqParameters([[.. frequencies]]);
        var y = op.Apply(new AugmentedBatch(c.Input("x")), parameters).Data;
        if (c.HasInput("x1"))
        {
            check.Output("out.y_upstream", y);
            check.Deviates(
                "drop-freq-channel-axis", "out.y1_upstream", op.Apply(new AugmentedBatch(c.Input("x1")), parameters).Data,
                c.Recorded("out.y1_upstream").unsqueeze(2));
            return;
        }
        c.Data["input_changed_in_place"].Ignore("inputs are never written to, see AugmentationProperties");
        check.Output("out.y", y);
    }
}
