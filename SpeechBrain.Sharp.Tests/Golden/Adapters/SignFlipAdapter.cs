using SpeechBrain.Sharp.Augment;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

/// <summary>One draw for the batch.</summary>
public sealed class SignFlipAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "speechbrain.augment.time_domain.SignFlip";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        double probability = c.Constructor.Double("flip_prob", 0.5);
        using var op = new SignFlip(probability, perBatch: true);
        c.Data["input_changed_in_place"].Ignore("inputs are never written to, see AugmentationProperties");
        var x = c.Input("x");
        bool flip = c.Draws.Next("torch.rand").Doubles.Single() < probability;
        check.Output("out.y", op.Apply(new AugmentedBatch(x), new SignFlipParameters([flip])).Data);
    }
}
