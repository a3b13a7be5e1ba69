using SpeechBrain.Sharp.Augment.Signal;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

/// <summary>The arguments of this group of calls stand in the generator, and nowhere in the case.</summary>
public sealed class AmplitudeAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "compute_amplitude / dB_to_amplitude / rescale / normalize / mean_std_norm";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        var x = c.Input("x");
        var channels = c.Input("xc");
        var lengths = c.Input("lengths").unsqueeze(1);
        foreach (var ampType in Enum.GetValues<AmplitudeType>())
        {
            foreach (var scale in Enum.GetValues<AmplitudeScale>())
            {
                string name = $"out.{ampType.ToString().ToLowerInvariant()}_{(scale == AmplitudeScale.Db ? "dB" : "linear")}";
                check.Output(name, Functional.ComputeAmplitude(x, null, ampType, scale));
                check.Output(name + "_len", Functional.ComputeAmplitude(x, lengths, ampType, scale));
                check.Output(name + "_chan_len", Functional.ComputeAmplitude(channels, lengths, ampType, scale));
            }
        }
        check.Output("out.dB_to_amplitude", Functional.DbToAmplitude(c.Input("snr")));
        check.Output("out.zeros_dB", Functional.ComputeAmplitude(zeros(1, 5), null, AmplitudeType.Avg, AmplitudeScale.Db));
        check.Output("out.rescale_avg", Functional.Rescale(x, null, 0.3, AmplitudeType.Avg, AmplitudeScale.Linear));
        check.Output("out.rescale_peak_dB", Functional.Rescale(x, null, -6.0, AmplitudeType.Peak, AmplitudeScale.Db));
        check.Output("out.normalize_avg", Functional.Normalize(x, lengths, AmplitudeType.Avg));
        check.Output("out.mean_std_norm", Functional.MeanStdNorm(x));
    }
}
