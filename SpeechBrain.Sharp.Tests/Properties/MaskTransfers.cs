using SpeechBrain.Sharp.Masks;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Properties;

/// <summary>Masks and lengths.</summary>
public static class MaskTransfers
{
    private static readonly DynChunkTrainConfig chunks = new(4, 2);

    /// <summary>The cases.</summary>
    public static IEnumerable<TransferCase> All =>
    [
        Of("LengthToMask", lengths => Functional.LengthToMask(lengths, 9)),
        Of("LengthToMask to the longest", lengths => Functional.LengthToMask(lengths)) with { Waits = 1, HostCopies = 1 },
        Of("GetMaskFromLengths", lengths => Functional.GetMaskFromLengths(lengths, 9)),
        Of("UndoPadding", lengths => Functional.UndoPadding(zeros(2, 9, device: lengths.device), lengths / 9)[0])
            with { Waits = 1, HostCopies = 1, ReadsHostMemory = true },
        Of("AbsoluteLengths", lengths => Functional.AbsoluteLengths(lengths / 9, 9)) with { ReadsHostMemory = true },
        Of("MakePaddingMask", lengths => Functional.MakePaddingMask(zeros(2, 9, device: lengths.device), lengths / 9))
            with { ReadsHostMemory = true },
        Source("GetLookaheadMask", source => Functional.GetLookaheadMask(source, cache: null)),
        Source("GetKeyPaddingMask", source => Functional.GetKeyPaddingMask(source.select(2, 0), 0)),
        Source("MakeTransformerSrcMask", source => Functional.MakeTransformerSrcMask(source, dynChunkTrainConfig: chunks, cache: null)!),
        Source("MakeTransformerSrcMask causal", source => Functional.MakeTransformerSrcMask(source, causal: true, cache: null)!),
        Source("MakeTransformerSrcMask cached", source =>
            Functional.MakeTransformerSrcMask(source, dynChunkTrainConfig: chunks, cache: MaskCache.Shared)!),
        Source("MakeTransformerSrcTgtMasks", source => Functional.MakeTransformerSrcTgtMasks(
            source, source.select(2, 0), ones(2, device: source.device), dynChunkTrainConfig: chunks).SrcKeyPaddingMask!)
            with { ReadsHostMemory = true },
        Source("MasksUnion", source => Functional.MasksUnion(
            2, 9, 1, zeros([9, 9], ScalarType.Bool, source.device), zeros([2, 9], ScalarType.Bool, source.device))!),
    ];

    private static TransferCase Of(string name, Func<Tensor, Tensor> call) => new(name, device =>
    {
        var lengths = tensor(new[] { 9f, 5f }, device: device);
        return () => call(lengths);
    });

    private static TransferCase Source(string name, Func<Tensor, Tensor> call) => new(name, device =>
    {
        var source = SignalTransfers.Noise(device, 2, 9, 4);
        return () => call(source);
    });
}
