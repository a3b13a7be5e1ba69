using SpeechBrain.Sharp.Conformer;
using SpeechBrain.Sharp.Masks;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

/// <summary>Arguments that the cases of the Conformer have in common.</summary>
internal static class ConformerArguments
{
    /// <summary>The chunks of a call, or null.</summary>
    internal static DynChunkTrainConfig? Chunks(GoldenCase c)
    {
        long? size = c.Call.LongOrNull("chunk_size"), left = c.Call.LongOrNull("left_context_size");
        return size is { } frames ? new DynChunkTrainConfig(frames, left) : null;
    }

    /// <summary>The kind of attention.</summary>
    internal static AttentionType Attention(GoldenCase c, string absent = "RelPosMHAXL") =>
        Enum.Parse<AttentionType>(c.Constructor.String("attention_type", absent), ignoreCase: true);

    /// <summary>The positions that the call was given: none, or those of <c>RelPosEncXL(x)</c>.</summary>
    internal static Tensor? Positions(GoldenCase c, AttentionType type, RelPosEncXL encoding, Tensor x)
    {
        if (c.Call.Find("pos_embs") is { IsNull: false })
            c.Call.Expect("pos_embs", "RelPosEncXL(x)");
        return type == AttentionType.RelPosMHAXL ? encoding.call(x) : null;
    }
}
