using SpeechBrain.Sharp.Masks;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

public sealed class MakeTransformerSrcTgtMasksAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "make_transformer_src_tgt_masks";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        foreach (var item in c.Data.Items)
        {
            long i = item.Long("i"), time = item.Long("T");
            item["wav_len"].Ignore("the same as the input tensor");
            item.Find("tgt")?.Ignore("the same as the input tensor");
            var wavLen = c.Input($"wav_len{i}");
            var config = item.LongOrNull("chunk") is { } chunk ? new DynChunkTrainConfig(chunk, item.LongOrNull("left")) : null;
            var masks = Functional.MakeTransformerSrcTgtMasks(
                zeros([wavLen.shape[0], time, 3], device: c.Device), c.InputOrNull($"tgt{i}"), wavLen, item.Long("pad_idx", 0), dynChunkTrainConfig: config);

            string keyPadding = $"out.src_key_padding{i}";
            var recorded = c.Recorded(keyPadding);
            if (recorded.shape[1] < time)
                check.Deviates(
                    "key-padding-width", keyPadding, masks.SrcKeyPaddingMask!,
                    cat([recorded, ones([recorded.shape[0], time - recorded.shape[1]], recorded.dtype)], 1));
            else
                check.Output(keyPadding, masks.SrcKeyPaddingMask!);
            foreach (var (name, mask) in ((string, Tensor?)[])[("src_mask", masks.SrcMask), ("tgt_key_padding", masks.TgtKeyPaddingMask), ("tgt_mask", masks.TgtMask)])
            {
                if (c.Has($"out.{name}{i}") != mask is not null)
                    check.Fail($"out.{name}{i}: one of ours and SpeechBrain's is None");
                else if (mask is not null)
                    check.Output($"out.{name}{i}", mask);
            }
        }
    }
}
