using SpeechBrain.Sharp.Augment;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

/// <summary>One shift for the batch, padding and all.</summary>
public sealed class RandomShiftAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "speechbrain.augment.freq_domain.RandomShift";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        using var op = new RandomShift(
            c.Constructor.Long("min_shift", 0), c.Constructor.Long("max_shift", 0), c.Constructor.Int("dim", 1), perBatch: true, rollPadding: true);
        c.Data["input_changed_in_place"].Ignore("ours never writes into its input, which a theory over all augmentations shows");
        var x = c.Input("x");
        using var batch = AugmentedBatch.FromRelative(x, c.Input("lengths").cpu().data<float>().ToArray());
        var result = op.Apply(batch, new RandomShiftParameters([c.Draws.Next("torch.randint").Longs[0]]));
        check.Output("out.y", result.Data);
        // Our lengths are whole frames; the nearest to the part of a frame that a relative length may hold.
        check.Output("out.lengths", result.RelativeLengths(), 0, 0.5 / x.shape[1] + 1e-6);
    }
}
