using SpeechBrain.Sharp.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

public sealed class NoamSchedulerAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "speechbrain.nnet.schedulers.NoamScheduler";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        double lrInitial = c.Constructor.Double("lr_initial");
        var noam = new NoamScheduler(lrInitial, c.Constructor.Long("n_warmup_steps"), c.Constructor.LongOrNull("model_size"));
        using var parameter = new Parameter(zeros(1));
        using var optimizer = optim.SGD([parameter], lrInitial);
        foreach (var row in c.Data["old_new"].Items)
        {
            var (oldLr, newLr) = noam.Step(optimizer);
            check.Value(row, new[] { oldLr, newLr });
        }
        check.Value(c.Data["current_lr_after_50"], noam.CurrentLr);
    }
}
