using SpeechBrain.Sharp.Augment;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

/// <summary>One draw for the batch.</summary>
public sealed class CutCatAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "speechbrain.augment.time_domain.CutCat";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        using var op = new CutCat(c.Constructor.Long("min_num_segments", 2), c.Constructor.Long("max_num_segments", 10), perBatch: true);
        c.Data["input_changed_in_place"].Ignore("inputs are never written to, see AugmentationProperties");
        var x = c.Input("x");
        var parameters = new CutCatParameters([[]]);
        if (x.shape[0] > 1)
        {
            long segments = c.Draws.Next("torch.randint").Longs.Single();
            long[] cuts = linspace(0, x.shape[1], segments + 1, ScalarType.Int32).to(ScalarType.Int64).data<long>().ToArray();
            parameters = new CutCatParameters([[.. cuts[1..^1]]]);
        }
        check.Output("out.y", op.Apply(new AugmentedBatch(x), parameters).Data);
    }
}
