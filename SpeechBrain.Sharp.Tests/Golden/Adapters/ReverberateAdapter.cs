using SpeechBrain.Sharp.Augment.Signal;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

/// <summary>SpeechBrain's reverberation is circular.</summary>
public sealed class ReverberateAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "reverberate";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        var x = c.Input("x");
        var rir = c.Input("rir");
        var mono = x.select(2, 0);
        check.Output("out.avg", Functional.Reverberate(x, rir, AmplitudeType.Avg, circular: true));
        check.Output("out.peak", Functional.Reverberate(x, rir, AmplitudeType.Peak, circular: true));
        check.Output("out.none", Functional.Reverberate(x, rir, null, circular: true));
        check.Output("out.long_avg", Functional.Reverberate(x, c.Input("rir_long"), AmplitudeType.Avg, circular: true));
        check.Output("out.bt_avg", Functional.Reverberate(mono, rir, AmplitudeType.Avg, circular: true));
        check.Output("out.t_avg", Functional.Reverberate(mono.select(0, 0), rir.reshape(-1), AmplitudeType.Avg, circular: true));
    }
}
