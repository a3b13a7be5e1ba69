using SpeechBrain.Sharp.Augment;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

/// <summary>One draw for the batch.</summary>
public sealed class DoClipAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "speechbrain.augment.time_domain.DoClip";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        double low = c.Constructor.Double("clip_low", 0.5), high = c.Constructor.Double("clip_high", 0.5);
        using var op = new DoClip(low, high, perBatch: true);
        c.Data["input_changed_in_place"].Ignore("inputs are never written to, see AugmentationProperties");
        var x = c.Input("x");
        double clip = c.Draws.Next("torch.rand").Doubles.Single() * (high - low) + low;
        check.Output("out.y", op.Apply(new AugmentedBatch(x), new DoClipParameters([clip])).Data);
    }
}
