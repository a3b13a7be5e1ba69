using SpeechBrain.Sharp.Benchmarks.Baselines;
using SpeechBrain.Sharp.Masks;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Benchmarks.Cases;

/// <summary>
/// Masks as they are made in each forward, and as the cache gives them; against SpeechBrain's and the loop over rows that it had before. At 300
/// frames, 12 s, with the share that each takes of a Conformer's inference.
/// </summary>
internal static class MaskCases
{
    public static IEnumerable<BenchmarkCase> All(Device device)
    {
        foreach (var frames in new[] { 300, 3000 })
            foreach (var (chunks, config) in new[] { ("chunk16-left4", new DynChunkTrainConfig(16, 4)), ("chunk16", new DynChunkTrainConfig(16)) })
                foreach (var cached in new[] { false, true })
                {
                    var mask = Case($"mask/{chunks}/T{frames}/{(cached ? "cached" : "uncached")}", frames, config, cached, device);
                    var against = mask with { Twin = $"mask/{chunks}/T{frames}/speechbrain" };
                    if (frames == 300)
                        against = against with { Whole = "an inference", PrepareWhole = () => ConformerCases.Inference(device) };
                    yield return against;
                    yield return against with { Peer = "old-loop", PrepareBaseline = () => OldLoop(frames, config, device) };
                }
    }

    private static BenchmarkCase Case(string name, long frames, DynChunkTrainConfig config, bool cached, Device device) =>
        new(name, "speechbrain", () =>
        {
            var owner = NewDisposeScope();
            var source = randn(1, frames, 8, device: device);
            var cache = cached ? MaskCache.Shared : null;
            return (() => Functional.MakeTransformerSrcMask(source, dynChunkTrainConfig: config, cache: cache)?.Dispose(), owner);
        });

    private static (Action, IDisposable) OldLoop(long frames, DynChunkTrainConfig config, Device device)
    {
        var owner = NewDisposeScope();
        var source = randn(1, frames, 8, device: device);
        return (() => RowLoopMask.Make(source, config).Dispose(), owner);
    }
}
