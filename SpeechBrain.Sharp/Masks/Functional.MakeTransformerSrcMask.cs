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
    /// <param name="cache">
    /// Where masks of repeated shapes come from, for example <see cref="MaskCache.Shared"/>: a view of shared memory, not to be written into. Null:
    /// a new mask, the caller's own.
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
    public static Tensor? MakeTransformerSrcMask(
        Tensor src, bool causal = false, DynChunkTrainConfig? dynChunkTrainConfig = null, MaskCache? cache = null)
    {
        Require.MinimumRank(src, nameof(src), "[batch, time, ...]", 2);
        if (causal && dynChunkTrainConfig is not null)
            throw new ArgumentException(
                $"causal attention and chunks of {dynChunkTrainConfig.ChunkSize} frames exclude each other; give one of them.", nameof(dynChunkTrainConfig));
        if (causal)
            return GetLookaheadMask(src, cache);
        if (dynChunkTrainConfig is null)
            return null;
        return cache is null
            ? ChunkMask(src.size(1), src.device, dynChunkTrainConfig)
            : cache.Get(src.size(1), dynChunkTrainConfig, src.device, MaskForm.Bool, ScalarType.Bool);
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
    /// <param name="cache">As in <see cref="MakeTransformerSrcMask"/>, for the masks that depend on a shape alone.</param>
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
        Tensor src, Tensor? tgt = null, Tensor? wavLen = null, long padIdx = 0, bool causal = false, DynChunkTrainConfig? dynChunkTrainConfig = null,
        MaskCache? cache = null)
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

        var srcMask = MakeTransformerSrcMask(src, causal, dynChunkTrainConfig, cache);
        Tensor? srcKeyPadding = null;
        if (wavLen is not null)
        {
            using var absolute = AbsoluteLengths(wavLen, time);
            srcKeyPadding = GetMaskFromLengths(absolute, time);
        }
        return new TransformerMasks(
            srcKeyPadding, tgt is null ? null : GetKeyPaddingMask(tgt, padIdx), srcMask, tgt is null ? null : GetLookaheadMask(tgt, cache));
    }

    /// <summary>The chunk mask of a length, new memory.</summary>
    internal static Tensor ChunkMask(long time, Device device, DynChunkTrainConfig config)
    {
        if (time == 0)
            return empty([0L, 0], ScalarType.Bool, device);
        using var scope = NewDisposeScope();
        // All rows of a chunk are equal, and a chunk's row is that of the chunk before it, moved by the size of a chunk. So one vector holds every
        // row: the frames seen lie in it once, and chunk k's row begins (chunks - 1 - k) chunks into it. Strides can't go backwards, so the chunks
        // are laid out last one first, as a view, and the one pass over time^2 cells that writes the mask turns them round.
        //
        // 3 chunks of 2 with a left context of 1:     v = T T F F F F T T T T
        //                                 chunk 2         T T F F F F
        //                                 chunk 1             F F F F T T
        //                                 chunk 0                 F F T T T T
        long size = Math.Min(config.ChunkSize, time);
        long chunks = (time + size - 1) / size, last = (chunks - 1) * size;
        long seen = config.LeftContextSize is { } left && left < chunks ? last - left * size : 0;
        var row = ones(last + time, ScalarType.Bool, device);
        row.narrow(0, seen, last + size - seen).zero_();
        return row.as_strided([chunks, size, time], [size, 0, 1]).flip(0).reshape(chunks * size, time).narrow(0, 0, time).MoveToOuterDisposeScope();
    }
}
