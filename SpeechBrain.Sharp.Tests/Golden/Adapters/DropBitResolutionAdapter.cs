using SpeechBrain.Sharp.Augment;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

/// <summary>One draw and one peak for the batch.</summary>
public sealed class DropBitResolutionAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "speechbrain.augment.time_domain.DropBitResolution";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        string target = c.Constructor.String("target_dtype", "random");
        if (target == "random")
            target = c.Draws.Next("random.choice").Value!.AsString();
        var resolution = Enum.Parse<BitResolution>(target, ignoreCase: true);
        using var op = new DropBitResolution(resolution, perBatch: true);
        c.Data["input_changed_in_place"].Ignore("inputs are never written to, see AugmentationProperties");
        var x = c.Input("x");
        check.Output("out.y", op.Apply(new AugmentedBatch(x), new DropBitResolutionParameters([resolution])).Data);
    }
}
