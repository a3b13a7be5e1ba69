using SpeechBrain.Sharp.Training;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

public sealed class StateDictAverageAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "speechbrain.utils.checkpoints.average_state_dicts";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        var dicts = c.Names("in.").Select(n => n.Split('.', 3)).GroupBy(n => int.Parse(n[1])).OrderBy(g => g.Key)
            .Select(g => (IReadOnlyDictionary<string, Tensor>)g.ToDictionary(n => n[2], n => c.Input($"{n[1]}.{n[2]}")));
        foreach (var (key, mean) in StateDictAverage.Of(dicts))
            check.Output("out." + key, mean);
    }
}
