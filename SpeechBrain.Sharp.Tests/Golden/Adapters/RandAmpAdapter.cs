using SpeechBrain.Sharp.Augment;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

/// <summary>One draw an example.</summary>
public sealed class RandAmpAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "speechbrain.augment.time_domain.RandAmp";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        double low = c.Constructor.Double("amp_low", 0.5), high = c.Constructor.Double("amp_high", 1.5);
        using var op = new RandAmp(low, high);
        c.Data["input_changed_in_place"].Ignore("inputs are never written to, see AugmentationProperties");
        var x = c.Input("x");
        double[] drawn = c.Draws.Next("torch.rand").Doubles;
        check.Output("out.y", op.Apply(new AugmentedBatch(x), new RandAmpParameters([.. drawn.Select(u => u * (high - low) + low)])).Data);
    }
}
