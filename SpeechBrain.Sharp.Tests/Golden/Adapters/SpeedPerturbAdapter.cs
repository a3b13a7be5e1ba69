using SpeechBrain.Sharp.Augment;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

/// <summary>SpeechBrain's rounded rates.</summary>
public sealed class SpeedPerturbAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "speechbrain.augment.time_domain.SpeedPerturb";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        long origFreq = c.Constructor.Long("orig_freq");
        int[] speeds = c.Constructor.Has("speeds") ? c.Constructor["speeds"].AsInts() : [90, 100, 110];
        if (c.Data.Find("picks_after_manual_seed") is { } picks)
        {
            using var drawing = new SpeedPerturb(origFreq, speeds);
            using var generator = new Generator((ulong)c.Seed);
            check.Value(picks, picks.Items.Select(_ => (long)Array.IndexOf(speeds, drawing.Sample(generator).SpeedOf(0))).ToArray());
            return;
        }
        using var op = new SpeedPerturb(origFreq, speeds, roundedRates: true);
        var resampler = op.Resamplers[speeds.Single()];
        check.Value(c.Data["new_freq"], resampler.NewFreq);
        check.Value(c.Data["torchaudio_kernel_shape"], new[] { resampler.Kernel.Ratio.New, 1, resampler.Kernel.Taps });
        c.Data["max_abs_out_minus_exact"].Ignore("says how the tolerance came about");
        var y = op.Apply(c.Input("x"), new SpeedPerturbParameters(speeds.Single()));
        check.Output("out.y", y);
        // The reference is exact: a float32 sum of some 13 products is off by a few units in the last place.
        check.Output("ref.y_exact", y.to_type(ScalarType.Float64), 1e-6, 2e-6);
    }
}
