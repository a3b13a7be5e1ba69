using System.Text.Json;
using SpeechBrain.Sharp.Features;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

public sealed class InputNormalizationAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "speechbrain.processing.features.InputNormalization";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        var arguments = c.Constructor;
        if (!arguments.Bool("mean_norm", true) || arguments.DoubleOrNull("avg_factor") is not null)
            throw new GoldenException("mean_norm=False and avg_factor raise in SpeechBrain");
        // None and 0 mean never in SpeechBrain.
        long? until = arguments.Has("update_until_epoch") ? arguments.LongOrNull("update_until_epoch") : 2;
        using var norm = new InputNormalization(
            arguments.Bool("std_norm", true), Enum.Parse<NormType>(arguments.String("norm_type", "global"), ignoreCase: true), arguments.Int("length_dim", 1),
            until == 0 ? null : until, arguments.Bool("avoid_padding_norm", false), arguments.Double("epsilon", 1e-10));
        if (c.Data.Kind != JsonValueKind.Array)
        {
            check.Output("out.y", norm.call(c.Input("x"), c.InputOrNull("lengths"), null));
            return;
        }
        foreach (var step in c.Data.Items)
        {
            long i = step.Long("i");
            norm.train(step.Bool("train"));
            check.Output($"out.y{i}", norm.call(c.Input($"x{i}"), c.Input($"lengths{i}"), step.LongOrNull("epoch")));
            check.Output($"out.mean{i}", norm.GlobMean!);
            check.Output($"out.std{i}", norm.GlobStd!);
            check.Value(step["count_after"], norm.Count);
        }
    }
}
