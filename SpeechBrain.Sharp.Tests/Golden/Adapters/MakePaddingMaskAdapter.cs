using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

public sealed class MakePaddingMaskAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "speechbrain.processing.features.make_padding_mask";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        foreach (var item in c.Data.Items)
        {
            long i = item.Long("i");
            item["lengths"].Ignore("the same as the input tensor");
            check.Output(
                $"out.mask{i}",
                Functional.MakePaddingMask(zeros(item.Longs("shape"), device: c.Device), c.Input($"lengths{i}"), item.Int("length_dim", 1)));
        }
    }
}
