using SpeechBrain.Sharp.Features;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

public sealed class MfccAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "speechbrain.lobes.features.MFCC";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        var arguments = c.Constructor;
        FbankAdapter.NoRandomFilters(arguments);
        using var mfcc = new Mfcc(
            arguments.Bool("deltas", true), arguments.Bool("context", true), arguments.Bool("requires_grad", false), arguments.Long("sample_rate", 16000),
            arguments.Double("f_min", 0), arguments.DoubleOrNull("f_max"), arguments.Long("n_fft", 400), arguments.Long("n_mels", 23),
            arguments.Long("n_mfcc", 20), FbankAdapter.Shape(arguments), arguments.Double("param_change_factor", 1), arguments.Long("left_frames", 5),
            arguments.Long("right_frames", 5), arguments.Double("win_length", 25), arguments.Double("hop_length", 10));
        check.Output("out.y", mfcc.call(c.Input("x")));
    }
}
