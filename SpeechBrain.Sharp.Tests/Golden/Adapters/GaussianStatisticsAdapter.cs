namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

/// <summary>The calls stand in the generator: statistics with and without mask, both together, and the running form.</summary>
public sealed class GaussianStatisticsAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "gaussian_statistics / combine_gaussian_statistics / mean_std_update";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        var x = c.Input("x");
        var mask = c.Input("mask");
        var masked = Functional.GaussianStatistics(x, mask, 0, 1);
        var plain = Functional.GaussianStatistics(x, null, 0, 1);
        var combined = Functional.CombineGaussianStatistics(masked, plain);
        var updated = Functional.MeanStdUpdate(x, mask, [0, 1], plain.Count, plain.Mean, plain.Variance.sqrt());
        check.Value(c.Data["count_masked"], masked.Count.item<long>());
        check.Value(c.Data["count"], plain.Count.item<long>());
        check.Value(c.Data["count_comb"], combined.Count.item<long>());
        check.Value(c.Data["count_upd"], updated.Count.item<long>());
        check.Output("out.mean_masked", masked.Mean);
        check.Output("out.var_masked", masked.Variance);
        check.Output("out.mean", plain.Mean);
        check.Output("out.var", plain.Variance);
        check.Output("out.mean_comb", combined.Mean);
        check.Output("out.var_comb", combined.Variance);
        check.Output("out.mean_upd", updated.Mean);
        check.Output("out.std_upd", updated.Std);
    }
}
