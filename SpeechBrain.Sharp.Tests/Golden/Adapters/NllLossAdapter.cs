using SpeechBrain.Sharp.Transducer;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

public sealed class NllLossAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "speechbrain.nnet.losses.nll_loss";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        var (log, targets, lengths) = (c.Input("log_probs"), c.Input("targets"), c.Input("lengths"));
        foreach (var (smoothing, name) in (((double, string)[])[(0, "0.0"), (0.1, "0.1")]))
            foreach (var reduction in (LossReduction[])[LossReduction.Mean, LossReduction.BatchMean, LossReduction.Batch])
                check.Output(
                    $"out.{reduction.ToString().ToLowerInvariant()}_{name}",
                    Functional.NllLoss(log, targets, lengths, smoothing, reduction: reduction));
    }
}
