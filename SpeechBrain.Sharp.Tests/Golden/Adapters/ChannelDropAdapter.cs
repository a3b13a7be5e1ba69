using SpeechBrain.Sharp.Augment;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

/// <summary>One draw for the batch.</summary>
public sealed class ChannelDropAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "speechbrain.augment.time_domain.ChannelDrop";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        double rate = c.Constructor.Double("drop_rate", 0.1);
        using var op = new ChannelDrop(rate, perBatch: true);
        c.Data["input_changed_in_place"].Ignore("inputs are never written to, see AugmentationProperties");
        var x = c.Input("x");
        double[] drawn = c.Draws.Next("torch.rand").Doubles;
        check.Output("out.y", op.Apply(new AugmentedBatch(x), new ChannelDropParameters([[.. drawn.Select(u => u >= (float)rate)]])).Data);
    }
}
