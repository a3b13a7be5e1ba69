using SpeechBrain.Sharp.Augment;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

/// <summary>The white noise is drawn first, then one exponent an example.</summary>
public sealed class PinkNoiseAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "speechbrain.augment.time_domain.pink_noise_like";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        double low = c.Call.Double("alpha_low", 1), high = c.Call.Double("alpha_high", 1);
        c.IgnoreInput("x", "only its shape matters, which the noise has");
        var white = c.Draws.Next("torch.randn_like").Tensor;
        var alpha = c.Draws.Next("torch.rand").Tensor * (high - low) + low;
        check.Output("out.y", Functional.PinkNoise(white, alpha, c.Call.Double("sample_rate", 50)));
    }
}
