using SpeechBrain.Sharp.Masks;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Benchmarks.Cases;

/// <summary>Masks as they are built in each forward.</summary>
internal static class MaskCases
{
    public static IEnumerable<BenchmarkCase> All()
    {
        foreach (var frames in new[] { 300, 3000 })
        {
            yield return Case($"mask/chunk16-left4/T{frames}/uncached", frames, new DynChunkTrainConfig(16, 4));
            yield return Case($"mask/chunk16/T{frames}/uncached", frames, new DynChunkTrainConfig(16));
        }
    }

    private static BenchmarkCase Case(string name, long frames, DynChunkTrainConfig config) => new(name, "speechbrain", () =>
    {
        var owner = NewDisposeScope();
        var source = randn(1, frames, 8);
        return (() => Functional.MakeTransformerSrcMask(source, dynChunkTrainConfig: config)?.Dispose(), owner);
    });
}
