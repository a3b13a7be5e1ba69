using System.Text.Json;
using SpeechBrain.Sharp.Masks;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

public sealed class MakeTransformerSrcMaskAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "make_transformer_src_mask";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        bool causal = c.Call.Bool("causal");
        if (c.Data.Kind == JsonValueKind.Object)
        {
            long[] times = c.Data.Longs("T");
            for (int i = 0; i < times.Length; i++)
                Check(i, times[i], null);
            return;
        }
        foreach (var item in c.Data.Items)
            Check(item.Long("i"), item.Long("T"), new DynChunkTrainConfig(item.Long("chunk_size"), item.LongOrNull("left_context_size")));

        void Check(long i, long time, DynChunkTrainConfig? config) =>
            check.Output($"out.mask{i}", Functional.MakeTransformerSrcMask(zeros([1, time, 2], device: c.Device), causal, config)!);
    }
}
