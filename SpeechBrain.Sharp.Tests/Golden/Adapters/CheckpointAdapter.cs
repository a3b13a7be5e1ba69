using SpeechBrain.Sharp.Features;
using SpeechBrain.Sharp.Serialization;
using SpeechBrain.Sharp.Training;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

/// <summary>A checkpoint folder that SpeechBrain wrote: model, normaliser, scheduler, optimizer and counter.</summary>
public sealed class CheckpointAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "speechbrain.utils.checkpoints.Checkpointer";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        var folder = SpeechBrainCheckpointFolder.Open(Path.Combine(c.Folder, c.Data.String("dir")));
        string[] files = ["CKPT.yaml", .. folder.Names.Select(n => n + ".ckpt")];
        check.Value(c.Data["files"], files);

        var model = SpeechBrainCheckpoint.LoadStateDict(folder.FileOf("model"));
        foreach (var (key, tensor) in model)
            check.Output("out." + key, tensor);

        using var normalizer = new InputNormalization();
        var statistics = SpeechBrainCheckpoint.LoadStateDict(folder.FileOf("normalizer"));
        normalizer.LoadStatisticsDict(statistics);
        check.Output("out.normalizer.glob_mean", normalizer.GlobMean!);
        check.Output("out.normalizer.glob_std", normalizer.GlobStd!);
        check.Value(c.Data["normalizer_count"], normalizer.Count);

        check.Value(c.Data["counter"], long.Parse(File.ReadAllText(folder.FileOf("counter"))));
        var scheduler = (OrderedDictionary<object, object?>)SpeechBrainCheckpoint.Load(folder.FileOf("scheduler"))!;
        var noam = new NoamScheduler(1, 1) { NSteps = (long)scheduler["n_steps"]! };
        check.Value(c.Data["scheduler"]["n_steps"], noam.NSteps);
        check.Value(c.Data["scheduler"]["losses"], scheduler["losses"]);

        var optimizer = (OrderedDictionary<object, object?>)SpeechBrainCheckpoint.Load(folder.FileOf("optimizer"))!;
        var states = (OrderedDictionary<object, object?>)optimizer["state"]!;
        int parameters = model.Count;
        if (states.Count == 0 || states.Count > parameters)
            check.Fail($"the optimizer has {states.Count} states for {parameters} tensors");
        foreach (var (key, state) in states)
        {
            var moments = (OrderedDictionary<object, object?>)state!;
            if (moments["exp_avg"] is not Tensor average || moments["exp_avg_sq"] is not Tensor square || !average.shape.SequenceEqual(square.shape))
                check.Fail($"state {key} of the optimizer has no two moments of one shape");
        }
    }
}
