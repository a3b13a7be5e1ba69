using SpeechBrain.Sharp.Transducer;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

public sealed class CtcLossAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "speechbrain.nnet.losses.ctc_loss";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        c.Data.Ignore("the sizes that the inputs were drawn in");
        long blank = c.Constructor.Long("blank_index");
        var logits = c.Input("logits").requires_grad_();
        Tensor log = logits.log_softmax(-1), targets = c.Input("targets"), frames = c.Input("wav_len"), labels = c.Input("tgt_len");
        foreach (var reduction in Enum.GetValues<LossReduction>())
        {
            var loss = Functional.CtcLoss(log, targets, frames, labels, blank, reduction);
            check.Output($"out.{reduction.ToString().ToLowerInvariant()}", loss);
            if (reduction == LossReduction.BatchMean)
                check.Output("grad.logits_batchmean", autograd.grad([loss], [logits], retain_graph: true)[0]);
        }
    }
}
