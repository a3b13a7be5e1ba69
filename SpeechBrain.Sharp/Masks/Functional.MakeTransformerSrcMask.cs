using SpeechBrain.Sharp.Masks;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp;

public static partial class Functional
{
    /// <summary>
    /// The attention mask of an encoder: chunks as a bool mask in which <b>True = may not attend</b>, or strict causality as the additive
    /// <see cref="GetLookaheadMask"/>, or none.
    /// </summary>
    /// <param name="src"><c>[batch, time, ...]</c>; only its second size and its device matter.</param>
    /// <param name="causal">Whether a frame may not see any later frame. Not together with chunks.</param>
    /// <param name="dynChunkTrainConfig">
    /// Chunks: a frame sees its chunk whole, <see cref="DynChunkTrainConfig.LeftContextSize"/> chunks to its left, nothing to its right.
    /// </param>
    /// <returns><c>[time, time]</c>, row = query, column = key; null if every frame may see every frame.</returns>
    /// <remarks>
    /// <code>
    /// the first four rows at time 5, chunks of 2, left context of 0 chunks:
    ///     False False True  True  True
    ///     False False True  True  True
    ///     True  True  False False True
    ///     True  True  False False True
    /// </code>
    /// SpeechBrain 1.1.0, <c>speechbrain/lobes/models/transformer/TransformerASR.py, make_transformer_src_mask</c>.
    /// </remarks>
    /// <exception cref="ArgumentException">Less than two dimensions, or causal together with chunks.</exception>
    public static Tensor? MakeTransformerSrcMask(Tensor src, bool causal = false, DynChunkTrainConfig? dynChunkTrainConfig = null)
    {
        Require.MinimumRank(src, nameof(src), "[batch, time, ...]", 2);
        if (causal && dynChunkTrainConfig is not null)
            throw new ArgumentException(
                $"causal attention and chunks of {dynChunkTrainConfig.ChunkSize} frames exclude each other; give one of them.", nameof(dynChunkTrainConfig));
        if (causal)
            return GetLookaheadMask(src);
        return dynChunkTrainConfig is null ? null : ChunkMask(src.shape[1], src.device, dynChunkTrainConfig);
    }

    /// <summary>
    /// All masks of a speech encoder and, with targets, of its decoder.
    /// </summary>
    /// <param name="src"><c>[batch, T, ...]</c>, the encoder's input; only its sizes and device matter.</param>
    /// <param name="tgt"><c>[batch, U]</c>, target tokens; null: no decoder.</param>
    /// <param name="wavLen">
    /// <c>[batch]</c>, relative lengths (0 to 1) on <paramref name="src"/>'s device; absolute ones are <see cref="AbsoluteLengths"/>. Null: no padding.
    /// </param>
    /// <param name="padIdx">The padding token of <paramref name="tgt"/>.</param>
    /// <param name="causal">As in <see cref="MakeTransformerSrcMask"/>.</param>
    /// <param name="dynChunkTrainConfig">As in <see cref="MakeTransformerSrcMask"/>.</param>
    /// <returns>The masks; <b>True = masked</b> in the bool ones.</returns>
    /// <remarks>
    /// <code>
    /// SrcKeyPaddingMask at T = 5, wavLen = [1.0, 0.6, 0.2, 0.5]      (0.5 * 5 rounds to 2)
    ///     False False False False False
    ///     False False False True  True
    ///     False True  True  True  True
    ///     False False True  True  True
    /// </code>
    /// SpeechBrain 1.1.0, <c>speechbrain/lobes/models/transformer/TransformerASR.py, make_transformer_src_tgt_masks</c>. Deviation: the padding
    /// mask is T wide; SpeechBrain makes it as wide as the longest item, so that a batch without an item of full length fails in the
    /// attention (https://github.com/speechbrain/speechbrain/issues/2344).
    /// </remarks>
    /// <exception cref="ArgumentException">Wrong ranks, batch sizes, devices or lengths, or causal together with chunks.</exception>
    public static TransformerMasks MakeTransformerSrcTgtMasks(
        Tensor src, Tensor? tgt = null, Tensor? wavLen = null, long padIdx = 0, bool causal = false, DynChunkTrainConfig? dynChunkTrainConfig = null)
    {
        Require.MinimumRank(src, nameof(src), "[batch, time, ...]", 2);
        long batch = src.shape[0], time = src.shape[1];
        if (wavLen is not null)
        {
            RequireRelativeLengths(wavLen, nameof(wavLen), batch);
            Require.SameDevice(wavLen, nameof(wavLen), src, nameof(src));
        }
        if (tgt is not null)
        {
            Require.Rank(tgt, nameof(tgt), "[batch, tokens]", 2);
            Require.Size(tgt, nameof(tgt), 0, batch, "the batch size of src");
        }

        var srcMask = MakeTransformerSrcMask(src, causal, dynChunkTrainConfig);
        Tensor? srcKeyPadding = null;
        if (wavLen is not null)
        {
            using var absolute = AbsoluteLengths(wavLen, time);
            srcKeyPadding = GetMaskFromLengths(absolute, time);
        }
        return new TransformerMasks(
            srcKeyPadding, tgt is null ? null : GetKeyPaddingMask(tgt, padIdx), srcMask, tgt is null ? null : GetLookaheadMask(tgt));
    }

    private static Tensor ChunkMask(long time, Device device, DynChunkTrainConfig config)
    {
        if (time == 0)
            return empty([0L, 0], ScalarType.Bool, device);
        using var scope = NewDisposeScope();
        // All rows of a chunk are equal, so the comparisons run over [chunks, time] and each row is then repeated for its chunk:
        // time^2 cells are written once, and compared never.
        long size = Math.Min(config.ChunkSize, time);
        long chunks = (time + size - 1) / size;
        var column = arange(time, ScalarType.Int64, device).unsqueeze(0);
        var begin = arange(0, chunks * size, size, ScalarType.Int64, device).unsqueeze(1);
        var masked = column.ge(begin.add(size));
        // A left context of chunks - 1 or more reaches the first frame from everywhere.
        if (config.LeftContextSize is { } left && left < chunks - 1)
            masked = masked.logical_or_(column.lt(begin.sub(left * size)));
        return masked.unsqueeze(1).expand(chunks, size, time).reshape(chunks * size, time).narrow(0, 0, time).MoveToOuterDisposeScope();
    }
}
