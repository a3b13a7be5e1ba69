using SpeechBrain.Sharp.Augment;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

/// <summary>SpeechBrain's reverberation is circular, with one response a batch.</summary>
public sealed class AddReverbAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "speechbrain.augment.time_domain.AddReverb";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        int reverbRate = c.Constructor.Int("reverb_sample_rate", 16000), rate = c.Constructor.Int("clean_sample_rate", 16000);
        c.Data["input_changed_in_place"].Ignore("inputs are never written to, see AugmentationProperties");
        var rir = c.Input("rir").reshape(1, -1);
        if (reverbRate != rate)
            rir = Functional.Resample(rir, reverbRate, rate);
        using var op = new AddReverb(new RirBank([rir[0]], rate, c.Constructor.Double("rir_scale_factor", 1)), circular: true, perBatch: true);
        check.Output("out.y", op.Apply(new AugmentedBatch(c.Input("x")), new AddReverbParameters([0])).Data);
    }
}
