using SpeechBrain.Sharp.Masks;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Benchmarks.Baselines;

/// <summary>
/// How SpeechBrain made chunk masks before its pull request 2426 (https://github.com/speechbrain/speechbrain/issues/2395), written anew from its
/// description: nothing masked at first; then row by row what lies after the row's chunk, and row by row what lies before its left context.
/// </summary>
internal static class RowLoopMask
{
    public static Tensor Make(Tensor src, DynChunkTrainConfig config)
    {
        using var scope = NewDisposeScope();
        long time = src.size(1), chunk = config.ChunkSize;
        var mask = zeros([time, time], ScalarType.Bool, src.device);
        using var masked = tensor(true);
        for (long t = 0; t < time; t++)
        {
            long next = (t / chunk + 1) * chunk;
            if (next < time)
                mask[TensorIndex.Single(t), TensorIndex.Slice(next)] = masked;
        }
        if (config.LeftContextSize is { } left)
            for (long t = 0; t < time; t++)
            {
                long first = Math.Max(0, (t / chunk - left) * chunk);
                if (first > 0)
                    mask[TensorIndex.Single(t), TensorIndex.Slice(0, first)] = masked;
            }
        return mask.MoveToOuterDisposeScope();
    }
}
